"""Configuration: precedence, and an error that names file, key and allowed values for every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.cli import run
from briefing.config import load_config
from briefing.errors import ConfigError


def write(folder: Path, text: str) -> Path:
    path = folder / "briefing.toml"
    path.write_text(text, "utf-8")
    return path


def test_defaults_hold_where_nothing_is_said() -> None:
    config = load_config(environment={})
    assert (config.summary.engine, config.summary.max_chars) == ("clauses", 150)
    assert len(config.areas) == 12


def test_flags_beat_environment_beats_file_beats_defaults(tmp_path: Path) -> None:
    path = write(tmp_path, "[summary]\nmax_chars = 100\nmax_sentences = 2\n[limits]\nmax_items = 7\n")
    config = load_config(
        path,
        environment={"BRIEFING_SUMMARY_MAX_CHARS": "110", "BRIEFING_LIMITS_MAX_ITEMS": "8"},
        flags={"summary": {"max_chars": 120, "engine": None}},
    )
    assert config.summary.max_chars == 120
    assert config.limits.max_items == 8
    assert config.summary.max_sentences == 2
    assert config.summary.engine == "clauses"


def test_file_in_the_current_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, '[briefing]\noffice = "青石县政府办公室"\n')
    monkeypatch.chdir(tmp_path)
    assert load_config(environment={}).briefing.office == "青石县政府办公室"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("[summary]\nmax_char = 3\n", ["summary.max_char", "max_sentences"], id="unknown key"),
        pytest.param("[sumary]\nmax_chars = 90\n", ["[sumary]", "summary"], id="unknown table"),
        pytest.param('[summary]\nmax_chars = "90"\n', ["summary.max_chars", "int"], id="wrong type"),
        pytest.param("[summary]\nmax_chars = 5\n", ["summary.max_chars", "30"], id="out of range"),
        pytest.param('[[areas]]\ntopic = "体育"\nname = "体育"\n', ["体育", "文化旅游"], id="unknown topic"),
        pytest.param(
            '[[areas]]\ntopic = "其他"\nname = "a"\n[[areas]]\ntopic = "其他"\nname = "b"\n',
            ["其他"],
            id="topic twice",
        ),
        pytest.param("[summary\n", ["TOML"], id="not TOML"),
        pytest.param("summary = 3\n", ["summary"], id="value in a table's place"),
    ],
)
def test_a_mistake_names_file_key_and_what_is_allowed(tmp_path: Path, text: str, named: list[str]) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_config(path, environment={})
    assert caught.value.source.startswith(str(path))
    for part in named:
        assert part in caught.value.en
    assert caught.value.zh


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("# a\n[summary]\nmax_sentences = 2\nmax_char = 3\n", 4, id="unknown key"),
        pytest.param("[run]\nformats = [\n'md',\n]\n[summary]\nmax_chars = 5\n", 6, id="out of range"),
        pytest.param("\n\n[sumary]\nmax_chars = 90\n", 3, id="unknown table"),
        pytest.param("\nsummary = 3\n", 2, id="value in a table's place"),
        pytest.param(
            '[[editions]]\nname = "a"\n[[editions]]\nname = "b"\ntime = "25:00"\n', 5, id="second table"
        ),
        pytest.param('[[areas]]\ntopic = "其他"\n', 1, id="key that is missing"),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_config(path, environment={})
    assert caught.value.source == f"{path}:{line}"


FEED = '[[sources]]\nkind = "feed"\nname = "a"\nurl = "https://example.org/a.xml"\n'
GROUP = '[[deliver]]\nkind = "wecom"\nname = "科室群"\nurl_env = "WECOM"\n'


@pytest.mark.parametrize(
    ("text", "line", "named"),
    [
        pytest.param(FEED + "[[sources]]\nkind = 'fed'\nname = 'b'\n", 6, ["feed", "imap"], id="no such kind"),
        pytest.param(FEED + "retrys = 3\n", 5, ["retrys", "retries"], id="unknown key of a source"),
        pytest.param(FEED + "retries = 30\n", 5, ["retries", "10"], id="value out of range"),
        pytest.param(FEED + "respect_robots = 'no'\n", 5, ["respect_robots", "bool"], id="wrong type"),
        pytest.param(FEED + "allow_addresses = ['hier']\n", 5, ["allow_addresses"], id="no network"),
        pytest.param(FEED + FEED, 7, ["two sources", "'a'"], id="two sources of one name"),
        pytest.param(GROUP + "\nkeyword = '简报'\n", 6, ["keyword", "url_env"], id="key of another kind"),
        pytest.param(GROUP + GROUP, 7, ["two channels"], id="two channels of one name"),
        pytest.param(GROUP + "editions = ['晚报']\n", 5, ["晚报", "daily"], id="channel of no edition"),
        pytest.param('# x\n[schedule]\nzone = "Asia/Peking"\n', 3, ["Asia/Shanghai"], id="no such zone"),
        pytest.param('[[editions]]\nname = "a"\n[[editions]]\nname = "a"\n', 4, ["twice"], id="edition twice"),
        pytest.param(
            '[[editions]]\nname = "a"\nsources = ["b"]\n', 3, ["editions.a.sources"], id="edition of no source"
        ),
        pytest.param('[digest]\neditions = ["a"]\n', 2, ["digest.editions"], id="digest of no edition"),
    ],
)
def test_mistakes_in_tables_of_several_kinds_name_their_line(
    tmp_path: Path, text: str, line: int, named: list[str]
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_config(path, environment={})
    assert caught.value.source == f"{path}:{line}"
    for words in named:
        assert words in caught.value.en


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        pytest.param(
            GROUP + 'url = "https://robot.example/send?key=s3cret"\n', "url_env", id="address of a robot"
        ),
        pytest.param(GROUP + 'token = "s3cret"\n', "url_file", id="token"),
        pytest.param(
            '[[deliver]]\nkind = "webhook"\nname = "b"\nurl = "https://x.example/in?token=s3cret"\n',
            "url_file",
            id="token in an address",
        ),
        pytest.param(
            '[[sources]]\nkind = "imap"\nname = "c"\nhost = "h"\nuser = "u"\npassword = "s3cret"\n',
            "password_env",
            id="password of a mailbox",
        ),
        pytest.param(
            '[[sources]]\nkind = "feed"\nname = "d"\nurl = "https://u:s3cret@example.org/a.xml"\n',
            "an address without it",
            id="login in an address",
        ),
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, text: str, instead: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, text), environment={})
    assert instead in caught.value.en
    assert "s3cret" not in str(caught.value)


def test_config_check_says_which_secrets_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All of them at once, each with what to do; a channel that is switched off needs none."""
    key = tmp_path / "key.txt"
    key.write_text("s3cret\n", "utf-8")
    key.chmod(0o644)
    off = GROUP.replace("科室群", "停用").replace("WECOM", "NONE") + "enabled = false\n"
    mail = f'[[sources]]\nkind = "imap"\nname = "信箱"\nhost = "h"\nuser = "u"\npassword_file = "{key}"\n'
    path = write(tmp_path, GROUP + off + mail)
    monkeypatch.delenv("WECOM", raising=False)
    assert run(["config", "check", "--config", str(path)]) == 2
    said = capsys.readouterr().err
    assert "WECOM" in said
    assert f"chmod 600 {key}" in said
    assert "NONE" not in said
    monkeypatch.setenv("WECOM", "https://robot.example/send?key=s3cret")
    key.chmod(0o600)
    assert run(["config", "check", "--config", str(path)]) == 0
    assert "s3cret" not in "".join(capsys.readouterr())


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "none.toml", environment={})
    assert "none.toml" in str(caught.value)


def test_unknown_variables_of_a_table_are_errors_and_other_variables_are_free() -> None:
    with pytest.raises(ConfigError, match="BRIEFING_SUMMARY_MAX_CHAR"):
        load_config(environment={"BRIEFING_SUMMARY_MAX_CHAR": "90"})
    load_config(environment={"BRIEFING_DATA": "somewhere", "BRIEFING_LANG": "zh"})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param(
            '[schedule]\nzone = "Asia/Peking"\n', ["schedule.zone", "Asia/Shanghai"], id="no such zone"
        ),
        pytest.param('[[editions]]\nname = "a"\ntime = "25:00"\n', ["editions[0].time"], id="no such time"),
        pytest.param('[[editions]]\nname = "../x"\n', ["editions[0].name"], id="name that leaves the folder"),
        pytest.param(
            '[[editions]]\nname = "a"\n[[editions]]\nname = "a"\n', ["twice", "a"], id="edition twice"
        ),
        pytest.param(
            '[[editions]]\nname = "a"\nsources = ["b"]\n', ["editions.a.sources", "b"], id="no such source"
        ),
        pytest.param('[[editions]]\nname = "a"\ndays = []\n', ["editions.a.days", "workdays"], id="never"),
        pytest.param("editions = []\n", ["at least one"], id="no edition"),
        pytest.param("[run]\nmemory_days = -1\n", ["run.memory_days"], id="negative memory"),
    ],
)
def test_mistakes_about_scheduled_runs_are_named(tmp_path: Path, text: str, named: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, text), environment={})
    assert str(tmp_path / "briefing.toml") in str(caught.value)
    for words in named:
        assert words in caught.value.en

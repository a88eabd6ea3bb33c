"""The shipped JSON schema, the template and every example in the documents say the same as the loader."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from briefing.cli import run
from briefing.config import config_schema, default_text, load_config
from briefing.errors import ConfigError

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "README.zh.md"]
EXAMPLES = [
    pytest.param(match.group(1), id=f"{page.name} {number}")
    for page in PAGES
    for number, match in enumerate(re.finditer(r"^```toml\n(.*?)^```", page.read_text("utf-8"), re.M | re.S), 1)
]


def whole(text: str) -> dict[str, Any]:
    """A configuration with the defaults filled in: the schema describes what is in force, a file may say less."""
    found: dict[str, Any] = tomllib.loads(default_text())
    for table, value in tomllib.loads(text).items():
        found[table] = {**found[table], **value} if isinstance(value, dict) and table in found else value
    return found


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = config_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("text", [pytest.param("", id="defaults"), *EXAMPLES])
def test_examples_pass_schema_and_loader(
    validator: jsonschema.Draft202012Validator, tmp_path: Path, text: str
) -> None:
    validator.validate(whole(text))
    path = tmp_path / "briefing.toml"
    path.write_text(text, "utf-8")
    load_config(path, environment={})


FEED = '[[sources]]\nkind = "feed"\nname = "a"\nurl = "https://example.org/a.xml"\n'
GROUP = '[[deliver]]\nkind = "wecom"\nname = "b"\nurl_env = "W"\n'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[summary]\nmax_char = 3\n", id="unknown key"),
        pytest.param("[sumary]\nmax_chars = 90\n", id="unknown table"),
        pytest.param('[summary]\nmax_chars = "90"\n', id="wrong type"),
        pytest.param("[summary]\nmax_chars = 5\n", id="out of range"),
        pytest.param('[[editions]]\nname = "a"\ntime = "25:00"\n', id="no such time"),
        pytest.param('[[editions]]\nname = "a"\ndays = ["montag"]\n', id="no such weekday"),
        pytest.param(FEED.replace("feed", "fed"), id="no such kind of source"),
        pytest.param(FEED + "retries = 30\n", id="source value out of range"),
        pytest.param(FEED + "retrys = 3\n", id="unknown key of a source"),
        pytest.param(FEED.replace("https://", "ftp://"), id="address of another scheme"),
        pytest.param(GROUP + 'password = "x"\n', id="secret in the file"),
        pytest.param(GROUP.replace("wecom", "pager"), id="no such kind of channel"),
        pytest.param(
            '[[deliver]]\nkind = "email"\nname = "m"\nhost = "h"\nsender = "a@b.cn"\n', id="no receiver"
        ),
        pytest.param('[log]\nformat = "xml"\n', id="value that is none of those allowed"),
    ],
)
def test_schema_and_loader_refuse_the_same(
    validator: jsonschema.Draft202012Validator, tmp_path: Path, text: str
) -> None:
    assert not validator.is_valid(whole(text))
    path = tmp_path / "briefing.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError):
        load_config(path, environment={})


def test_the_template_of_init_passes(
    validator: jsonschema.Draft202012Validator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init"]) == 0
    [written] = tmp_path.glob("*.toml")
    validator.validate(whole(written.read_text("utf-8")))

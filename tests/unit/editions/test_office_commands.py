"""The commands of an office with a store, as a newcomer and as the person on duty types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefing.cli import run
from briefing.editions import RunRequest, Workplace, run_edition
from briefing.editions.workplace import Workplace as Place
from briefing.store.database import open_store
from tests.unit.editions.made_sources import DAY, MadeClock, config, daily

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRIEFING_LANG", "en")

    def typed(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return typed


def edition(folder: Path, settings: str = "", *, redo: bool = False) -> Place:
    clock = MadeClock(datetime(2026, 3, 4, 23, tzinfo=UTC))
    place = Workplace(config(folder, settings), folder, clock.clock(), sources=[daily("a", "青禾日报")])
    run_edition(place, RunRequest("", DAY))
    if redo:
        run_edition(place, RunRequest("", DAY, True))
    return place


NEEDS_A_STORE = [
    ("status",),
    ("runs",),
    ("approve", "2026-03-05"),
    ("deliver",),
    ("digest", "--week", "2026-W09"),
    ("store", "backup", "copy.db"),
    ("store", "vacuum"),
    ("store", "export", "2026-03-05"),
]


@pytest.mark.parametrize("arguments", [pytest.param(a, id=" ".join(a)) for a in NEEDS_A_STORE])
def test_before_the_first_run_each_says_what_to_do(
    command: Command, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    code, out, err = command(*arguments)
    assert (code, out) == (1, "")
    assert "briefing run" in err
    assert len(err.strip().splitlines()) == 1
    assert not list(tmp_path.glob("**/*.db"))


WRONG = [
    pytest.param(("approve", "5.3."), "2026-11-23", id="no date"),
    pytest.param(("approve", "2026-03-06"), "2026-03-06", id="no edition of that day"),
    pytest.param(("approve", "2026-03-05"), "gone out", id="approved already"),
    pytest.param(("runs", "--edition", "evening"), "daily", id="no such edition"),
    pytest.param(("runs", "-n", "0"), "1<=x<=1000", id="no number of runs"),
    pytest.param(("store", "export", "2026-03-05", "--version", "9"), "1", id="no such version"),
    pytest.param(("store", "export", "2026-03-05", "--format", "xls"), "xls", id="no such format"),
    pytest.param(("store", "backup", "."), "directory", id="a folder for a file"),
    pytest.param(("store", "backup", "briefing.toml/copy.db"), "briefing.toml", id="a file for a folder"),
    pytest.param(("status", "--config", "none.toml"), "none.toml", id="no such configuration"),
]


@pytest.mark.parametrize(("arguments", "named"), WRONG)
def test_wrong_usage_is_told_in_one_place(
    command: Command, tmp_path: Path, arguments: tuple[str, ...], named: str
) -> None:
    edition(tmp_path)
    code, out, err = command(*arguments)
    assert code in (1, 2)
    assert out == ""
    assert named in err
    assert "Traceback" not in err


def test_status_and_runs_tell_what_is_so(command: Command, tmp_path: Path) -> None:
    edition(tmp_path, redo=True)
    code, out, _ = command("status", "--json")
    told = json.loads(out)
    assert (code, told["healthy"], told["running"], told["held"]) == (0, True, False, [])
    assert [(e["name"], e["last_good_day"]) for e in told["editions"]] == [("daily", DAY.isoformat())]
    assert [s["name"] for s in told["sources"]] == ["a"]
    _, out, _ = command("runs", "--json")
    assert [json.loads(line)["version"] for line in out.splitlines()] == [2, 1]
    code, out, _ = command("runs", "-n", "1")
    assert (code, len(out.splitlines())) == (0, 1)
    assert "daily 2026-03-05 v2" in out


def test_status_says_which_years_are_guessed(command: Command, tmp_path: Path) -> None:
    edition(tmp_path)
    days = "".join(f"{y}-01-04 班\n" for y in range(2025, 2061))
    (tmp_path / "days.txt").write_text(days, "utf-8")
    _, out, err = command("status", "--json")
    guessed = json.loads(out)["years_without_calendar"]
    assert all(f"no published calendar for {year}" in err for year in guessed)
    (tmp_path / "briefing.toml").write_text('[schedule]\ncalendar = "days.txt"\n', "utf-8")
    _, out, err = command("status", "--json")
    assert (json.loads(out)["years_without_calendar"], err) == ([], "")


def test_a_draft_is_seen_approved_and_gone(command: Command, tmp_path: Path) -> None:
    edition(tmp_path, "[run]\ndraft = true\n")
    assert "waits for approval: daily 2026-03-05 v1" in command("status")[1]
    assert not (tmp_path / "out").exists()
    code, out, err = command("approve", "2026-03-05", "--by", "李审")
    assert code == 0
    assert [Path(line).name for line in out.splitlines()] == ["briefing.md", "briefing.html", "briefing.json"]
    assert all(Path(line).is_file() for line in out.splitlines())
    assert "approved by 李审" in err
    assert "waits" not in command("status")[1]


def test_a_backup_is_a_store_and_an_export_is_the_version_asked_for(command: Command, tmp_path: Path) -> None:
    place = edition(tmp_path, redo=True)
    assert command("store", "backup", "copy.db")[0] == 0
    with open_store(place.store_path) as store, open_store(tmp_path / "copy.db") as copy:
        rows = "SELECT day, version FROM editions ORDER BY version"
        assert [tuple(r) for r in copy.rows(rows)] == [tuple(r) for r in store.rows(rows)] != []
    code, out, err = command("store", "export", "2026-03-05", "--version", "1", "--format", "md,json")
    assert code == 0
    assert "version 1" in err
    assert sorted(Path(p).suffix for p in out.splitlines()) == [".json", ".md"]
    code, out, _ = command("store", "vacuum")
    assert (code, "->" in out) == (0, True)

"""增刊: several a day beside the regular issue, none replacing another's files or number."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from briefing import cli

TEXT = "青石市出台托育补贴办法\n\n青石市人民政府11月20日印发办法，对普惠托育机构每个托位每月补贴300元。\n"


Made = tuple[int, dict[str, object]]


@pytest.fixture
def make(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Made]:
    source = tmp_path / "公告.txt"
    source.write_text(TEXT, "utf-8")
    config = tmp_path / "briefing.toml"
    config.write_text('[layout]\nnumber = "auto"\n', "utf-8")

    def run(*more: str) -> Made:
        words = ["make", str(source), "--date", "2026-11-23", "--out", str(tmp_path / "out"), "--json"]
        words += ["--config", str(config), "--engine", "lead", "--format", "json", "--quiet", *more]
        code = cli.run(words)
        said = capsys.readouterr()
        return code, json.loads(said.out) if code == 0 else {"error": said.err}

    return run


def number(made: Made) -> object:
    assert made[0] == 0, made
    return made[1]["issue_number"]


def test_supplements_of_a_day_stand_beside_the_regular_issue(make: Callable[..., Made], tmp_path: Path) -> None:
    regular = number(make("--issue", "2026年第25期（总第325期）"))
    first = number(make("--supplement", "1", "--issue", "2026年增刊第1期"))
    second = number(make("--supplement", "2"))
    assert (regular, first, second) == ("2026年第25期（总第325期）", "2026年增刊第1期", "2026年增刊第2期")
    for name, label in (("", regular), ("-supplement", first), ("-supplement-2", second)):
        kept = tmp_path / "out" / f"2026-11-23{name}" / "briefing.json"
        assert str(label) in kept.read_text("utf-8")


def test_same_supplement_again_keeps_its_number(make: Callable[..., Made]) -> None:
    number(make("--supplement", "1", "--issue", "2026年增刊第1期"))
    assert number(make("--supplement", "2")) == "2026年增刊第2期"
    assert number(make("--supplement", "2")) == "2026年增刊第2期"
    assert number(make("--supplement", "1")) == "2026年增刊第1期"
    assert number(make("--supplement", "3")) == "2026年增刊第3期"


def test_failed_supplement_leaves_no_gap(make: Callable[..., Made], tmp_path: Path) -> None:
    number(make("--supplement", "1", "--issue", "2026年增刊第1期"))
    (tmp_path / "out" / "2026-11-23-supplement-2").write_text("a file stands where the folder would", "utf-8")
    assert make("--supplement", "2")[0] != 0
    assert number(make("--supplement", "3")) == "2026年增刊第2期"

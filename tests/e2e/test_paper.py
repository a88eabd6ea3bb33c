"""Official layout from the command line: ready layouts, issue numbers, a format that cannot be made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from briefing import fonts, resources

SAMPLE = str(resources.find("samples", "liaocheng-daily-page.txt"))
CONFIG = """
[briefing]
office = "青石县政府办公室"
[layout]
number = "auto"
send_to = ["县直各部门"]
editor = "甲"
checker = "乙"
signer = "丙"
copies = 30
"""


def run(
    folder: Path, *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "briefing", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
    )


def make(folder: Path, day: str, *arguments: str) -> dict[str, object]:
    done = run(folder, "make", SAMPLE, "--date", day, "--format", "md", "--json", "-q", *arguments)
    assert done.returncode == 0, done.stderr
    report: dict[str, object] = json.loads(done.stdout)
    return report


def test_numbers_are_counted_from_the_first_that_the_office_gives(tmp_path: Path) -> None:
    (tmp_path / "briefing.toml").write_text(CONFIG, "utf-8")
    first = make(tmp_path, "2024-04-02")
    assert first["issue_number"] == ""
    assert {"zh": "期号", "key": "briefing.issue_number"} in first["pending"]  # type: ignore[operator]
    given = make(tmp_path, "2024-04-02", "--issue", "2024年第25期（总第325期）")
    assert given["issue_number"] == "2024年第25期（总第325期）"
    assert given["pending"] == []
    assert make(tmp_path, "2024-04-03")["issue_number"] == "2024年第26期（总第326期）"
    (tmp_path / "out" / "2024-04-04").mkdir()
    (tmp_path / "out" / "2024-04-04" / "briefing.md").write_text("edited", "utf-8")
    refused = run(tmp_path, "make", SAMPLE, "--date", "2024-04-04", "--format", "md", "-q")
    assert refused.returncode == 1
    assert make(tmp_path, "2024-04-05")["issue_number"] == "2024年第27期（总第327期）"
    assert make(tmp_path, "2024-04-03")["issue_number"] == "2024年第26期（总第326期）"


@pytest.mark.parametrize(
    "error",
    [
        pytest.param("ModuleNotFoundError(name='weasyprint')", id="package"),
        pytest.param("OSError('pango')", id="library"),
    ],
)
def test_without_the_pdf_libraries_the_other_formats_come_out(tmp_path: Path, error: str) -> None:
    # The library is installed here: a module of its name that fails as it does where it is not.
    (tmp_path / "shadow").mkdir()
    (tmp_path / "shadow" / "weasyprint.py").write_text(f"raise {error}\n")
    done = run(
        tmp_path,
        *("make", SAMPLE, "--date", "2024-04-02", "--format", "md,pdf,html"),
        environment={"PYTHONPATH": str(tmp_path / "shadow")},
    )
    assert done.returncode == 3, done.stderr
    assert "apt install libpango" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(p.name for p in (tmp_path / "out" / "2024-04-02").glob("briefing.*")) == [
        "briefing.html",
        "briefing.md",
    ]
    only = run(
        tmp_path,
        *("make", SAMPLE, "--date", "2024-04-02", "--format", "pdf"),
        environment={"PYTHONPATH": str(tmp_path / "shadow")},
    )
    assert only.returncode == 1
    assert "Traceback" not in only.stderr


def test_a_layout_is_chosen_by_its_chinese_name_and_an_unknown_one_is_refused_at_once(tmp_path: Path) -> None:
    chosen = run(tmp_path, "make", SAMPLE, "--date", "2024-04-02", "--format", "md", "--layout", "要闻摘编")
    assert chosen.returncode == 0, chosen.stderr
    text = (tmp_path / "out" / "2024-04-02" / "briefing.md").read_text("utf-8")
    assert text.startswith("# 要闻摘编\n")
    assert "报：" not in text
    unknown = run(tmp_path, "make", SAMPLE, "--layout", "花报")
    assert unknown.returncode == 2
    assert "daily 每日要情" in unknown.stderr


def test_a_character_without_a_font_is_told_and_the_run_is_partial(tmp_path: Path) -> None:
    # Of Extension G, for which systems have no font yet; the doctor says the same.
    page = tmp_path / "page.txt"
    page.write_text(
        "青石县修复古桥\n\n本报讯（记者 周明远）4月1日，青石县启动古桥\U00030101修复工程，计划投资120万元，工期6个月，"
        "由县文物局\U00030101负责实施。工程完成后，古桥将免费开放，预计年接待游客3万人次。\n",
        "utf-8",
    )
    done = run(tmp_path, "make", str(page), "--date", "2024-04-02", "--format", "md,pdf")
    if "apt install libpango" in done.stderr:
        pytest.skip("Pango is not installed")
    assert "\U00030101" in (tmp_path / "out" / "2024-04-02" / "briefing.md").read_text("utf-8")
    if not fonts.missing_characters("\U00030101", fonts.installed_fonts()):
        pytest.skip("this machine has a font for it")
    assert done.returncode == 3
    assert "U+30101" in done.stderr

"""The doctor says what is missing, what to do about it in one command, and by its exit code whether it matters."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from briefing import doctor, fonts
from briefing.cli import run
from briefing.cli.doctor import command
from briefing.doctor import Part, State
from briefing.errors import ResourceError
from briefing.fonts import Charset, Face, InstalledFonts
from briefing.render import render_briefing
from tests.fixtures_briefing import make_briefing


def installed(*families: str, chars: str = "") -> InstalledFonts:
    charset = Charset.of((ord(c), ord(c) + 1) for c in chars)
    return InstalledFonts(tuple(Face((f,), Path("/f.otf"), 0, 400, charset) for f in families), "fontconfig")


OFFICE = tuple(role.office[0] for role in fonts.ROLES.values())


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine with every library, apt and a root user; its fonts are the test's to set."""
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(doctor, "_LIBRARIES", ())
    return monkeypatch


def test_an_office_machine_lacks_nothing(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    machine.setattr(fonts, "installed_fonts", lambda: installed(*OFFICE, chars="甲乙"))
    found = doctor.examine("甲乙", tmp_path)
    assert found.usable
    assert not found.install
    assert {p.state for p in found.parts} == {State.OK}


def test_a_bare_machine_is_told_one_command_for_all_fonts(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    machine.setattr(fonts, "installed_fonts", lambda: installed("DejaVu Sans", chars="甲"))
    found = doctor.examine("甲\U0002a6a5", tmp_path)
    assert not found.usable
    assert found.install.startswith("apt-get install -y ")
    assert {"texlive-lang-chinese", "fonts-noto-cjk", "fonts-hanazono"} <= set(found.install.split())
    assert [p.name for p in found.characters] == ["\U0002a6a5 U+2A6A5"]


def test_serif_in_the_place_of_fangsong_counts_as_missing(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    others = [o for o in OFFICE if "仿宋" not in o]
    machine.setattr(fonts, "installed_fonts", lambda: installed(*others, "Noto Serif CJK SC", chars="甲"))
    found = doctor.examine("甲", tmp_path)
    assert [p.name for p in found.parts if p.lacking] == ["仿宋"]
    assert found.install == "apt-get install -y texlive-lang-chinese"


def test_a_character_that_no_package_has_still_is_named(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    machine.setattr(fonts, "installed_fonts", lambda: installed(*OFFICE, chars="甲"))
    found = doctor.examine("甲\ue123", tmp_path)
    assert found.characters[0].state is State.MISSING
    assert "改用" in found.characters[0].zh
    assert not found.usable
    assert not found.install


def test_without_fontconfig_that_is_what_is_missing(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail() -> InstalledFonts:
        raise ResourceError("无法列出本机字体", "cannot list fonts")

    machine.setattr(fonts, "installed_fonts", fail)
    found = doctor.examine("甲", tmp_path)
    assert found.install == "apt-get install -y fontconfig"


@pytest.mark.parametrize(
    ("parts", "root", "apt", "line"),
    [
        pytest.param(
            [("a", ("x", "b"), "docx"), ("c", ("b",), "pdf-out")],
            False,
            True,
            "sudo apt-get install -y b x && pip install 'briefing[docx,pdf-out]'",
            id="packages and extras, each once",
        ),
        pytest.param([("a", (), "docx")], True, True, "pip install 'briefing[docx]'", id="only an extra"),
        pytest.param([("a", ("x",), "")], True, False, "# Debian: x", id="a system without apt"),
        pytest.param([], True, True, "", id="nothing"),
    ],
)
def test_one_line_installs_everything(
    parts: list[tuple[str, tuple[str, ...], str]],
    root: bool,
    apt: bool,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get" if apt else None)
    made = [Part(name, State.MISSING, True, "", "", packages, extra) for name, packages, extra in parts]
    assert doctor.install_command(made) == line


def _library(module: str) -> doctor._Library:
    return next(x for x in doctor._LIBRARIES if x.module == module)


def test_a_library_that_is_not_there_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    part = doctor._library(_library("docx"))
    assert (part.lacking, part.extra) == (True, "docx")
    assert not doctor._library(_library("torch")).lacking


def test_weasyprint_without_pango_asks_for_the_system_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_pango(name: str) -> None:
        raise OSError("cannot load library 'libpango-1.0-0': no such file\nmore lines")

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(importlib, "import_module", without_pango)
    part = doctor._library(_library("weasyprint"))
    assert part.lacking
    assert "libpango-1.0-0" in part.apt
    assert "more lines" not in part.zh


def test_every_extra_that_the_doctor_names_exists() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    assert all(library.extra in extras for library in doctor._LIBRARIES)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        pytest.param(".", State.OK, id="a folder"),
        pytest.param("new/er", State.OK, id="a folder still to be made"),
        pytest.param("file/below", State.MISSING, id="below a file"),
    ],
)
def test_the_output_folder_is_tried(name: str, state: State, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert doctor._output(tmp_path / name).state is state
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file"]


def test_the_command_reports_on_this_machine_and_the_characters_of_a_briefing(tmp_path: Path) -> None:
    path = tmp_path / "briefing.json"
    path.write_bytes(render_briefing(make_briefing(), "json").body)
    result = CliRunner().invoke(
        command, [str(path), "--out", str(tmp_path), "--json"], standalone_mode=False, catch_exceptions=False
    )
    found = json.loads(result.stdout)
    assert result.return_value == (0 if found["usable"] else 1)
    assert [p["name"] for p in found["found"]["fonts"]] == ["仿宋", "小标宋", "黑体", "楷体", "宋体"]
    assert found["found"]["output"]["state"] == "ok"
    assert bool(found["install"]) <= (not found["usable"])


def test_a_briefing_that_cannot_be_read_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", str(tmp_path / "none.json")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_lines_for_a_person_carry_signs_and_the_command(
    machine: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.setenv("BRIEFING_LANG", "zh")
    machine.setattr(fonts, "installed_fonts", lambda: installed("黑体", "AR PL UKai CN"))
    assert run(["doctor", "--out", str(tmp_path)]) == 1
    shown = capsys.readouterr().out
    assert "✓ 黑体" in shown
    assert "≈ 楷体" in shown
    assert "✗ 仿宋" in shown
    assert "补齐所缺" in shown

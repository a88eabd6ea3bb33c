"""Which font prints what: choice by role, characters without a glyph, fonts outside the usual folders."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from briefing import fonts
from briefing.errors import ResourceError
from briefing.fonts import Charset, Face, InstalledFonts, Role

HERE_IS_FONTCONFIG = shutil.which("fc-list") is not None


def face(*names: str, chars: str = "", weight: int = 400, registered: bool = True) -> Face:
    charset = Charset.of((ord(c), ord(c) + 1) for c in chars)
    return Face(names, Path(f"/fonts/{names[0]}.otf"), 0, weight, charset, registered)


def installed(*faces: Face) -> InstalledFonts:
    return InstalledFonts(faces, "fontconfig")


SONG = face("Noto Serif CJK SC", chars="镕昇玥字")
BLACK = face("Noto Serif CJK SC", weight=900)
FANDOL = face("FandolFang", "FandolFang R", chars="字", registered=False)


@pytest.mark.parametrize(
    ("role", "faces", "family", "office", "proper"),
    [
        pytest.param(
            Role.FANGSONG,
            (SONG, FANDOL, face("仿宋_GB2312")),
            "仿宋_GB2312",
            True,
            True,
            id="the office's own first",
        ),
        pytest.param(
            Role.FANGSONG, (face("fangsong"),), "FangSong", True, True, id="names without regard to case"
        ),
        pytest.param(Role.FANGSONG, (SONG, FANDOL), "FandolFang", False, True, id="a stand-in of that design"),
        pytest.param(Role.FANGSONG, (SONG,), "Noto Serif CJK SC", False, False, id="宋体 is no 仿宋"),
        pytest.param(Role.SONG, (SONG,), "Noto Serif CJK SC", False, True, id="Noto Serif is a 宋体"),
        pytest.param(Role.KAI, (face("DejaVu Sans"),), "", False, False, id="nothing Chinese at all"),
    ],
)
def test_the_best_font_that_is_here_prints_a_role(
    role: Role, faces: tuple[Face, ...], family: str, office: bool, proper: bool
) -> None:
    choice = fonts.choose(role, installed(*faces))
    assert (choice.family, choice.office, choice.proper) == (family, office, proper)
    assert (choice.face is None) == (not family)


def test_the_title_takes_the_heaviest_weight() -> None:
    assert fonts.choose(Role.TITLE, installed(SONG, BLACK)).face is BLACK


@pytest.mark.parametrize("role", [pytest.param(r, id=r.value) for r in Role])
def test_every_role_ends_on_a_font_with_rare_names(role: Role) -> None:
    names = fonts.families(role)
    assert names[0] in fonts.ROLES[role].office
    assert "Noto Serif CJK SC" in names
    assert len(names) == len(set(names))


def test_css_names_every_family_and_a_generic_one() -> None:
    value = fonts.css_families(Role.HEI, "sans-serif")
    assert value.startswith('"黑体", ')
    assert value.endswith(", sans-serif")


def test_only_fonts_that_programs_would_not_find_get_a_rule() -> None:
    rules = fonts.font_face_rules(installed(SONG, FANDOL, face("Other", registered=False)))
    assert rules.count("@font-face") == 1
    assert 'font-family: "FandolFang"' in rules
    assert 'url("file:///fonts/FandolFang.otf")' in rules


def test_characters_without_a_glyph_are_named_with_the_package_that_has_them() -> None:
    missing = fonts.missing_characters("字镕㛃䶮\U0002a6a5😀\ue000字", installed(SONG, FANDOL))
    assert [(m.code, m.package) for m in missing] == [
        ("U+36C3", "fonts-noto-cjk"),
        ("U+4DAE", "fonts-noto-cjk"),
        ("U+E000", ""),
        ("U+1F600", "fonts-noto-color-emoji"),
        ("U+2A6A5", "fonts-hanazono"),
    ]


def test_spaces_controls_and_selectors_need_no_glyph() -> None:
    assert not fonts.missing_characters("字 　\n\t\u200d\ufeff\ufe0f\U000e0101", installed(SONG))


@pytest.mark.parametrize(
    ("ranges", "inside", "outside"),
    [
        pytest.param([(65, 67), (67, 70)], "ABCDE", "@F", id="neighbours join"),
        pytest.param([(97, 98), (65, 66)], "Aa", "Bb`", id="any order"),
        pytest.param([(65, 91), (70, 75)], "AZ", "[", id="one inside another"),
        pytest.param([], "", "A", id="empty"),
    ],
)
def test_a_charset_holds_its_ranges(ranges: list[tuple[int, int]], inside: str, outside: str) -> None:
    charset = Charset.of(ranges)
    assert all(c in charset for c in inside)
    assert not any(c in charset for c in outside)


@pytest.mark.skipif(not HERE_IS_FONTCONFIG, reason="fontconfig is not installed")
def test_the_fonts_of_this_machine_are_listed_with_their_characters() -> None:
    found = fonts.installed_fonts()
    assert found.found_by == "fontconfig"
    assert found.faces
    assert all(f.families and f.file.is_file() for f in found.faces)
    chinese = [f for f in found.faces if "中" in f.charset]
    assert not chinese or not fonts.missing_characters("中文", found)


def test_without_fontconfig_the_font_files_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    source = made_font(tmp_path / "made.ttf")
    broken = tmp_path / "broken.otf"
    broken.write_bytes(b"no font")
    # The folders of a whole system take 15 s; one of the test's own shows the same.
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(fonts, "_system_fonts", lambda: iter([source, broken]))
    monkeypatch.setattr(fonts, "_tex_fonts", lambda: [])
    found = fonts.installed_fonts()
    assert found.found_by == "folders"
    assert [(f.families, f.weight) for f in found.faces] == [(("仿宋_GB2312",), 400)]
    assert fonts.choose(Role.FANGSONG, found).office
    assert [m.char for m in fonts.missing_characters("中文", found)] == ["文"]


def made_font(path: Path) -> Path:
    """A font of one character, 中, under an office font's name."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "zhong"])
    builder.setupCharacterMap({ord("中"): "zhong"})
    builder.setupGlyf({name: TTGlyphPen(None).glyph() for name in (".notdef", "zhong")})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "zhong": (1000, 0)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "仿宋_GB2312", "styleName": "Regular"})
    builder.setupOS2(usWeightClass=400)
    builder.setupPost()
    builder.save(path)
    return path


def test_a_listing_that_fails_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "fc-list"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(broken))
    with pytest.raises(ResourceError) as caught:
        fonts.installed_fonts()
    assert "fontconfig" in caught.value.zh

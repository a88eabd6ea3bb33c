"""Which fonts an official page is set in, which of them this machine has, and what none of them can print.

Office fonts are licensed and never shipped: a document names them first, and a stand-in prints where they
are missing. Every substitution, and every character without a glyph, can be told before anything is made.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from briefing.errors import ResourceError


class Role(StrEnum):
    """What a font is for; the value is what readers call it."""

    FANGSONG = "仿宋"  # body
    TITLE = "小标宋"  # masthead and titles
    HEI = "黑体"  # headings 一、
    KAI = "楷体"  # headings （一）, 编者按
    SONG = "宋体"  # page numbers; last resort of all others


@dataclass(frozen=True, slots=True)
class StandIn:
    """A free font for a role. `package`: the Debian package that brings it. `weight`: as in CSS."""

    family: str
    package: str
    weight: int = 400


@dataclass(frozen=True, slots=True)
class RoleFonts:
    """`office`: the first is what a Word file names; the others are the same design under other names.

    `stand_ins`: best first.
    """

    office: tuple[str, ...]
    stand_ins: tuple[StandIn, ...]


# Coverage measured on Debian 12 with fc-query: FandolFang, AR PL UKai CN, LXGW WenKai and the Noto CJK SC
# families hold all 6,763 characters of GB2312 and 〇; AR PL KaitiM GB lacks 〇.
ROLES: dict[Role, RoleFonts] = {
    Role.FANGSONG: RoleFonts(
        ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "方正仿宋_GBK", "FZFangSong-Z02", "STFangsong"),
        (StandIn("FandolFang", "texlive-lang-chinese"),),
    ),
    Role.TITLE: RoleFonts(
        (
            "方正小标宋简体",
            "FZXiaoBiaoSong-B05S",
            "方正小标宋_GBK",
            "FZXiaoBiaoSong-B05",
            "小标宋",
        ),
        (
            StandIn("Noto Serif CJK SC", "fonts-noto-cjk-extra", 900),
            StandIn("Noto Serif CJK SC", "fonts-noto-cjk", 700),
            StandIn("Source Han Serif SC", "", 700),
        ),
    ),
    Role.HEI: RoleFonts(
        ("黑体", "SimHei", "方正黑体_GBK", "FZHei-B01", "STHeiti"),
        (StandIn("Noto Sans CJK SC", "fonts-noto-cjk", 500), StandIn("Source Han Sans SC", "", 500)),
    ),
    Role.KAI: RoleFonts(
        ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "方正楷体_GBK", "FZKai-Z03", "STKaiti"),
        # AR PL UKai sets ， and 。 in the middle, as in Taiwan, its CN face too: last.
        (
            StandIn("FandolKai", "texlive-lang-chinese"),
            StandIn("LXGW WenKai", "fonts-lxgw-wenkai"),
            StandIn("AR PL UKai CN", "fonts-arphic-ukai"),
        ),
    ),
    Role.SONG: RoleFonts(
        ("宋体", "SimSun", "方正书宋_GBK", "FZShuSong-Z01", "STSong"),
        (StandIn("Noto Serif CJK SC", "fonts-noto-cjk"), StandIn("Source Han Serif SC", "")),
    ),
}

# Debian package that prints a range of characters; counts by fc-query on Debian 12. Noto Serif CJK SC has 6,582
# of the 6,592 characters of Extension A (㛃 and 䶮 among them) and 2,057 of Extension B; HanaMinB has all but
# nine of Extensions B to F. Debian 12 has no font for Extension G beyond a few characters.
_PACKAGES: tuple[tuple[int, int, str], ...] = (
    (0x2E80, 0x9FFF, "fonts-noto-cjk"),
    (0xF900, 0xFAFF, "fonts-noto-cjk"),
    (0xFE30, 0xFFEF, "fonts-noto-cjk"),
    (0x1F000, 0x1FAFF, "fonts-noto-color-emoji"),
    (0x20000, 0x2EBE0, "fonts-hanazono"),
)

# Where TeX distributions keep fonts that fontconfig is not told of.
_TEX_FOLDERS = (
    "/usr/share/texlive/texmf-dist",
    "/usr/share/texmf-dist",
    "/usr/share/texmf",
    "/usr/local/texlive/*/texmf-dist",
    "/Library/TeX/Root/texmf-dist",
    "C:/texlive/*/texmf-dist",
)
_FANDOL = "fonts/opentype/public/fandol/Fandol*.otf"
_SUFFIXES = {".ttf", ".ttc", ".otf", ".otc"}
# fontconfig's weight scale to the one of CSS and OpenType (fontconfig, FcWeightToOpenType).
_WEIGHTS = (
    (0, 100),
    (40, 200),
    (50, 300),
    (80, 400),
    (100, 500),
    (180, 600),
    (200, 700),
    (205, 800),
    (210, 900),
)
_FC_FORMAT = "%{file}\t%{index}\t%{family}\t%{weight}\t%{charset}\n"
_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Charset:
    """A set of code points as sorted, half-open ranges that do not touch."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, char: str) -> bool:
        code = ord(char)
        at = bisect_right(self.starts, code) - 1
        return at >= 0 and code < self.ends[at]

    @classmethod
    def of(cls, ranges: Iterable[tuple[int, int]]) -> Charset:
        """From half-open ranges in any order."""
        starts: list[int] = []
        ends: list[int] = []
        for start, end in sorted(ranges):
            if starts and start <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(start)
                ends.append(end)
        return cls(tuple(starts), tuple(ends))


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file. `registered`: programs find it by its name; others need `font_face_rules`."""

    families: tuple[str, ...]
    file: Path
    index: int
    weight: int
    charset: Charset
    registered: bool = True


@dataclass(frozen=True, slots=True)
class InstalledFonts:
    """`found_by`: "fontconfig" (what PDF and LibreOffice see) or "folders" (the system's font folders)."""

    faces: tuple[Face, ...]
    found_by: str

    def find(self, family: str, weight: int = 400) -> Face | None:
        """The face of `family` whose weight is nearest."""
        wanted = family.casefold()
        faces = [f for f in self.faces if wanted in (name.casefold() for name in f.families)]
        return min(faces, key=lambda f: (abs(f.weight - weight), f.weight), default=None)


@dataclass(frozen=True, slots=True)
class Choice:
    """What prints a role. `family` "" when nothing does; `office`: it is one of the office's own fonts.

    `proper` False: neither an office font nor a stand-in of that design, but the 宋体 that is always tried.
    """

    role: Role
    family: str
    face: Face | None
    office: bool
    proper: bool


@dataclass(frozen=True, slots=True)
class MissingCharacter:
    """A character that no font here can print. `package`: a Debian package that has it, "" if none is known."""

    char: str
    package: str

    @property
    def code(self) -> str:
        return f"U+{ord(self.char):04X}"


def families(role: Role) -> tuple[str, ...]:
    """Every family to ask for, in order: the office's, the stand-ins, the 宋体 that has the rare characters.

    The stand-in for 仿宋 lacks name characters such as 镕 昇 玥 喆, so each role ends on a large font.
    """
    own = ROLES[role]
    song = ROLES[Role.SONG]
    names = (*own.office, *(s.family for s in own.stand_ins), *(s.family for s in song.stand_ins))
    return tuple(dict.fromkeys(names))


def css_families(role: Role, generic: str = "serif") -> str:
    """`families(role)` as the value of CSS `font-family`."""
    return ", ".join([*(f'"{name}"' for name in families(role)), generic])


def installed_fonts() -> InstalledFonts:
    """Every font of this machine that can be used, those of a TeX distribution included.

    Raises ResourceError when there is no way to list them (neither fontconfig nor fontTools).
    """
    program = shutil.which("fc-list")
    if program:
        lines = _run([program, "--format", _FC_FORMAT])
        registered = [_read_line(line, registered=True) for line in lines]
        known = {face.file for face in registered}
        others = [p for p in _tex_fonts() if p not in known]
        query = shutil.which("fc-query")
        if others and query:
            lines = _run([query, "--format", _FC_FORMAT, *map(str, others)])
            registered += [_read_line(line, registered=False) for line in lines]
        return InstalledFonts(tuple(registered), "fontconfig")
    found = [f for path in _system_fonts() for f in _read_file(path, registered=True)]
    found += [f for path in _tex_fonts() for f in _read_file(path, registered=False)]
    return InstalledFonts(tuple(found), "folders")


def choose(role: Role, fonts: InstalledFonts) -> Choice:
    """The font that prints `role` here."""
    own = ROLES[role]
    for family in own.office:
        face = fonts.find(family)
        if face:
            return Choice(role, family, face, office=True, proper=True)
    for stand_in in own.stand_ins:
        face = fonts.find(stand_in.family, stand_in.weight)
        if face:
            return Choice(role, stand_in.family, face, office=False, proper=True)
    for stand_in in ROLES[Role.SONG].stand_ins:
        face = fonts.find(stand_in.family)
        if face:
            return Choice(role, stand_in.family, face, office=False, proper=False)
    return Choice(role, "", None, office=False, proper=False)


def font_face_rules(fonts: InstalledFonts) -> str:
    """CSS `@font-face` rules for the faces that a program would not find by name, as `file:` addresses.

    For making a PDF on this machine only: an HTML file that is given away must not name local files.
    """
    wanted = {name.casefold() for role in Role for name in families(role)}
    rules = []
    for face in fonts.faces:
        names = [n for n in face.families if n.casefold() in wanted]
        if not face.registered and names:
            rules.append(
                f'@font-face {{ font-family: "{names[0]}"; font-weight: {face.weight}; '
                f'src: url("{face.file.as_uri()}"); }}'
            )
    return "\n".join(rules)


def missing_characters(text: str, fonts: InstalledFonts) -> tuple[MissingCharacter, ...]:
    """Characters of `text` that no installed font has, each once, in the order of their codes.

    White space, controls and variation selectors need no glyph. Private-use characters mean something only to
    the font they were made for, so they count as missing wherever no font has them.
    """
    missing = []
    by_size = sorted(fonts.faces, key=lambda f: len(f.charset.starts), reverse=True)
    for char in sorted(set(text)):
        if char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Cs") or _is_selector(char):
            continue
        if not any(char in face.charset for face in by_size):
            missing.append(MissingCharacter(char, package_for(char)))
    return tuple(missing)


def package_for(char: str) -> str:
    """The Debian package with a font for `char`, "" when none is known."""
    return next((package for start, end, package in _PACKAGES if start <= ord(char) <= end), "")


def _is_selector(char: str) -> bool:
    return 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF


def _run(command: Sequence[str]) -> list[str]:
    try:
        # The program is fontconfig's own and the arguments are ours: no shell, no user text.
        done = subprocess.run(  # noqa: S603
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_TIMEOUT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as err:
        raise ResourceError(
            f"无法列出本机字体（{err}），请检查 fontconfig 的安装",
            f"cannot list the fonts of this machine ({err}): check the installation of fontconfig",
            source=str(command[0]),
        ) from err
    return [line for line in done.stdout.splitlines() if line.count("\t") == 4]


def _read_line(line: str, *, registered: bool) -> Face:
    file, index, names, weight, charset = line.split("\t")
    ranges = []
    for part in charset.split():
        start, _, end = part.partition("-")
        ranges.append((int(start, 16), int(end or start, 16) + 1))
    # Escaped commas do not occur in the families asked for here; splitting at each is enough.
    own = tuple(n.replace("\\-", "-") for n in names.split(",") if n)
    face_index = int(index) & 0xFFFF if index.lstrip("-").isdigit() else 0
    return Face(own, Path(file), face_index, _css_weight(weight), Charset.of(ranges), registered)


def _css_weight(weight: str) -> int:
    """Variable fonts give a range, `[0 210]`: they can be regular."""
    number = re.fullmatch(r"\d+(\.\d+)?", weight)
    if not number:
        return 400
    return min(_WEIGHTS, key=lambda pair: abs(pair[0] - float(weight)))[1]


def _tex_fonts() -> list[Path]:
    """FandolFang and its family, wherever TeX put them."""
    roots = [*_TEX_FOLDERS, str(Path.home() / "texmf")]
    found: list[Path] = []
    for root in roots:
        path = Path(root)
        if path.is_absolute():
            found += sorted(Path(path.anchor).glob(f"{path.relative_to(path.anchor).as_posix()}/{_FANDOL}"))
    return found


def _system_fonts() -> Iterator[Path]:
    """Font files in the folders where Windows, macOS and Linux keep them."""
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local"))
        folders = [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts", local / "Microsoft/Windows/Fonts"]
    elif sys.platform == "darwin":
        folders = [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    else:
        folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts"]
    for folder in folders:
        yield from sorted(p for p in folder.rglob("*") if p.suffix.lower() in _SUFFIXES)


def _read_file(path: Path, *, registered: bool) -> Iterator[Face]:
    """The faces of one font file; none when it cannot be read: other programs cannot use it either."""
    try:
        from fontTools.ttLib import TTCollection, TTFont, TTLibError
    except ModuleNotFoundError as err:
        raise ResourceError(
            "无法列出本机字体：请安装 fontconfig（apt-get install fontconfig），或 pip install fonttools",
            "cannot list fonts: install fontconfig (apt-get install fontconfig), or pip install fonttools",
            source="fontTools",
        ) from err
    try:
        # Opened here because fontTools leaves the file of a broken font open.
        with path.open("rb") as file:
            if path.suffix.lower() in (".ttc", ".otc"):
                fonts = list(TTCollection(file, lazy=True).fonts)
            else:
                fonts = [TTFont(file, lazy=True)]
            for index, font in enumerate(fonts):
                names = dict.fromkeys(n.toUnicode() for n in font["name"].names if n.nameID in (1, 16))
                charset = Charset.of((code, code + 1) for code in font.getBestCmap())
                weight = font["OS/2"].usWeightClass if "OS/2" in font else 400
                yield Face(tuple(names), path, index, weight, charset, registered)
    except (OSError, TTLibError, KeyError, UnicodeDecodeError, TypeError):
        return

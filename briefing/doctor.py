"""What this machine has and lacks for printed briefings, and the one command that brings the rest.

Looks only; installs nothing. Text that is checked for missing characters is passed in.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from briefing import fonts
from briefing.errors import BriefingError
from briefing.fonts import InstalledFonts, Role

# Characters of names that the stand-in for 仿宋 or smaller fonts lack: when nobody asks about a briefing, these
# are tried. The last two are of Extension A.
RARE_NAMES = "镕昇玥喆〇㛃䶮"
_PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")


class State(StrEnum):
    OK = "ok"
    STAND_IN = "stand-in"  # prints, in a free font of the same design
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing looked at. `needed`: without it a printed form is missing or wrong.

    `apt`, `extra`: the Debian packages and the extra of this program that bring it.
    """

    name: str
    state: State
    needed: bool
    zh: str
    en: str
    apt: tuple[str, ...] = ()
    extra: str = ""

    @property
    def lacking(self) -> bool:
        return self.needed and self.state is State.MISSING


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`install`: the command for everything needed that is missing; "" when nothing is."""

    fonts: tuple[Part, ...]
    characters: tuple[Part, ...]
    libraries: tuple[Part, ...]
    output: Part
    install: str

    @property
    def parts(self) -> tuple[Part, ...]:
        return (*self.fonts, *self.characters, *self.libraries, self.output)

    @property
    def usable(self) -> bool:
        return not any(part.lacking for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Library:
    module: str
    extra: str
    zh: str
    en: str
    needed: bool = False


# WeasyPrint is imported, because it fails only then without Pango; the others are looked up. LibreOffice is not
# among them: nothing but our tests uses it.
_LIBRARIES = (
    _Library("weasyprint", "pdf-out", "输出 PDF", "writing PDF", needed=True),
    _Library("docx", "docx", "输出、读取 Word", "writing and reading Word", needed=True),
    _Library("pypdfium2", "pdf", "读取 PDF", "reading PDF"),
    _Library("rapidocr", "ocr", "识别扫描件", "reading scans"),
    _Library("feedparser", "sources", "抓取来源", "fetching sources"),
    _Library("apscheduler", "schedule", "定时运行", "scheduled runs"),
    _Library("torch", "neural", "自备的大模型", "larger models of your own"),
)


def examine(text: str, output: Path) -> Diagnosis:
    """Everything that printing `text` into the folder `output` needs."""
    try:
        installed = fonts.installed_fonts()
        by_role = tuple(_role(role, installed) for role in Role)
        characters = tuple(_characters(text or RARE_NAMES, installed))
    except BriefingError as err:
        unknown = Part("fontconfig", State.MISSING, True, err.zh, err.en, ("fontconfig",))
        by_role, characters = (unknown,), ()
    libraries = tuple(_library(library) for library in _LIBRARIES)
    folder = _output(output)
    lacking = [p for p in (*by_role, *characters, *libraries) if p.lacking]
    return Diagnosis(by_role, characters, libraries, folder, install_command(lacking))


def _role(role: Role, installed: InstalledFonts) -> Part:
    choice = fonts.choose(role, installed)
    office = fonts.ROLES[role].office[0]
    if choice.office:
        return Part(role.value, State.OK, True, choice.family, choice.family)
    package = next(s.package for s in fonts.ROLES[role].stand_ins)
    if choice.proper:
        zh = f"没有 {office}，由 {choice.family} 代替"
        return Part(role.value, State.STAND_IN, True, zh, f"no {office}: {choice.family} stands in")
    instead = choice.family or "—"
    zh = f"没有 {office} 及其替代字体，只能用 {instead}"
    return Part(role.value, State.MISSING, True, zh, f"neither {office} nor a stand-in: {instead}", (package,))


def _characters(text: str, installed: InstalledFonts) -> Iterable[Part]:
    """A part for each character without a glyph; one that says so when there is none."""
    missing = fonts.missing_characters(text, installed)
    if not missing:
        count = len({c for c in text if not c.isspace()})
        yield Part("文字", State.OK, True, f"{count} 个不同的字都有字形", f"glyphs for all {count} characters")
    for found in missing:
        zh = "没有字体能印" + ("" if found.package else "，也不知哪个软件包有，请改用他字或造字")
        en = "no font prints it" + ("" if found.package else ", and no package is known to: use another")
        packages = (found.package,) if found.package else ()
        yield Part(f"{found.char} {found.code}", State.MISSING, True, zh, en, packages)


def _library(library: _Library) -> Part:
    apt: tuple[str, ...] = ()
    if importlib.util.find_spec(library.module) is not None:
        try:
            if library.needed:
                importlib.import_module(library.module)
        except (ImportError, OSError) as err:
            # OSError is how WeasyPrint says that Pango's libraries are not there.
            apt = _PANGO if library.module == "weasyprint" else ()
            reason = str(err).splitlines()[0]
            zh, en = f"{library.zh}：无法载入（{reason}）", f"{library.en}: does not load ({reason})"
            return Part(
                library.module, State.MISSING, library.needed, zh, en, apt, "" if apt else library.extra
            )
        version = _version(library.module)
        return Part(
            library.module, State.OK, library.needed, f"{library.zh} {version}", f"{library.en} {version}"
        )
    if library.module == "weasyprint":
        apt = _PANGO
    zh, en = f"{library.zh}：未安装", f"{library.en}: not installed"
    return Part(library.module, State.MISSING, library.needed, zh, en, apt, library.extra)


def _version(module: str) -> str:
    name = {"docx": "python-docx"}.get(module, module)
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _output(folder: Path) -> Part:
    """The nearest folder that exists has to take a file."""
    existing = next((p for p in (folder, *folder.absolute().parents) if p.exists()), folder)
    try:
        with tempfile.TemporaryFile(dir=existing):
            return Part(str(folder), State.OK, True, "可以写入", "can be written to")
    except OSError as err:
        why = err.strerror or str(err)
        return Part(str(folder), State.MISSING, True, f"不能写入（{why}）", f"cannot be written to ({why})")


def install_command(parts: Sequence[Part]) -> str:
    """One line for a shell that installs what `parts` lack; without apt, the packages by their Debian names."""
    packages = sorted({name for part in parts for name in part.apt})
    extras = sorted({part.extra for part in parts if part.extra})
    commands = []
    if packages and shutil.which("apt-get"):
        root = not hasattr(os, "geteuid") or os.geteuid() == 0
        commands.append(f"{'' if root else 'sudo '}apt-get install -y {' '.join(packages)}")
    if extras:
        commands.append(f"pip install 'briefing[{','.join(extras)}]'")
    line = " && ".join(commands)
    if packages and not shutil.which("apt-get"):
        line += f"{'  ' if line else ''}# Debian: {' '.join(packages)}"
    return line

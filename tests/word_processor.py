"""LibreOffice lays out Word files, in the fonts that stand in for the office's own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from briefing import fonts
from briefing.fonts import Role

_PROGRAM = shutil.which("soffice")
_CHOICES = {role: fonts.choose(role, fonts.installed_fonts()) for role in Role}


def _missing() -> str:
    if not _PROGRAM:
        return "no LibreOffice (Debian: apt install --no-install-recommends libreoffice-writer-nogui)"
    if not all(choice.face for choice in _CHOICES.values()):
        return "no Chinese fonts (Debian: apt install fonts-noto-cjk)"
    return ""


# Why nothing can be laid out here; "" when it can.
MISSING = _missing()


def version() -> str:
    """Such as "LibreOffice 7.4": another one may lay out a line differently by right."""
    assert _PROGRAM
    done = subprocess.run([_PROGRAM, "--version"], capture_output=True, text=True, timeout=60, check=True)
    return re.match(r"\w+ \d+\.\d+|", done.stdout).group()  # type: ignore[union-attr]


def to_pdf(files: Sequence[Path], folder: Path) -> list[Path]:
    """`files` as PDF in `folder`, which also takes LibreOffice's profile: one start for all of them."""
    assert _PROGRAM
    config = folder / "fonts.conf"
    config.write_text(_font_configuration(folder), "utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    done = subprocess.run(
        [_PROGRAM, "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), *map(str, files)],
        env={**os.environ, "FONTCONFIG_FILE": str(config), "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    made = [folder / f"{file.stem}.pdf" for file in files]
    assert all(path.is_file() for path in made), done.stderr
    return made


def _font_configuration(folder: Path) -> str:
    """The office's font names lead to what stands in for them, TeX's folder included."""
    faces = {role: choice.face for role, choice in _CHOICES.items()}
    folders = {face.file.parent for face in faces.values() if face and not face.registered}
    aliases = "".join(
        f"<alias binding='same'><family>{fonts.ROLES[role].office[0]}</family>"
        f"<prefer><family>{_CHOICES[role].family}</family></prefer></alias>"
        for role in Role
    )
    listed = "".join(f"<dir>{path}</dir>" for path in sorted(folders))
    return (
        "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig>"
        f"<include ignore_missing='yes'>/etc/fonts/fonts.conf</include>{listed}"
        f"<cachedir>{folder / 'cache'}</cachedir>{aliases}</fontconfig>"
    )

"""From a briefing to what goes out: its issue number, its files, what is still missing on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from briefing import fonts
from briefing.config import Config
from briefing.errors import BriefingError
from briefing.records import Briefing, Rendered, Skip
from briefing.render import RenderOptions, render_briefing
from briefing.render.view import view_of
from briefing.store import numbers
from briefing.store.database import open_store


def render_possible(
    briefing: Briefing, formats: Sequence[str], options: RenderOptions
) -> tuple[list[Rendered], list[Skip]]:
    """The briefing in each of `formats` that can be made here, and a Skip for each that cannot.

    What is wrong with the briefing itself, or with every printed format, is raised: then nothing comes out.
    """
    printed = [f for f in dict.fromkeys(formats) if f != "json"]
    if printed:
        view_of(briefing, options)
    made: list[Rendered] = []
    failed: list[BriefingError] = []
    for name in dict.fromkeys(formats):
        try:
            made.append(render_briefing(briefing, name, options))
        except BriefingError as err:
            failed.append(err)
    if failed and len(failed) >= len(printed):
        raise failed[0]
    skips = [Skip(err.source, "render", err.zh, err.en) for err in failed]
    if any(r.media_type == "application/pdf" for r in made):
        skips += _without_glyph(briefing, options)
    return made, skips


def _without_glyph(briefing: Briefing, options: RenderOptions) -> list[Skip]:
    """WeasyPrint leaves out what no font has without a word: a name would lose a character unseen."""
    words = render_briefing(briefing, "md", options).body.decode()
    missing = fonts.missing_characters(words, fonts.installed_fonts())
    if not missing:
        return []
    listed = "、".join(f"{m.char}（{m.code}）" for m in missing[:20])
    packages = " ".join(sorted({m.package for m in missing if m.package}))
    remedy = (f"，请 apt install {packages}", f": apt install {packages}") if packages else ("", "")
    return [
        Skip(
            "briefing.pdf",
            "render",
            f"有{len(missing)}个字没有字体可印，PDF 中缺字：{listed}{remedy[0]}",
            f"no font has {len(missing)} characters, the PDF lacks {', '.join(m.code for m in missing[:20])}"
            + remedy[1],
        )
    ]


def pending(briefing: Briefing, options: RenderOptions) -> tuple[tuple[str, str], ...]:
    """What prints 【待补】: its Chinese name, and the configuration key that fills it in."""
    return view_of(briefing, options).dress.pending


def folder_name(day: date, nth: int = 0) -> str:
    """Name of an issue's folder. `nth`: 0 for the regular issue, else which supplement 增刊 of the day."""
    suffix = ("", "-supplement")[bool(nth)] + (f"-{nth}" if nth > 1 else "")
    return day.isoformat() + suffix


@contextmanager
def numbered(
    briefing: Briefing, config: Config, folder: Path, now: datetime, nth: int = 0
) -> Iterator[Briefing]:
    """`briefing` under its issue number while its files are made for `folder`.

    With `layout.number` "auto" the number is counted in a file, used for good when the block ends well
    and given back when it raises; else it is what the configuration says. `nth` as in `folder_name`.
    """
    if config.layout.number == "given":
        yield briefing
        return
    given = numbers.parse_number(briefing.issue_number) if briefing.issue_number else None
    # The first supplement keeps the day as its occasion, under which earlier releases numbered it.
    occasion = folder_name(briefing.date, nth) if nth > 1 else briefing.date.isoformat()
    issue = numbers.Issue(briefing.title, occasion, briefing.date.year, folder, briefing.layout.supplement)
    path = Path(config.layout.numbers_file or folder.parent / "issue-numbers.sqlite")
    with open_store(path) as store:
        number = numbers.reserve(store, issue, now, given)
        try:
            yield replace(briefing, issue_number=number.label if number else "")
        except BaseException:
            numbers.release(store, issue)
            raise
        numbers.confirm(store, issue)

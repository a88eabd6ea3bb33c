"""Writes chosen units as sentences: marks between them, leading connectives trimmed, spans kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefing.records import SourceRef, Span, Summary, SummarySentence
from briefing.summarise import SummaryOptions
from briefing.summarise.decode import Part
from briefing.summarise.forms import is_attribution
from briefing.summarise.scope import ADDING, is_report_of_reporter
from briefing.summarise.units import (
    Document,
    Unit,
    leading_chars,
    named_city,
    our_city,
    spans_text,
    titled_city,
    with_city,
)

# 刘某介绍，近3年，他们大力引进人才: of the firm that the speaker's office names.
_THEY = re.compile(r"^他们(?!的)")
_FIRM = re.compile(r"(?:公司|集团|医院|学校|合作社|企业)(?=[^，]{0,12}$)")
_LAST_YEAR = re.compile(r"^(?:去年|上年)")
_THIS_YEAR = re.compile(r"^(?:今年|20\d\d年)")
_CLOSED = re.compile(r"[。！？][”’）》」]+$")


@dataclass(frozen=True, slots=True)
class Line:
    """Units of one source sentence, printed in a row; `prefix`: a unit put in front of them."""

    units: tuple[int, ...]
    prefix: int = -1


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str
    pieces: tuple[Span, ...]
    join: str


@dataclass(frozen=True, slots=True)
class Page:
    """The article and what of it is printed. `introductions`: per unit the post of its speaker and the unit
    that gives it, where the unit calls the speaker by the name alone."""

    document: Document
    printed: frozenset[int]
    introductions: Mapping[int, tuple[tuple[Span, ...], int]]


def _cut(pieces: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """`pieces` without their characters start..end, counted over all of them."""
    kept: list[Span] = []
    at = 0
    for piece in pieces:
        a, b = max(start - at, 0), min(max(end - at, 0), len(piece))
        if a >= b:
            kept.append(piece)
        else:
            kept += [Span(piece.start, piece.start + a), Span(piece.start + b, piece.end)]
        at += len(piece)
    return tuple(p for p in kept if len(p))


def _part(pieces: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """Characters start..end of `pieces`, counted over all of them."""
    size = sum(map(len, pieces))
    return _cut(_cut(pieces, end, size), 0, start)


def _opening(page: Page, unit: Unit) -> tuple[Span, ...]:
    """The unit as a sentence begins with it: without a connective that has lost what it connected to."""
    size = leading_chars(unit.text)
    if size:
        return _cut(unit.pieces, 0, size)
    # 当天 stays where its date is printed in the sentence before.
    if unit.as_printed and any(
        page.document.units[i].sentence >= unit.sentence - 1
        and any(p.start <= unit.pieces[0].start < p.end for p in page.document.units[i].pieces)
        for i in page.printed
        if i < unit.index
    ):
        return unit.as_printed
    adding = ADDING.match(unit.text)
    before = (i for i in page.printed if i < unit.index)
    last = max(before, default=-1)
    kept = last >= 0 and page.document.units[last].sentence >= unit.sentence - 1
    if adding and not kept:
        return _cut(unit.pieces, adding.end() - 1, adding.end())
    return unit.pieces


def _join(unit: Unit, following: Unit | None) -> str:
    if following is None:
        return ""
    if unit.mark in ("；", ";"):
        return "；"
    if unit.mark in ("：", ":"):
        return "："
    return "，"


def _phrases(page: Page, line: Line, told: set[int]) -> list[_Phrase]:
    text = page.document.article.text
    order = ([line.prefix] if line.prefix >= 0 else []) + list(line.units)
    units = [page.document.units[i] for i in order]
    phrases: list[_Phrase] = []
    for k, unit in enumerate(units):
        opens = k == 0 or (k == 1 and line.prefix >= 0)
        pieces = _opening(page, unit) if opens else unit.pieces
        post, given_by = page.introductions.get(unit.index, ((), -1))
        if given_by not in told and given_by not in order:
            pieces = (*post, *pieces)
            told.update([given_by] if post else [])
        speech = next((p for p in reversed(phrases) if is_attribution(p.text)), None)
        firm = _FIRM.search(speech.text) if speech and _THEY.match(unit.text) else None
        if speech and firm:
            pieces = (*_part(speech.pieces, firm.start(), firm.end()), *_cut(pieces, 0, 2))
        pieces = with_city(text, pieces, our_city(page.document.article))
        following = units[k + 1] if k + 1 < len(units) else None
        phrases.append(_Phrase(spans_text(text, pieces), pieces, _join(unit, following)))
    return phrases


def _sentence(page: Page, lines: Sequence[Line], told: set[int]) -> SummarySentence:
    """One printed sentence of one or more lines, joined by ；. `told`: units printed before it; grows."""
    written = ""
    pieces: list[Span] = []
    for k, line in enumerate(lines):
        if k:
            written = written.rstrip("。") + "；"
        for phrase in _phrases(page, line, told):
            written += phrase.text + phrase.join
            pieces += phrase.pieces
        told.update((line.prefix, *line.units))
    if not _CLOSED.search(written):
        written += "。"
    article = page.document.article
    refs = tuple(SourceRef(article.id, p) for p in sorted(set(pieces)))
    titled = titled_city(article)
    if titled is not None:
        named = named_city(written, article.title[titled.start : titled.end])
        refs = (*refs, SourceRef(article.id, titled, "title")) if named != written else refs
        written = named
    return SummarySentence(written, refs)


def _this_year_first(document: Document, groups: Sequence[Sequence[Line]]) -> list[Sequence[Line]]:
    """`groups` without last year's figures at the head, when this year's stand in the last group."""

    def opens_with(group: Sequence[Line], time: re.Pattern[str]) -> bool:
        first = group[0].prefix if group[0].prefix >= 0 else group[0].units[0]
        return bool(time.match(document.units[first].text))

    if len(groups) < 2 or not opens_with(groups[-1], _THIS_YEAR):
        return list(groups)
    if not all(opens_with(group, _LAST_YEAR) for group in groups[:-1]):
        return list(groups)
    return [groups[-1], *groups[:-1]]


def group_lines(document: Document, lines: Sequence[Line], max_sentences: int) -> list[list[Line]]:
    """`lines` in at most `max_sentences` runs. Neighbours are joined where they belong together most:
    the same paragraph and adjacent sentences first, short ones first."""
    groups = [[line] for line in lines]

    def distance(a: list[Line], b: list[Line]) -> tuple[int, int, int]:
        left, right = document.units[a[-1].units[-1]], document.units[b[0].units[0]]
        closed = bool(_CLOSED.search(left.text))
        size = sum(len(document.units[i].text) for line in (*a, *b) for i in line.units)
        return (
            int(closed),
            int(left.paragraph != right.paragraph) * 40 + min(2, right.sentence - left.sentence) * 10 + size,
            0,
        )

    while len(groups) > max_sentences:
        k = min(range(len(groups) - 1), key=lambda i: distance(groups[i], groups[i + 1]))
        groups[k : k + 2] = [groups[k] + groups[k + 1]]
    return groups


def lines_of(parts: Sequence[Part]) -> list[Line]:
    return [Line(p.units, p.prefix) for p in parts]


def write_summary(
    document: Document,
    groups: Sequence[Sequence[Line]],
    headline: tuple[str, tuple[SourceRef, ...]],
    engine: str,
    introductions: Mapping[int, tuple[tuple[Span, ...], int]] | None = None,
) -> Summary:
    printed = frozenset(i for group in groups for line in group for i in line.units)
    page = Page(document, printed, introductions or {})
    sentences = []
    told: set[int] = set()
    for group in _this_year_first(document, groups):
        sentences.append(_sentence(page, group, told))
    return Summary(
        article_id=document.article.id,
        headline=headline[0],
        headline_sources=headline[1],
        sentences=tuple(sentences),
        engine=engine,
    )


def whole_text_summary(
    document: Document, engine: str, options: SummaryOptions, headline: tuple[str, tuple[SourceRef, ...]]
) -> Summary:
    """A text too short to condense: itself, cleaned."""
    lines = []
    for start, end in document.sentences:
        units = tuple(i for i in range(start, end) if document.units[i].usable)
        reported = [i for i in units if is_report_of_reporter(document.units[i].text)]
        if reported and units[-1] > reported[0]:
            # 9月17日，记者从…获悉，: how the paper knows, and when.
            units = tuple(i for i in units if i > reported[0])
        if units:
            lines.append(Line(units))
    return write_summary(document, group_lines(document, lines, options.max_sentences), headline, engine)


def insufficient_summary(
    document: Document, engine: str, headline: tuple[str, tuple[SourceRef, ...]]
) -> Summary:
    """材料不足: nothing that can be printed."""
    return Summary(document.article.id, headline[0], headline[1], (), engine, insufficient=True)

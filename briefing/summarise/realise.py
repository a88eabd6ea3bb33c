"""Writes chosen units as sentences: marks between them, leading connectives trimmed, spans kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from briefing.records import SourceRef, Span, Summary, SummarySentence
from briefing.summarise import SummaryOptions
from briefing.summarise.decode import Part
from briefing.summarise.units import Document, Unit, spans_text

_LEADING = re.compile(
    r"^(?:此外|另外|同时|与此同时|而且|并且|但是|但|不过|然而|因此|所以|为此|对此|于是|据了解|据悉|据介绍|其中|而|也|还|并|以及|随后|之后)[，,]?"
    r"(?=[\u4e00-\u9fff“《\d])"
)
# 而今, 但丁, 并州…: words that only look like a connective and the rest.
_NOT_LEADING = re.compile(
    r"^(?:而今|而立|也门|并购|并网|并轨|并行|并入|并存|还款|还乡|还清|还田|还林|还草|同时期|其中国|但丁|之后的)"
)
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


def _drop_leading(text: str, unit: Unit) -> tuple[str, tuple[Span, ...]]:
    """The unit without a connective that has lost what it connected to."""
    match = _LEADING.match(unit.text)
    if not match or _NOT_LEADING.match(unit.text):
        return unit.text, unit.pieces
    cut = match.end()
    pieces: list[Span] = []
    for piece in unit.pieces:
        if cut >= len(piece):
            cut -= len(piece)
            continue
        pieces.append(Span(piece.start + cut, piece.end))
        cut = 0
    return spans_text(text, pieces), tuple(pieces)


def _join(unit: Unit, following: Unit | None) -> str:
    if following is None:
        return ""
    if unit.mark in ("；", ";"):
        return "；"
    if unit.mark in ("：", ":"):
        return "："
    return "，"


def _phrases(document: Document, line: Line) -> list[_Phrase]:
    text = document.article.text
    order = ([line.prefix] if line.prefix >= 0 else []) + list(line.units)
    units = [document.units[i] for i in order]
    phrases = []
    for k, unit in enumerate(units):
        words, pieces = _drop_leading(text, unit) if k == 0 else (unit.text, unit.pieces)
        phrases.append(_Phrase(words, pieces, _join(unit, units[k + 1] if k + 1 < len(units) else None)))
    return phrases


def _sentence(document: Document, lines: Sequence[Line]) -> SummarySentence:
    """One printed sentence of one or more lines, joined by ；."""
    written = ""
    pieces: list[Span] = []
    for k, line in enumerate(lines):
        if k:
            written = written.rstrip("。") + "；"
        for phrase in _phrases(document, line):
            written += phrase.text + phrase.join
            pieces += phrase.pieces
    if not _CLOSED.search(written):
        written += "。"
    article_id = document.article.id
    return SummarySentence(written, tuple(SourceRef(article_id, p) for p in sorted(set(pieces))))


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
) -> Summary:
    return Summary(
        article_id=document.article.id,
        headline=headline[0],
        headline_sources=headline[1],
        sentences=tuple(_sentence(document, group) for group in groups),
        engine=engine,
    )


def whole_text_summary(
    document: Document, engine: str, options: SummaryOptions, headline: tuple[str, tuple[SourceRef, ...]]
) -> Summary:
    """A text too short to condense: itself, cleaned."""
    lines = []
    for start, end in document.sentences:
        units = tuple(i for i in range(start, end) if document.units[i].usable)
        if units:
            lines.append(Line(units))
    return write_summary(document, group_lines(document, lines, options.max_sentences), headline, engine)


def insufficient_summary(
    document: Document, engine: str, headline: tuple[str, tuple[SourceRef, ...]]
) -> Summary:
    """材料不足: nothing that can be printed."""
    return Summary(document.article.id, headline[0], headline[1], (), engine, insufficient=True)

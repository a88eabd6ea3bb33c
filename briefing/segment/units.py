"""Cuts normalised page text into units, the rows that the splitter labels: one printed line or paragraph each.

Lines that a PDF text layer wrapped at the column's width are put together again here, because a wrapped
line carries too little to be judged alone. Nothing is decided about articles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from briefing.records import Span
from briefing.text.normalise import NormalisedText

# A run of lines counts as wrapped when this share of them has the run's full width. Prose of one line a
# paragraph stays below 0.2 on rmrb_2020_jan_sep, wrapped prose above 0.6, so any value between will do.
_MIN_FULL_SHARE = 0.45
_MIN_RUN_LINES = 5
_MIN_WRAP_WIDTH = 12.0
_MAX_WRAP_WIDTH = 64.0
# Half-width digits and marks make lines of one printed width differ by about this many characters.
_WIDTH_SLACK = 2.0
# More lines than this on one page, and fewer characters a line, are a list or table and no print: such lines
# are taken together until a unit has about so many characters. A page of a paper has some 500 lines at most,
# 20,000 are fifty of its pages in one file. A page of marks or figures (second pair) is one much earlier.
_MANY_LINES = ((20_000, 40.0), (4_000, 4.0))
_COARSE_CHARS = 240
# Lines so short on the average, that many of them, say nothing that could be read.
_MIN_READ_CHARS = 12.0
_MARKDOWN = re.compile(r"#{1,6}\s*(?=\S)")
_STARTS_ANEW = re.compile(
    r"[■□●▲◆★#]|本报讯|(?:本报|新华社)[^，。]{0,12}电|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）"
)
# A headline run in before its text: in lenticular brackets, or set bold in Markdown.
_RUN_IN = re.compile(
    r"((?:[-*] +|(?:\d{1,2}[.．、]|[①-⑳▲●■◆]|[一二三四五六七八九十]{1,3}、)\s*)?"
    r"(?:【[^【】]{4,40}】|\*\*[^*]{4,40}\*\*[：:]?))\s*(?=\S.{11})"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One row. `spans` (normalised positions) are its lines in order; `text` is their plain concatenation,
    without the line ends (a space where two Latin words meet). `mark`: a Markdown heading mark before it."""

    text: str
    spans: tuple[Span, ...]
    line: int
    blank_before: bool
    indented: bool
    mark: Span | None = None
    page: int = 0

    @property
    def is_list(self) -> bool:
        """Whether it is a stretch of a list or table of countless short lines."""
        lines = self.text.count("\n") + 1
        return lines > 1 and len(self.text) < _MIN_READ_CHARS * lines

    @property
    def heading_mark(self) -> bool:
        return self.mark is not None


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    number: int
    blank_before: bool
    indented: bool
    mark: Span | None
    width: float


def printed_width(text: str) -> float:
    """Width in full-width characters: half-width ones count one half."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def make_units(
    normalised: NormalisedText, raw: str, within: Span | None = None, page: int = 0
) -> tuple[Unit, ...]:
    """Units of `normalised`, or of its part `within` (page number `page`), in order. `raw` tells which lines
    were indented."""
    text = normalised.text
    within = within or Span(0, len(text))
    if coarse := _lines_a_unit(text, within):
        return tuple(_coarse_units(text, within, page, coarse))
    lines = _lines(normalised, raw, within)
    units: list[Unit] = []
    page_width = _wrap_width(lines)
    for run in _runs(lines):
        width = (_wrap_width(run) if len(run) >= _MIN_RUN_LINES else 0.0) or page_width
        group: list[_Line] = []
        for line in run:
            if group and not (width and _continues(text, group[-1], line, width)):
                units += _run_in(text, _unit(text, group, page))
                group = []
            group.append(line)
        units += _run_in(text, _unit(text, group, page))
    return tuple(units)


def _run_in(text: str, unit: Unit) -> tuple[Unit, ...]:
    """A line that begins with its headline (【…】…) as two units, every other as it is."""
    found = _RUN_IN.match(unit.text)
    if not found:
        return (unit,)
    first = replace(unit, text=found[1], spans=_slice(text, unit, 0, found.end(1)))
    rest = _slice(text, unit, found.end(), len(unit.text))
    second = replace(unit, text=unit.text[found.end() :], spans=rest, blank_before=False, mark=None)
    return first, second


def _slice(text: str, unit: Unit, start: int, stop: int) -> tuple[Span, ...]:
    """The spans of `unit.text[start:stop]`."""
    at, parts = 0, []
    for k, span in enumerate(unit.spans):
        if k:
            before = unit.spans[k - 1]
            at += needs_space(text[before.start : before.end], text[span.start : span.end])
        low, high = max(start - at, 0), min(stop - at, len(span))
        if low < high:
            parts.append(Span(span.start + low, span.start + high))
        at += len(span)
    return tuple(parts)


def _lines_a_unit(text: str, within: Span) -> int:
    """How many lines of a page of countless short lines make one unit; 0 for every other page."""
    lines = text.count("\n", within.start, within.end) + 1
    mean = (within.end - within.start) / lines
    if any(lines > many and mean < chars for many, chars in _MANY_LINES):
        return int(_COARSE_CHARS / mean) + 1
    return 0


def _coarse_units(text: str, within: Span, page: int, lines: int) -> Iterator[Unit]:
    """Units of `lines` lines each, their line ends within; a line longer than a unit stays alone."""
    pattern = re.compile(rf"(?:[^\n]{{0,{_COARSE_CHARS}}}\n){{1,{lines}}}|[^\n]*\n|[^\n]+$")
    number = text.count("\n", 0, within.start)
    at = within.start
    while at < within.end:
        found = pattern.match(text, at, within.end)
        assert found  # one of the branches fits any text
        chunk = found[0]
        start = at + len(chunk) - len(chunk.lstrip())
        stop = start + len(chunk.strip())
        if start < stop:
            yield Unit(text[start:stop], (Span(start, stop),), number, False, False, None, page)
        number += chunk.count("\n")
        at = found.end()


def _lines(normalised: NormalisedText, raw: str, within: Span) -> list[_Line]:
    text = normalised.text
    lines: list[_Line] = []
    runs, at_run = normalised.runs, 0
    blank, number = False, text.count("\n", 0, within.start)
    for found in re.finditer(r"[^\n]*\n|[^\n]+$", text[within.start : within.end]):
        start, end = within.start + found.start(), within.start + found.end()
        if text[end - 1] == "\n":
            end -= 1
        mark = _MARKDOWN.match(text, start, end)
        body_start = mark.end() if mark else start
        if text[body_start:end].strip():
            while at_run + 1 < len(runs) and runs[at_run + 1].text_start <= start:
                at_run += 1
            origin = runs[at_run].origin_start + start - runs[at_run].text_start
            indented = (
                raw[max(0, origin - 2) : origin] in ("\u3000\u3000", "  ") or raw[origin - 1 : origin] == "\t"
            )
            width = printed_width(text[body_start:end])
            sharp = Span(start, body_start) if mark else None
            lines.append(_Line(Span(body_start, end), number, blank, indented, sharp, width))
            blank = False
        else:
            blank = True
        number += 1
    return lines


def _runs(lines: list[_Line]) -> list[list[_Line]]:
    runs: list[list[_Line]] = []
    for line in lines:
        if not runs or line.blank_before:
            runs.append([])
        runs[-1].append(line)
    return runs


def _wrap_width(lines: list[_Line]) -> float:
    """The width at which `lines` were wrapped, 0.0 when they were not."""
    if len(lines) < _MIN_RUN_LINES:
        return 0.0
    widths = sorted(line.width for line in lines)
    full = widths[int(len(widths) * 0.9)]
    if not _MIN_WRAP_WIDTH <= full <= _MAX_WRAP_WIDTH or widths[-1] > full * 1.25:
        return 0.0
    share = sum(abs(w - full) <= _WIDTH_SLACK for w in widths) / len(widths)
    return full if share >= _MIN_FULL_SHARE else 0.0


def _continues(text: str, before: _Line, line: _Line, width: float) -> bool:
    """Whether `line` is the same paragraph as the wrapped line `before`."""
    if line.blank_before or line.mark or before.mark:
        return False
    if before.width < width - _WIDTH_SLACK:
        return False
    if line.indented and not before.indented:
        return False
    if "|" in text[line.span.start : line.span.end]:  # a table's row
        return False
    return not _STARTS_ANEW.match(text, line.span.start, line.span.end)


def _unit(text: str, group: list[_Line], page: int) -> Unit:
    parts: list[str] = []
    for i, line in enumerate(group):
        part = text[line.span.start : line.span.end]
        if i and needs_space(parts[-1], part):
            parts.append(" ")
        parts.append(part)
    first = group[0]
    return Unit(
        "".join(parts),
        tuple(line.span for line in group),
        first.number,
        first.blank_before,
        first.indented,
        first.mark,
        page,
    )


def needs_space(before: str, after: str) -> bool:
    """Whether two stretches joined at a line's end are Latin words that a space parts."""
    a, b = before[-1:], after[:1]
    return a.isascii() and (a.isalpha() or a in ",.;:") and b.isascii() and b.isalpha()

"""Positions: lead spans of a derived text back to the text that it was made from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from briefing.records import Run, Span


def runs_from_offsets(offsets: Sequence[int]) -> tuple[Run, ...]:
    """Compress a map `derived position -> origin position` (strictly increasing inside a run)."""
    runs: list[Run] = []
    start = 0
    for i in range(1, len(offsets) + 1):
        if i == len(offsets) or offsets[i] != offsets[i - 1] + 1:
            runs.append(Run(start, offsets[start], i - start))
            start = i
    return tuple(runs)


def _overlapping(runs: Sequence[Run], start: int, end: int) -> Iterator[tuple[Run, int, int]]:
    """Runs, ascending by `text_start` and disjoint, that meet `start..end`, with the part that does."""
    first = max(0, bisect_right(runs, start, key=lambda run: run.text_start) - 1)
    for i in range(first, len(runs)):
        run = runs[i]
        if run.text_start >= end:
            return
        low, high = max(start, run.text_start), min(end, run.text_start + run.length)
        if low < high:
            yield run, low, high


def to_origin(runs: Sequence[Run], span: Span) -> tuple[Span, ...]:
    """Spans of the origin that `span` of the derived text came from, in text order, unmerged."""
    found = []
    for at in range(_first(runs, span.start), len(runs)):
        run = runs[at]
        if run.text_start >= span.end:
            break
        start = max(span.start, run.text_start)
        end = min(span.end, run.text_start + run.length)
        if start < end:
            shift = run.origin_start - run.text_start
            found.append(Span(start + shift, end + shift))
    return tuple(found)


def _first(runs: Sequence[Run], position: int) -> int:
    """Number of the run that holds text `position`, or of the one before the gap that does (runs stand in text
    order, so a text of a million characters needs twenty looks)."""
    return max(0, bisect_right(runs, position, key=lambda run: run.text_start) - 1)


def merge(spans: Iterable[Span], origin: str = "", max_gap: int = 0) -> tuple[Span, ...]:
    """Join neighbours, in the given order, whose gap is at most `max_gap` characters or white space.

    Order is kept: a column that continues above its beginning stays two spans.
    """
    merged: list[Span] = []
    for span in spans:
        if merged and span.start >= merged[-1].end:
            gap = origin[merged[-1].end : span.start]
            if span.start - merged[-1].end <= max_gap or (gap and not gap.strip()):
                merged[-1] = Span(merged[-1].start, span.end)
                continue
        merged.append(span)
    return tuple(merged)


def compose(outer: Sequence[Run], inner: Sequence[Run]) -> tuple[Run, ...]:
    """Map of a text cut from a normalised text (`outer`) through the normaliser's map (`inner`)."""
    composed: list[Run] = []
    for run in outer:
        middle = Span(run.origin_start, run.origin_start + run.length)
        for number in range(_first(inner, middle.start), len(inner)):
            piece = inner[number]
            if piece.text_start >= middle.end:
                break
            start = max(middle.start, piece.text_start)
            end = min(middle.end, piece.text_start + piece.length)
            if start < end:
                text_start = run.text_start + start - middle.start
                composed.append(Run(text_start, piece.origin_start + start - piece.text_start, end - start))
    return tuple(composed)

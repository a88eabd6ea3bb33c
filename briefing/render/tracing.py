"""Cuts source texts at the borders of what is cited, so that a format can mark exactly those characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from briefing.records import Span
from briefing.render.wording import printable


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a source text. `keys`: the summary sentences that cite all of it ("3-1": item 3,
    sentence 1; "3-0": its headline). `begins`: those of them that it is the first to show."""

    text: str
    keys: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    key: str
    span: Span


def cut_segments(text: str, citations: Sequence[Citation], window: Span | None = None) -> tuple[Segment, ...]:
    """`text[window]` in segments, in order and without gaps; citations may overlap. `begins` is left empty."""
    window = Span(0, len(text)) if window is None else window
    inside = [c for c in citations if c.span.start < c.span.end and _overlap(c.span, window)]
    borders = sorted({window.start, window.end, *_borders(inside, window)})
    segments = []
    by_start = sorted(inside, key=lambda c: c.span.start)
    open_citations: list[Citation] = []
    next_citation = 0
    for start, end in pairwise(borders):
        while next_citation < len(by_start) and by_start[next_citation].span.start <= start:
            open_citations.append(by_start[next_citation])
            next_citation += 1
        open_citations = [c for c in open_citations if c.span.end > start]
        keys = tuple(sorted({c.key for c in open_citations}, key=_key_order))
        segments.append(Segment(printable(text[start:end]), keys))
    return tuple(segments)


def _overlap(span: Span, window: Span) -> bool:
    return span.start < window.end and window.start < span.end


def _borders(citations: Iterable[Citation], window: Span) -> set[int]:
    found = set()
    for citation in citations:
        found.add(max(citation.span.start, window.start))
        found.add(min(citation.span.end, window.end))
    return found


def _key_order(key: str) -> tuple[int, ...]:
    return tuple(int(part) for part in key.split("-"))


def split_paragraphs(segments: Sequence[Segment]) -> tuple[tuple[Segment, ...], ...]:
    """`segments` as paragraphs at line ends; empty lines left out, no other character."""
    paragraphs: list[list[Segment]] = [[]]
    for segment in segments:
        for i, line in enumerate(segment.text.split("\n")):
            if i:
                paragraphs.append([])
            if line:
                paragraphs[-1].append(replace(segment, text=line))
    return tuple(tuple(p) for p in paragraphs if "".join(s.text for s in p).strip())


def mark_beginnings(segments: Sequence[Segment], seen: set[str]) -> tuple[Segment, ...]:
    """`segments` with `begins` set for keys that are not in `seen`, which grows: one beginning a key."""
    marked = []
    for segment in segments:
        marked.append(replace(segment, begins=tuple(k for k in segment.keys if k not in seen)))
        seen.update(segment.keys)
    return tuple(marked)


def join_windows(spans: Iterable[Span], text_chars: int, context_chars: int) -> tuple[Span, ...]:
    """`spans`, each widened by `context_chars` on both sides, cut to the text, neighbours joined."""
    joined: list[Span] = []
    for span in sorted(spans):
        start, end = max(0, span.start - context_chars), min(text_chars, span.end + context_chars)
        if start >= end:
            continue
        if joined and start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, end))
        else:
            joined.append(Span(start, end))
    return tuple(joined)

"""Source texts cut where citations begin and end: nothing lost, everything cited is marked."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from briefing.records import Span
from briefing.render.tracing import Citation, cut_segments, join_windows, mark_beginnings, split_paragraphs

TEXT = "零一二三四五六七八九" * 3
_spans = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(lambda p: Span(min(p), max(p)))
_citations = st.lists(st.builds(Citation, st.sampled_from(["1-0", "1-1", "1-2", "12-1"]), _spans), max_size=6)


@given(_citations, _spans)
def test_segments_tile_the_window_and_carry_exactly_who_cites_them(
    citations: list[Citation], window: Span
) -> None:
    segments = cut_segments(TEXT, citations, window)
    assert "".join(s.text for s in segments) == TEXT[window.start : window.end]
    at = window.start
    for segment in segments:
        for place in range(at, at + len(segment.text)):
            covering = {c.key for c in citations if c.span.start <= place < c.span.end}
            assert set(segment.keys) == covering
        at += len(segment.text)


def test_overlapping_citations_share_their_middle() -> None:
    segments = cut_segments("甲乙丙丁", [Citation("1-2", Span(1, 4)), Citation("1-1", Span(0, 2))])
    assert [(s.text, s.keys) for s in segments] == [
        ("甲", ("1-1",)),
        ("乙", ("1-1", "1-2")),
        ("丙丁", ("1-2",)),
    ]


def test_an_empty_citation_marks_nothing() -> None:
    assert [s.keys for s in cut_segments("甲乙", [Citation("1-1", Span(1, 1))])] == [()]


def test_paragraphs_keep_every_character_but_line_ends() -> None:
    segments = cut_segments("甲乙\n\n丙\n丁", [Citation("1-1", Span(1, 5))])
    paragraphs = split_paragraphs(segments)
    assert ["".join(s.text for s in p) for p in paragraphs] == ["甲乙", "丙", "丁"]
    assert [[s.keys for s in p] for p in paragraphs] == [[(), ("1-1",)], [("1-1",)], [()]]


def test_each_key_begins_once_over_all_texts() -> None:
    seen: set[str] = set()
    first = mark_beginnings(cut_segments("甲乙", [Citation("1-1", Span(1, 2))]), seen)
    second = mark_beginnings(
        cut_segments("丙丁", [Citation("1-1", Span(0, 1)), Citation("1-2", Span(0, 1))]), seen
    )
    assert [s.begins for s in (*first, *second)] == [(), ("1-1",), ("1-2",), ()]


@given(st.lists(_spans, max_size=5), st.integers(0, 5))
def test_windows_are_apart_and_hold_every_span(spans: list[Span], context: int) -> None:
    windows = join_windows(spans, len(TEXT), context)
    for before, after in pairwise(windows):
        assert before.end < after.start
    for span in (s for s in spans if s.start < s.end):
        assert any(w.start <= span.start and span.end <= w.end for w in windows)

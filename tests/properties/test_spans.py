"""Properties of position maps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from briefing.records import Run, Span
from briefing.text.spans import compose, merge, runs_from_offsets, to_origin

OFFSETS = st.lists(st.integers(0, 60), unique=True, max_size=40)


def expand(runs: tuple[Run, ...]) -> list[int]:
    return [run.origin_start + i for run in runs for i in range(run.length)]


@given(OFFSETS)
def test_runs_say_what_the_offsets_said(offsets: list[int]) -> None:
    runs = runs_from_offsets(offsets)
    assert expand(runs) == offsets
    assert [run.text_start for run in runs] == [sum(r.length for r in runs[:i]) for i in range(len(runs))]


@given(OFFSETS, st.data())
def test_a_span_leads_to_the_origin_of_each_of_its_characters(offsets: list[int], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(offsets)))
    end = data.draw(st.integers(start, len(offsets)))
    spans = to_origin(runs_from_offsets(offsets), Span(start, end))
    assert [p for s in spans for p in range(s.start, s.end)] == offsets[start:end]


@given(OFFSETS, st.data())
def test_maps_compose(inner: list[int], data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.integers(0, len(inner) - 1), unique=True) if inner else st.just([]))
    composed = compose(runs_from_offsets(chosen), runs_from_offsets(inner))
    assert expand(composed) == [inner[i] for i in chosen]


@given(OFFSETS)
def test_merging_keeps_every_character_in_order(offsets: list[int]) -> None:
    spans = [Span(p, p + 1) for p in offsets]
    merged = merge(spans)
    assert [p for s in merged for p in range(s.start, s.end)] == offsets
    assert len(merged) == len(runs_from_offsets(offsets))


def test_merging_passes_over_white_space_only() -> None:
    text = "甲乙 \n丙丁"
    assert merge([Span(0, 2), Span(4, 6)], text) == (Span(0, 6),)
    assert merge([Span(0, 1), Span(4, 6)], text) == (Span(0, 1), Span(4, 6))
    assert merge([Span(4, 6), Span(0, 2)], text) == (Span(4, 6), Span(0, 2))

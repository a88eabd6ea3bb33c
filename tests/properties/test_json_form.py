"""The JSON form gives back the record that it was made from."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing import records
from briefing.errors import SourceError
from briefing.json_form import from_json, to_builtins, to_json

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
SPAN = st.tuples(st.integers(0, 99), st.integers(0, 99)).map(lambda p: records.Span(min(p), max(p)))
st.register_type_strategy(str, TEXT)
st.register_type_strategy(records.Span, SPAN)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(date, st.dates(min_value=date(1, 1, 1)))
KINDS = (
    records.Span, records.Run, records.Clause, records.Sentence, records.DroppedBlock, records.RawDocument,
    records.Article, records.SegmentedDocument, records.Story, records.SourceRef, records.SummarySentence,
    records.Summary, records.Finding, records.ScorePart, records.Classification, records.LeftOut,
    records.SourceDocument, records.Skip, records.RunReport,
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_record_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    record = data.draw(st.from_type(kind))
    body = to_json(record)
    assert from_json(body, kind, source="x") == record
    assert to_json(from_json(body, kind, source="x")) == body
    assert json.loads(body) == json.loads(json.dumps(to_builtins(record)))
    assert from_json(to_json(record, indent=2), kind, source="x") == record


@given(st.binary(max_size=40))
@settings(max_examples=200, deadline=None)
def test_other_bytes_are_our_error(body: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        from_json(body, records.Article, source="甲.json")
    assert caught.value.source == "甲.json"


def test_chinese_is_written_as_it_is() -> None:
    assert "江城".encode() in to_json(records.SourceRef("江城", records.Span(0, 1)))

"""Text that no paper prints, in such amounts that work must stay linear in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from briefing.records import DropReason, RawDocument, SegmentedDocument
from briefing.segment import load_splitter, split_document
from briefing.segment.units import make_units
from briefing.text.normalise import normalise

SPLITTER = load_splitter()
HEAD = "全县灌区改造项目完成过半"
BODY = "9月16日，县水利局召开灌区改造推进会，通报前8个月进度。全县计划改造中型灌区3处，已完成渠道衬砌41公里。"


def split(text: str) -> SegmentedDocument:
    now = datetime(2025, 9, 19, tzinfo=UTC)
    return split_document(RawDocument("a.txt", "text/plain", now, "", text), SPLITTER)


def seconds(text: str) -> float:
    """Processor time, so that other work on the machine changes nothing; the better of two."""
    times = []
    for _ in range(2):
        start = time.process_time()
        split(text)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda n: "1\n" * (60 * n), id="figures"),
        pytest.param(lambda n: "\n\n".join("全" * (40 * n)), id="one_character_lines"),
        pytest.param(lambda n: "a" * (400 * n), id="one_word"),
        pytest.param(lambda n: "■ 本报记者 " + "王 " * (100 * n), id="endless_byline"),
        pytest.param(lambda n: f"{HEAD}\n\n{BODY}\n\n" * (n // 5), id="articles"),
    ],
)
def test_work_grows_with_the_text(make: Callable[[int], str]) -> None:
    # Four times the text: quadratic work would take sixteen times as long.
    assert seconds(make(1000)) < 11 * seconds(make(250)) + 0.1


def test_countless_short_lines_are_few_units_that_cover_them() -> None:
    text = normalise("1\n" * 200_000)
    units = make_units(text, text.text)
    assert len(units) < 2_000
    assert sum(u.text.count("1") for u in units) == 200_000


def test_list_of_countless_short_lines_is_left_out_as_unreadable() -> None:
    found = split("12\n" * 30_000)
    assert found.articles == ()
    assert {b.reason for b in found.dropped} == {DropReason.UNREADABLE}

"""Quantities: what they are worth, what they count, how exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest

from briefing.records import Span
from briefing.text.numbers import chinese_value, find_quantities


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        pytest.param("十三", 13, id="teen"),
        pytest.param("两千零五", 2005, id="zero-inside"),
        pytest.param("二〇二〇", 2020, id="digit-by-digit"),
        pytest.param("三万五千", 35000, id="ten-thousands"),
        pytest.param("一亿二千万", 120_000_000, id="hundred-millions"),
        pytest.param("三点五", Fraction(7, 2), id="decimal"),
        pytest.param("百", 100, id="bare-scale"),
    ],
)
def test_chinese_numeral_has_its_value(numeral: str, value: Fraction) -> None:
    assert chinese_value(numeral) == value


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        pytest.param("产值54.5亿元", 5_450_000_000, "元", "", id="scale-and-unit"),
        pytest.param("近3亿人", 300_000_000, "人", "under", id="near"),
        pytest.param("超过3亿元", 300_000_000, "元", "over", id="over"),
        pytest.param("转移4600余人", 4600, "人", "over", id="yu"),
        pytest.param("3000多亩", 3000, "亩", "over", id="duo-inside"),
        pytest.param("约1,000个", 1000, "个", "about", id="thousands-mark"),
        pytest.param("20次以上", 20, "次", "over", id="and-more"),
        pytest.param("百分之五", 5, "%", "", id="percent-in-words"),
        pytest.param("提高2.4个百分点", Fraction(12, 5), "个百分点", "", id="points"),
        pytest.param("签约78个项目", 78, "个", "", id="not-about-in-a-word"),
        pytest.param("最近6辆", 6, "辆", "", id="not-near-in-a-word"),
        pytest.param("走访两次", 2, "次", "", id="liang"),
    ],
)
def test_quantity_is_read(text: str, value: Fraction, unit: str, bound: str) -> None:
    [found] = find_quantities(text)
    assert (found.value, found.unit, found.bound) == (value, unit, bound)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("十分重要", id="adverb"),
        pytest.param("一个好消息", id="article"),
        pytest.param("统一部署", id="yi-inside-a-word"),
        pytest.param("G20峰会", id="latin-name"),
    ],
)
def test_word_is_no_quantity(text: str) -> None:
    assert find_quantities(text) == ()


def test_spans_slice_the_quantity_and_its_numeral() -> None:
    text = "总投资约178亿元，"
    [found] = find_quantities(text)
    assert text[found.span.start : found.span.end] == "约178亿元"
    assert text[found.core.start : found.core.end] == "178亿"


def test_quantity_inside_a_date_is_skipped() -> None:
    text = "7月9日转移3户"
    [found] = find_quantities(text, [Span(0, 4)])
    assert found.value == 3


def test_counters_that_editors_exchange_share_a_group() -> None:
    a, b, c = (find_quantities(t)[0].unit_group for t in ("30名", "30人", "30吨"))
    assert a == b != c


def test_ordinal_is_told_from_count() -> None:
    assert [q.ordinal for q in find_quantities("第三届，三届")] == [True, False]

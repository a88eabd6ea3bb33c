"""The table of key figures: only what a proved sentence says itself, word for word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from briefing.records import BriefingItem, Finding, Severity, Span
from briefing.render.figures import MAX_FIGURES, find_figures
from tests.fixtures_briefing import make_item, quote, take

CASES = [
    pytest.param(
        "前三季度，全市实现地区生产总值3200.5亿元，同比增长5.6%，其中第三产业增加值1500亿元，增长6.1%。",
        [("全市地区生产总值", "前三季度", "3200.5亿元", "同比增长5.6%")],
        id="value and change; a bare 增长 has no base",
    ),
    pytest.param(
        "1—9月，规模以上工业增加值同比增长8.2%，固定资产投资下降1.1%。",
        [("规模以上工业增加值", "1—9月", "", "同比增长8.2%")],
        id="change only",
    ),
    pytest.param(
        "全年粮食总产量达到120.3万吨，比上年增长2.1%。",
        [("粮食总产量", "全年", "120.3万吨", "比上年增长2.1%")],
        id="another base",
    ),
    pytest.param(
        "春节期间，全市接待游客210.5万人次，同比增长15.3%，实现旅游收入12.1亿元，同比增长18%。",
        [
            ("全市接待游客", "春节期间", "210.5万人次", "同比增长15.3%"),
            ("旅游收入", "春节期间", "12.1亿元", "同比增长18%"),
        ],
        id="two in one sentence",
    ),
    pytest.param(
        "新能源汽车产量超5.3万辆，同比增长约1.2倍。",
        [("新能源汽车产量", "", "超5.3万辆", "同比增长约1.2倍")],
        id="approximations stay",
    ),
    pytest.param(
        "居民人均可支配收入21345元，同比名义增长5.2%。",
        [("居民人均可支配收入", "", "21345元", "同比名义增长5.2%")],
        id="nominal stays",
    ),
    pytest.param(
        "2025年末常住人口300.2万人，比上年末减少1.2万人。",
        [("常住人口", "2025年末", "300.2万人", "比上年末减少1.2万人")],
        id="the year belongs to it",
    ),
    pytest.param("今年力争地区生产总值同比增长6%。", [], id="a hope"),
    pytest.param("预计全年旅游收入同比增长10%。", [], id="a forecast"),
    pytest.param("前9个月，进出口总额、出口额分别同比增长5%和6%。", [], id="in turn"),
    pytest.param("其投资同比增长5%。", [], id="nobody knows whose"),
    pytest.param("某公司负责人称，产品销量同比增长50%。", [], id="somebody's word"),
    pytest.param("全市未出现收入同比下降5%的情况。", [], id="a denial"),
]


def item_of(text: str, *findings: Finding) -> BriefingItem:
    article = take(text, [text], source="in/a.txt", title="数据发布", outlet="青石日报")
    return make_item(article, (quote(article, text),), area="经济运行", score=3.0, findings=findings)


@pytest.mark.parametrize(("text", "rows"), CASES)
def test_a_row_is_what_the_sentence_says(text: str, rows: list[tuple[str, ...]]) -> None:
    found = find_figures((item_of(text),))
    assert [(f.indicator, f.period, f.value, f.change) for f in found] == rows
    for figure in found:
        assert figure.value in text
        assert figure.change in text


@pytest.mark.parametrize(
    ("severity", "rows"),
    [
        pytest.param(Severity.ERROR, 0, id="error"),
        pytest.param(Severity.WARNING, 0, id="warning"),
        pytest.param(Severity.INFO, 1, id="info"),
    ],
)
def test_a_sentence_that_a_check_objects_to_gives_no_row(severity: Severity, rows: int) -> None:
    item = item_of("全市粮食产量120万吨，同比增长2%。", Finding("numbers", severity, 0, Span(0, 2), "请核对"))
    assert len(find_figures((item,))) == rows


def test_a_sentence_without_a_source_gives_no_row() -> None:
    item = item_of("全市粮食产量120万吨，同比增长2%。")
    sentence = replace(item.summary.sentences[0], sources=())
    assert not find_figures((replace(item, summary=replace(item.summary, sentences=(sentence,))),))


def test_a_figure_told_twice_stands_once_and_the_table_ends() -> None:
    same = item_of("全市粮食产量120万吨，同比增长2%。")
    assert [f.item for f in find_figures((same, same))] == [1]
    many = tuple(item_of(f"全市产品{chr(0x4E00 + n)}产量{n}吨，同比增长{n}%。") for n in range(1, 30))
    assert len(find_figures(many)) == MAX_FIGURES

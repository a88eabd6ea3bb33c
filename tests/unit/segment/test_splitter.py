"""Documents of other kinds than the newspaper page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from briefing.records import DropReason, RawDocument, SegmentedDocument, Span
from briefing.segment import load_splitter, split_document

SPLITTER = load_splitter()
ARTICLE = (
    "9月16日，县水利局召开灌区改造推进会，通报前8个月进度。全县计划改造中型灌区3处，已完成渠道衬砌41公里。",
    "会议要求，各责任单位倒排工期，10月底前完成全部主体工程，11月通水试运行。",
    "县水利局局长周成表示，下一步将把末级渠系纳入管护范围，由受益村签订责任书。",
)
ITEMS = {
    "全市秋粮收获进度过六成": "据农情调度，截至9月18日，全市应收秋粮286万亩，已收178万亩，进度比去年同期快3.5个百分点。",
    "秋季动物防疫集中免疫启动": "9月15日，市农业农村局印发通知，对口蹄疫等病种实施强制免疫，群体免疫密度保持在90%以上。",
    "高标准农田建设完成过半": "今年省下达我市高标准农田建设任务32万亩，截至8月底已开工30万亩，完成投资4.1亿元。",
}


def split(text: str, **known: Any) -> SegmentedDocument:
    now = datetime(2025, 9, 19, tzinfo=UTC)
    return split_document(RawDocument("a.txt", "text/plain", now, "", text, **known), SPLITTER)


def test_web_article_is_one_article_without_its_notices() -> None:
    text = "\n".join(["灌区改造完成过半", "来源：县水利局", *ARTICLE, "责任编辑：王宁"])
    found = split(text, single_article=True, title="灌区改造完成过半")
    assert [(a.title, a.text) for a in found.articles] == [("灌区改造完成过半", "\n".join(ARTICLE))]
    assert [b.reason for b in found.dropped] == [DropReason.BOILERPLATE, DropReason.CREDIT]


def test_plain_file_with_one_article_stays_one() -> None:
    found = split("\n\n".join(["全县灌区改造完成过半", *ARTICLE]))
    assert [(a.title, a.text) for a in found.articles] == [("全县灌区改造完成过半", "\n".join(ARTICLE))]


@pytest.mark.parametrize(
    "mark", ["## 一、|## 二、|## 三、", "一、|二、|三、", "1. |2. |3. "], ids=["markdown", "一、", "1."]
)
def test_numbered_items_of_a_bulletin_are_articles(mark: str) -> None:
    numbers = mark.split("|")
    blocks = ["农业农村工作简报", "第23期（总第417期）"]
    for number, (title, text) in zip(numbers, ITEMS.items(), strict=True):
        blocks += [number + title, text]
    found = split("\n\n".join(blocks))
    assert [a.text for a in found.articles] == list(ITEMS.values())
    assert all(a.title.endswith(title) for a, title in zip(found.articles, ITEMS, strict=True))


def test_article_runs_on_over_a_page_break() -> None:
    head = "全县灌区改造完成过半\n\n" + ARTICLE[0] + "\n\n" + ARTICLE[1][:20] + "\n"
    text = head + ARTICLE[1][20:] + "\n\n" + ARTICLE[2]
    found = split(text, pages=(Span(0, len(head)), Span(len(head), len(text))))
    assert [a.text for a in found.articles] == ["\n".join(ARTICLE)]


def test_masthead_tells_outlet_date_and_page() -> None:
    text = "\n\n".join(["青石日报 2025年9月18日 星期四 第1版", "全县灌区改造完成过半", *ARTICLE])
    article = split(text).articles[0]
    assert (article.outlet, article.published_on, article.page_label) == (
        "青石日报",
        date(2025, 9, 18),
        "第1版",
    )
    assert article.front_page


def test_advertisement_is_dropped_as_such() -> None:
    ad = ["招租公告", "青石县城建公司现对解放路门面房公开招租，有意者请于月底前报名，联系电话：0300-5550123。"]
    found = split("\n\n".join(["全县灌区改造完成过半", *ARTICLE, *ad]))
    assert len(found.articles) == 1
    assert [(b.text, b.reason) for b in found.dropped] == [(line, DropReason.ADVERTISEMENT) for line in ad]


@pytest.mark.parametrize("text", ["", "\n \n\u3000\n", "\ufeff"], ids=["empty", "blank", "mark"])
def test_nothing_gives_nothing(text: str) -> None:
    assert split(text) == SegmentedDocument("a.txt", (), ())


def test_equal_texts_get_distinct_ids() -> None:
    body = "本报讯（记者 周成）" + ARTICLE[0]
    found = split(
        "\n\n".join(["全县灌区改造完成过半", body, ARTICLE[1], "县里召开灌区改造推进会", body, ARTICLE[1]])
    )
    assert [a.text for a in found.articles] == [f"{body}\n{ARTICLE[1]}"] * 2
    assert found.articles[1].id == found.articles[0].id + "-2"

"""Short items (简讯、要闻速览、早报) are articles of their own; the sub-headings of one article are not."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from briefing.records import Article, RawDocument
from briefing.segment import load_splitter, split_document

SPLITTER = load_splitter()
NEWS = {
    "全市秋粮收获进度过六成": "据农情调度，截至9月18日，全市应收秋粮286万亩，已收178万亩，进度比去年同期快3.5个百分点。",
    "城区三所小学启用新校舍": "9月1日，县实验小学等3所学校的新校舍启用，新增学位2460个，最大班额由61人降到45人。",
    "首条跨市公交线路开通": "这条线路全长38公里，设站27个，首末班车时间为6时和19时，全程票价4元，老人凭卡免费。",
    "秋季动物防疫集中免疫启动": "9月15日，市农业农村局印发通知，对口蹄疫等病种实施强制免疫，群体免疫密度保持在90%以上。",
    "化工园区完成消防演练": "9月12日下午，望川化工园区模拟储罐泄漏起火，5支救援队伍到场处置，全程用时42分钟。",
    "市图书馆延长夜间开放时间": "自10月1日起，市图书馆每周五、周六开放至22时，自习座位可通过小程序提前一天预约。",
    "古银杏列入一级保护名录": "望川县林业局在云居乡白鹤村发现一株古银杏，经专家鉴定树龄约800年，拟按一级古树申报保护。",
    "前8个月外贸进出口增长7.3%": "安澜海关通报，1至8月全市进出口总值326.4亿元，其中出口241.8亿元，同比增长9.6%。",
    "老旧小区改造开工二十九个": "截至8月底，今年计划改造的34个老旧小区已有29个开工，涉及居民1.2万户，11月底前完成外墙保温。",
    "县医院与省立医院共建胸痛中心": "双方9月10日签约，省立医院每周派3名专家坐诊，急性心梗病人的转诊时间将控制在30分钟以内。",
    "招聘社区工作者二十名": "南屏区民政局公告，报名时间为9月22日至26日，笔试拟于10月12日进行，不收取报名费。",
    "白鹤湖水质稳定在三类": "市生态环境局公布的监测结果显示，8月白鹤湖总磷浓度下降12%，连续5个月保持三类水质。",
}
HEADS, TEXTS = list(NEWS), list(NEWS.values())


def articles(text: str, **known: Any) -> tuple[Article, ...]:
    now = datetime(2025, 9, 19, tzinfo=UTC)
    return split_document(RawDocument("a.txt", "text/plain", now, "", text, **known), SPLITTER).articles


def pairs(found: tuple[Article, ...]) -> list[tuple[str, str]]:
    return [(a.title, a.text) for a in found]


COUNTIES = (
    "安澜",
    "望川",
    "临岭",
    "南屏",
    "青石",
    "云居",
    "白鹤",
    "平原",
    "永泰",
    "长陵",
    "东关",
    "丰镇",
    "北塘",
)
TOWNS = (
    "柳坪镇",
    "石桥镇",
    "双河乡",
    "杏园街道",
    "大营镇",
    "梅林乡",
    "高塔镇",
    "西沟乡",
    "红旗街道",
    "马家镇",
    "清水乡",
)


def many(count: int) -> dict[str, str]:
    """`count` items, no two with the same words and figures."""
    items = {}
    for k in range(count):
        head, text = HEADS[k % len(HEADS)], TEXTS[k % len(TEXTS)]
        place = f"{COUNTIES[k % len(COUNTIES)]}县{TOWNS[k % len(TOWNS)]}"
        more = k // len(HEADS)
        figures = [str(int(n) + more) for n in re.findall(r"\d+", text)]
        items[place + head] = place + re.sub(r"\d+", "{}", text).format(*figures)
    return items


@pytest.mark.parametrize(
    "report", ["", "本报讯（记者 周成）", "本报讯 "], ids=["bare", "本报讯（记者）", "本报讯"]
)
@pytest.mark.parametrize(
    "gaps", [("\n\n", "\n\n"), ("\n", "\n\n"), ("\n", "\n")], ids=["blank", "items", "none"]
)
@pytest.mark.parametrize("count", [3, 5, 12])
def test_headlines_of_short_items_are_headlines(count: int, gaps: tuple[str, str], report: str) -> None:
    inside, between = gaps
    text = between.join(f"{h}{inside}{report}{t}" for h, t in list(NEWS.items())[:count])
    assert pairs(articles(text)) == [(h, (report + t)) for h, t in list(NEWS.items())[:count]]


@pytest.mark.parametrize("count", [30, 120, 700])
def test_long_rows_of_items_keep_their_articles(count: int) -> None:
    items = many(count)
    found = articles("\n\n".join(f"{h}\n\n{t}" for h, t in items.items()))
    assert [a.title for a in found] == list(items)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(lambda k: f"{k}. ", id="1."),
        pytest.param(lambda k: f"{k}、", id="1、"),
        pytest.param(lambda k: chr(0x245F + k), id="①"),
        pytest.param(lambda _: "▲", id="▲"),
        pytest.param(lambda _: "● ", id="●"),
        pytest.param(lambda k: "一二三四五六七八九十"[k - 1] + "、", id="一、"),
        pytest.param(lambda _: "### ", id="markdown"),
    ],
)
def test_numbers_and_marks_stay_out_of_headlines(number: Any) -> None:
    rows = list(NEWS.items())[:6]
    text = "\n\n".join(["要闻速览", *(f"{number(k)}{h}\n{t}" for k, (h, t) in enumerate(rows, 1))])
    assert pairs(articles(text)) == rows


def test_headline_run_in_before_its_text() -> None:
    text = "\n".join(["要闻速览", *(f"【{h}】{t}" for h, t in NEWS.items())])
    assert pairs(articles(text)) == list(NEWS.items())


def test_county_bulletin() -> None:
    rows = list(NEWS.items())[3:8]
    head = ["政务信息", "第37期（总第612期）", "望川县人民政府办公室编 2025年9月19日"]
    items = [f"{'一二三四五'[k]}、{h}\n{t}" for k, (h, t) in enumerate(rows)]
    tail = ["报：县委、县政府领导", "送：县直有关单位", "编辑：汤沐 核稿：周成 签发：林岚"]
    assert pairs(articles("\n\n".join([*head, *items, *tail]))) == rows


def test_markdown_list_with_bold_headlines() -> None:
    rows = list(NEWS.items())[2:9]
    text = "\n".join(["# 每日要情 9月19日", "", *(f"- **{h}**：{t}" for h, t in rows)])
    assert pairs(articles(text)) == rows


def test_web_digest_with_unnumbered_headlines() -> None:
    rows = list(NEWS.items())[1:9]
    text = "\n\n".join(["要闻速览｜9月19日", *(f"{h}\n\n{t}" for h, t in rows), "编辑：汤沐"])
    assert pairs(articles(text, single_article=True, title="要闻速览｜9月19日")) == rows


def test_numbered_one_line_items_of_a_morning_mail() -> None:
    lines = [f"{k}、{t}" for k, t in enumerate(TEXTS, 1)]
    text = "\n".join(["9月19日 星期五 安澜早报", "早上好！以下是今天的主要新闻。", *lines, "来源：综合各媒体"])
    assert pairs(articles(text)) == [("", t) for t in TEXTS]


def test_column_of_short_items_beside_an_article() -> None:
    article = (
        "9月16日，县水利局召开灌区改造推进会，通报前8个月进度。全县计划改造中型灌区3处，已完成渠道衬砌41公里。",
        "会议要求，各责任单位倒排工期，10月底前完成全部主体工程，11月通水试运行。",
        "县水利局局长周成表示，下一步将把末级渠系纳入管护范围，由受益村签订责任书。",
    )
    rows = list(NEWS.items())[:4]
    column = ["简讯", *(f"{h}\n\n{t}" for h, t in rows)]
    found = articles("\n\n".join(["全县灌区改造项目完成过半", *article, *column]))
    assert pairs(found) == [("全县灌区改造项目完成过半", "\n".join(article)), *rows]


SECTIONS = {
    "渠道衬砌完成四十一公里": "今年以来，灌区改造项目部调集6支施工队，分段推进渠道衬砌，干渠输水能力每秒提高2立方米。",
    "末级渠系纳入管护": "项目完工后，灌区末级渠系将由受益村签订管护责任书，县水利局每季度对渠道管护情况抽查一次。",
    "灌溉水价按方计收": "灌区同步安装量水设施412处，灌溉用水由按亩收费改为按方计收，农户每亩水费预计下降8元。",
}


@pytest.mark.parametrize("gap", ["\n", "\n\n"], ids=["dense", "blank"])
def test_short_sections_of_one_article_stay_together(gap: str) -> None:
    head, lead = (
        "望川灌区改造项目完成过半",
        "9月16日，记者从望川灌区改造推进会上获悉，灌区改造项目已完成渠道衬砌41公里。",
    )
    body = [lead, *(line for section in SECTIONS.items() for line in section)]
    assert pairs(articles(gap.join([head, *body]))) == [(head, "\n".join(body))]

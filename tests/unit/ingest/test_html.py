"""Web pages: text, headline, date and outlet; digests; pages without an article."""

from __future__ import annotations

import contextlib

import pytest

from briefing.errors import SourceError
from briefing.ingest import IngestLimits
from briefing.ingest.html import ingest
from briefing.ingest.limits import Extracted
from tests.unit.ingest.makers import MORE, NEWS

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}">
<title>江城启动老旧小区改造_江城新闻网</title><meta property="og:url" content="http://example.cn/a/1.html">
<style>p{{color:red}}</style></head><body><nav><a href="/">首页</a> <a href="/b">要闻</a></nav>
<h1>江城启动老旧小区改造</h1><div class="info">2026-03-05 10:20　来源：江城日报　编辑：周岩</div>
<div class="content"><p>　　{news}</p><p>　　{more}</p>
<table><tr><th>区</th><th>小区数</th></tr><tr><td>东区</td><td>18</td></tr><tr><td>西区</td><td>28</td></tr></table>
<p>会议还听取了城市更新工作的汇报。{{{{ 7*7 }}}} {{% raw %}}</p><script>alert("不是正文")</script>
<p style="display:none">看不见的文字不能进来</p></div><footer>版权所有 江城新闻网</footer></body></html>"""


def page(charset: str = "utf-8", codec: str = "") -> bytes:
    return PAGE.format(charset=charset, news=NEWS, more=MORE).encode(codec or charset)


def read(body: bytes) -> Extracted:
    (document,) = ingest(body, "甲.html", IngestLimits())
    assert isinstance(document, Extracted)
    return document


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("utf-8", ""),
        ("gb2312", "gb18030"),
        ("gbk", ""),
        ("utf-8", "gb18030"),
        ("gb2312", "utf-8"),
        ("utf-16", ""),
    ],
    ids=["utf-8", "gb2312", "gbk", "says utf-8, is gbk", "says gb2312, is utf-8", "utf-16"],
)
def test_a_page_is_read_whatever_its_encoding(charset: str, codec: str) -> None:
    document = read(page(charset, codec))
    assert NEWS in document.text
    assert MORE in document.text


def test_headline_date_outlet_and_address_are_what_the_page_states() -> None:
    document = read(page())
    assert document.title == "江城启动老旧小区改造"
    assert document.outlet == "江城日报"
    assert str(document.published_on) == "2026-03-05"
    assert document.url == "http://example.cn/a/1.html"
    assert document.single_article


def test_scripts_styles_navigation_and_hidden_text_never_come_in() -> None:
    text = read(page()).text
    for intruder in ("alert", "color:red", "首页", "看不见的文字", "版权所有"):
        assert intruder not in text


def test_a_table_stays_readable() -> None:
    assert "区 | 小区数\n东区 | 18\n西区 | 28" in read(page()).text


def test_template_syntax_stays_text() -> None:
    assert "{{ 7*7 }} {% raw %}" in read(page()).text


def test_the_headline_is_not_repeated_in_the_text() -> None:
    assert "江城启动老旧小区改造" not in read(page()).text


def test_paragraphs_parted_by_br_are_kept() -> None:
    body = f"<html><body><h1>江城启动改造</h1><div id=zoom>　　{NEWS}<br><br>　　{MORE}<br></div></body></html>"
    paragraphs = read(body.encode()).text.split("\n\n")
    assert [p.strip("　 ") for p in paragraphs] == [NEWS, MORE]


@pytest.mark.parametrize(
    ("metas", "title", "outlet", "day"),
    [
        pytest.param(
            '<meta name="ArticleTitle" content="关于印发改造方案的通知">'
            '<meta name="ContentSource" content="市住建局">'
            '<meta name="PubDate" content="2026-03-02 09:00">',
            "关于印发改造方案的通知", "市住建局", "2026-03-02", id="government site",
        ),
        pytest.param(
            '<meta property="og:title" content="江城改造开工 - 江城网">'
            '<meta property="og:site_name" content="江城网">'
            '<meta property="article:published_time" content="2026-03-03T08:00:00+08:00">',
            "江城改造开工", "江城网", "2026-03-03", id="open graph",
        ),
        pytest.param("<title>短讯</title>", "短讯", "", "None", id="title only"),
    ],
)  # fmt: skip
def test_fields_come_from_metas(metas: str, title: str, outlet: str, day: str) -> None:
    document = read(f"<html><head>{metas}</head><body><p>{NEWS}</p><p>{MORE}</p></body></html>".encode())
    assert (document.title, document.outlet, str(document.published_on)) == (title, outlet, day)


def test_a_title_with_a_dash_of_its_own_is_kept() -> None:
    body = f"<html><head><title>“一带一路”-从愿景到行动的十年</title></head><body><p>{NEWS}</p></body></html>"
    assert read(body.encode()).title == "“一带一路”-从愿景到行动的十年"


DIGESTS = {
    "articles": "".join(f"<article><h2>第{i}条新闻标题</h2><p>{NEWS}</p></article>" for i in "一二三"),
    "signed parts": "".join(f"<h3>第{i}条新闻标题</h3><p>来源：江城日报</p><p>{NEWS}</p>" for i in "一二三"),
    "named a digest": "<h1>江城早报</h1>" + "".join(f"<h3>第{i}条新闻标题</h3><p>{MORE}</p>" for i in "一二三"),
}


@pytest.mark.parametrize("body", DIGESTS.values(), ids=DIGESTS)
def test_a_page_with_several_articles_is_not_one_article_and_loses_none(body: str) -> None:
    document = read(f"<html><body><nav><a href=/>首页</a></nav>{body}</body></html>".encode())
    assert not document.single_article
    for number in "一二三":
        assert f"第{number}条新闻标题" in document.text
    assert document.text.count("改造" if "早报" not in body else "加装电梯") >= 3


def test_sections_of_one_long_article_are_one_article() -> None:
    body = f"<h1>改造观察</h1><p>{NEWS}</p><h2>资金从哪里来</h2><p>{MORE}</p><h2>居民怎么看</h2><p>{NEWS}</p>"
    document = read(f"<html><body>{body}</body></html>".encode())
    assert document.single_article
    assert "资金从哪里来" in document.text


def test_a_very_short_page_is_read_as_its_visible_text() -> None:
    assert read("<html><body><div>明日有雨。<del>无雨</del></div></body></html>".encode()).text == "明日有雨。"


@pytest.mark.parametrize(
    ("body", "zh"),
    [
        pytest.param(b"<html><body><script>1</script></body></html>", "没有文字", id="nothing visible"),
        pytest.param(
            ("<html><body><ul>" + "".join(f"<li><a href=/{i}>第{i}篇的标题</a></li>" for i in range(30))
             + "</ul></body></html>").encode(), "没有文章", id="index of links",
        ),
        pytest.param(b"<!-- -->", "没有", id="comment only"),
    ],
)  # fmt: skip
def test_a_page_without_an_article_is_refused_with_a_reason(body: bytes, zh: str) -> None:
    with pytest.raises(SourceError) as caught:
        ingest(body, "甲.html", IngestLimits())
    assert zh in caught.value.zh


def test_hostile_markup_ends_quickly() -> None:
    deep = "<div>" * 20_000 + NEWS + "</div>" * 20_000
    entities = '<!DOCTYPE html [<!ENTITY a "哈"><!ENTITY b "&a;&a;&a;&a;">]><html><body><p>&b;' + NEWS
    for body in (deep, entities, "<" * 200_000 + NEWS, "<a " + "x=1 " * 50_000 + ">" + NEWS):
        with contextlib.suppress(SourceError):
            assert len(read(body.encode()).text) < 500_000


def test_the_line_of_date_and_source_is_no_text() -> None:
    assert "来源" not in read(page()).text


def test_sections_that_the_extractor_loses_come_back_in_place() -> None:
    body = f"<h1>改造观察</h1><p>{NEWS}</p><h2>钱从哪里来</h2><p>{MORE}</p><h2>居民怎么看</h2><p>{NEWS}</p>"
    text = read(f"<html><body>{body}</body></html>".encode()).text
    assert text.split("\n\n") == [NEWS, "钱从哪里来", MORE, "居民怎么看", NEWS]

"""List pages and single pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from lxml import html as lxml_html

from briefing.ingest.limits import IngestLimits
from briefing.ingest.sources import FetchOutcome, SourceStatus
from briefing.ingest.sources.link_list import LinkList, link_date
from briefing.ingest.sources.page import Page
from briefing.source_tables import ListTable, PageTable
from tests.unit.ingest.makers import docx, paragraph
from tests.unit.sources.servers import DAY, Answer, Site, fetcher, request
from tests.unit.sources.texts import BRIDGE, CLINIC, GRAIN, page, solid


def fetch(site: Site, earlier: FetchOutcome | None = None, **table: Any) -> FetchOutcome:
    made = ListTable(name="要闻", url=site.url + "/list", **table)
    return LinkList(made, fetcher(), IngestLimits()).fetch(request(memory=earlier.memory if earlier else {}))


def listing(*rows: tuple[str, str, str], more: str = "") -> str:
    items = "".join(f'<li><a href="{u}">{t}</a><span>{d}</span></li>' for u, t, d in rows)
    menu = '<a href="/">首页</a><a href="/about">关于我们</a>'
    return f'<html><head><meta charset="utf-8"></head><body>{menu}<ul>{items}</ul>{more}</body></html>'


@pytest.fixture
def news(site: Site) -> Site:
    site.html("/1.html", page("跨江二桥主桥合龙", BRIDGE, CLINIC))
    site.html("/2.html", page("秋粮收获进入尾声", GRAIN, BRIDGE))
    site.html(
        "/list",
        listing(
            ("/1.html", "跨江二桥主桥昨日合龙", "2026-11-22"), ("2.html", "全市秋粮收获进入尾声", "[11-21]")
        ),
    )
    return site


def test_articles_are_found_without_rules_and_menus_are_not(news: Site) -> None:
    found = fetch(news)
    assert found.report.status is SourceStatus.FETCHED
    assert [d.published_on for d in found.documents] == [date(2026, 11, 22), date(2026, 11, 21)]
    assert news.paths() == ["/list", "/1.html", "/2.html"]
    assert fetch(news, found).report.known == 2


def test_dates_beside_the_links_keep_old_news_out(news: Site) -> None:
    news.html(
        "/list",
        listing(
            ("/1.html", "跨江二桥主桥昨日合龙", "2026-11-22"), ("/2.html", "全市秋粮收获进入尾声", "2026-10-01")
        ),
    )
    found = fetch(news)
    assert (len(found.documents), found.report.old) == (1, 1)
    assert "/2.html" not in news.paths()


def test_rules_choose_the_links(news: Site) -> None:
    news.html(
        "/list", "<div class='a'><a href='/1.html'>桥</a></div><div class='b'><a href='/2.html'>粮</a></div>"
    )
    assert len(fetch(news, links="//div[@class='b']//a").documents) == 1
    assert len(fetch(news, links="//div[@class='b']").documents) == 1
    assert len(fetch(news, links="//a/@href").documents) == 2
    assert len(fetch(news, link_pattern=r"/1\.html$").documents) == 1


def test_several_pages_are_read_until_the_news_is_old(news: Site) -> None:
    news.html(
        "/list",
        listing(
            ("/1.html", "跨江二桥主桥昨日合龙", "2026-11-22"), more='<a class="next" href="/list2">下一页</a>'
        ),
    )
    news.html(
        "/list2",
        listing(
            ("/2.html", "全市秋粮收获进入尾声", "2026-11-21"), more='<a class="next" href="/list3">下一页</a>'
        ),
    )
    news.html(
        "/list3",
        listing(
            ("/3.html", "很早以前的一条旧新闻", "2026-01-01"), more='<a class="next" href="/list4">下一页</a>'
        ),
    )
    found = fetch(news, next_page="//a[@class='next']", max_pages=9)
    assert len(found.documents) == 2
    assert [p for p in news.paths() if p.startswith("/list")] == ["/list", "/list2", "/list3"]
    assert len(fetch(news, next_page="//a[@class='next']", max_pages=1).documents) == 1


def test_pages_that_lead_in_a_circle_end(news: Site) -> None:
    news.html(
        "/list",
        listing(("/1.html", "跨江二桥主桥昨日合龙", ""), more='<a class="next" href="/list">下一页</a>'),
    )
    assert len(fetch(news, next_page="//a[@class='next']", max_pages=50).documents) == 1
    assert news.paths().count("/list") == 1


def test_a_later_page_that_fails_costs_only_itself(news: Site) -> None:
    news.html(
        "/list",
        listing(("/1.html", "跨江二桥主桥昨日合龙", ""), more='<a class="next" href="/gone">下一页</a>'),
    )
    found = fetch(news, next_page="//a[@class='next']", max_pages=3)
    assert found.report.status is SourceStatus.PARTIAL
    assert len(found.documents) == 1


def test_undated_links_are_read_or_left_as_told(news: Site) -> None:
    news.html("/list", listing(("/1.html", "跨江二桥主桥昨日合龙", "")))
    assert len(fetch(news).documents) == 1
    assert fetch(news, undated="leave").documents == ()


def test_the_date_on_the_page_itself_has_the_last_word(news: Site) -> None:
    news.html("/list", listing(("/1.html", "跨江二桥主桥昨日合龙", "")))
    news.html("/1.html", page("跨江二桥主桥合龙", BRIDGE, CLINIC, day="2025-01-05"))
    found = fetch(news)
    assert (found.documents, found.report.old) == ((), 1)
    assert fetch(news, found).report.known == 1


def test_links_to_other_sites_need_a_rule(news: Site) -> None:
    news.html(
        "/list",
        listing(
            ("http://localhost:1/x.html", "别的网站上的一条新闻", ""), ("/1.html", "跨江二桥主桥昨日合龙", "")
        ),
    )
    fetch(news)
    assert news.paths() == ["/list", "/1.html"]


def test_attachments_on_a_list_are_read_by_their_format(news: Site) -> None:
    news.pages["/tz.docx"] = Answer(docx(paragraph(CLINIC) + paragraph(GRAIN)))
    news.html("/list", listing(("/tz.docx", "关于延长夜间门诊的通知", "2026-11-22")))
    assert solid(CLINIC) in solid(fetch(news).documents[0].text)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<html><body><p>没有链接</p></body></html>", id="no link"),
        pytest.param("", id="empty"),
    ],
)
def test_a_list_without_articles_is_a_failure(site: Site, body: str) -> None:
    site.html("/list", body)
    assert fetch(site).report.status is SourceStatus.FAILED


def test_a_list_in_gb2312_is_read(news: Site) -> None:
    body = listing(("/1.html", "跨江二桥主桥昨日合龙", "2026-11-22")).replace("utf-8", "gb2312")
    news.pages["/list"] = Answer(body.encode("gb18030"), headers={"Content-Type": "text/html"})
    assert len(fetch(news).documents) == 1


@pytest.mark.parametrize(
    ("markup", "url", "day"),
    [
        pytest.param("<li><a>题</a><span>2026-11-02</span></li>", "/a", date(2026, 11, 2), id="beside"),
        pytest.param("<li><a>题</a> [11-02]</li>", "/a", date(2026, 11, 2), id="without year"),
        pytest.param("<li><a>题</a> 12-30</li>", "/a", date(2025, 12, 30), id="last year's"),
        pytest.param("<tr><td><a>题</a></td><td>2026年11月2日</td></tr>", "/a", date(2026, 11, 2), id="cells"),
        pytest.param("<li><a>题</a></li><li>2026-11-01</li>", "/a", None, id="the neighbour's is not its own"),
        pytest.param("<li><a>题</a></li>", "/202611/t20261102_77.html", date(2026, 11, 2), id="in the address"),
        pytest.param("<li><a>题</a></li>", "/2026-11/02/c_1.htm", date(2026, 11, 2), id="in folders"),
        pytest.param("<li><a>题</a></li>", "/art/1120261399.html", None, id="a number is no date"),
        pytest.param(
            "<li><a>3-5年投资计划公布</a><i>2026/11/2</i></li>", "/a", date(2026, 11, 2), id="full first"
        ),
    ],
)
def test_the_date_of_a_link(markup: str, url: str, day: date | None) -> None:
    tree = lxml_html.document_fromstring(
        f"<table>{markup}</table>" if "<td>" in markup else f"<ul>{markup}<li><a href='/z'>z</a></li></ul>"
    )
    node = next(tree.iter("a"))
    node.set("href", url)
    assert link_date(node, "http://x.example" + url, DAY) == day


def watch(site: Site, earlier: FetchOutcome | None = None) -> FetchOutcome:
    table = PageTable(name="公报", url=site.url + "/gb")
    return Page(table, fetcher(), IngestLimits()).fetch(request(memory=earlier.memory if earlier else {}))


def test_a_page_is_a_document_whenever_its_text_changes(site: Site) -> None:
    site.html("/gb", page("跨江二桥主桥合龙", BRIDGE, CLINIC))
    first = watch(site)
    assert len(first.documents) == 1
    site.html("/gb", page("跨江二桥主桥合龙", BRIDGE, CLINIC).replace("版权所有", "访问量 12 版权所有"))
    second = watch(site, first)
    assert second.report.status is SourceStatus.UNCHANGED
    site.html("/gb", page("跨江二桥主桥合龙", BRIDGE, GRAIN))
    assert len(watch(site, second).documents) == 1


def test_a_page_that_is_down_is_a_failure(site: Site) -> None:
    assert watch(site).report.status is SourceStatus.FAILED

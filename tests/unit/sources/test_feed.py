"""RSS and Atom: whole, teasing, in GB2312, broken, hostile."""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import pytest

from briefing.ingest.limits import IngestLimits
from briefing.ingest.sources import FetchOutcome, SourceStatus
from briefing.ingest.sources.feed import Feed
from briefing.source_tables import FeedTable
from tests.unit.sources.servers import DAY, Answer, Site, Waits, fetcher, request
from tests.unit.sources.texts import BRIDGE, CLINIC, GRAIN, page, solid

TODAY = "Mon, 23 Nov 2026 06:10:00 +0800"


def item(title: str, link: str = "", day: str = TODAY, text: str = "") -> str:
    return (
        f"<item><title>{escape(title)}</title><link>{link}</link><pubDate>{day}</pubDate>"
        f"<description>{escape(text)}</description></item>"
    )


def rss(*items: str, encoding: str = "UTF-8") -> bytes:
    head = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>安澜网</title>'
    return f"{head}{''.join(items)}</channel></rss>".encode("gb18030" if encoding == "GB2312" else "utf-8")


def fetch(site: Site, earlier: FetchOutcome | None = None, **table: Any) -> FetchOutcome:
    made = FeedTable(name="安澜网", url=site.url + "/feed", **table)
    memory = earlier.memory if earlier else {}
    return Feed(made, fetcher(), IngestLimits()).fetch(request(memory=memory))


@pytest.fixture
def linked(site: Site) -> Site:
    """A feed of teasers whose pages stand on the site."""
    site.html("/1.html", page("跨江二桥主桥合龙", BRIDGE, CLINIC))
    site.html("/2.html", page("秋粮收获近尾声", GRAIN, BRIDGE))
    site.pages["/feed"] = Answer(
        rss(
            item("跨江二桥主桥合龙", "/1.html", text="全长1860米……"),
            item("秋粮收获近尾声", f"{site.url}/2.html"),
        ),
        etag='"v1"',
    )
    return site


def test_the_pages_behind_teasers_are_read(linked: Site) -> None:
    found = fetch(linked, outlet="安澜网")
    assert found.report.status is SourceStatus.FETCHED
    assert [d.title for d in found.documents] == ["跨江二桥主桥合龙", "秋粮收获近尾声"]
    first = found.documents[0]
    assert solid(BRIDGE) in solid(first.text)
    assert (first.published_on, first.outlet, first.url) == (DAY, "安澜网", linked.url + "/1.html")
    assert first.single_article


def test_an_unchanged_feed_costs_one_request(linked: Site) -> None:
    first = fetch(linked)
    linked.asked.clear()
    again = fetch(linked, first)
    assert again.report.status is SourceStatus.UNCHANGED
    assert linked.paths() == ["/feed"]
    assert again.memory == first.memory


def test_of_a_changed_feed_only_what_is_new_is_read(linked: Site) -> None:
    first = fetch(linked)
    linked.html("/3.html", page("乡镇卫生院延长夜诊", CLINIC, GRAIN))
    linked.pages["/feed"] = Answer(
        rss(item("乡镇卫生院延长夜诊", "/3.html"), item("跨江二桥主桥合龙", "/1.html")), etag='"v2"'
    )
    linked.asked.clear()
    again = fetch(linked, first)
    assert [d.title for d in again.documents] == ["乡镇卫生院延长夜诊"]
    assert again.report.known == 1
    assert linked.paths() == ["/feed", "/3.html"]


def test_a_page_that_failed_is_tried_again_though_the_feed_has_not_changed(linked: Site) -> None:
    good = linked.pages["/1.html"]
    linked.pages["/1.html"] = Answer(status=500)
    first = fetch(linked)
    assert first.report.status is SourceStatus.PARTIAL
    assert [s.source for s in first.report.skips] == [linked.url + "/1.html"]
    assert len(first.documents) == 1
    linked.pages["/1.html"] = good
    again = fetch(linked, first)
    assert [d.title for d in again.documents] == ["跨江二桥主桥合龙"]
    assert again.report.status is SourceStatus.FETCHED


def test_a_feed_that_is_down_leaves_the_memory_as_it_was(linked: Site) -> None:
    first = fetch(linked)
    linked.pages["/feed"] = Answer(status=503)
    again = fetch(linked, first)
    assert again.report.status is SourceStatus.FAILED
    assert "503" in again.report.zh
    assert again.memory == first.memory


def test_whole_articles_in_the_feed_need_no_page(site: Site) -> None:
    whole = f"<p>{BRIDGE}</p><p>{CLINIC}</p><p>{GRAIN}</p><script>alert(1)</script>"
    site.pages["/feed"] = Answer(rss(item("要闻三则", "/1.html", text=whole)))
    found = fetch(site)
    assert site.paths() == ["/feed"]
    assert solid(BRIDGE) in solid(found.documents[0].text)
    assert "alert" not in found.documents[0].text
    assert found.documents[0].url == site.url + "/1.html"
    assert fetch(site, found).report.known == 1


def test_the_setting_decides_between_feed_and_page(linked: Site) -> None:
    linked.pages["/feed"] = Answer(rss(item("跨江二桥主桥合龙", "/1.html", text=BRIDGE)))
    assert solid(CLINIC) not in solid(fetch(linked, text="feed").documents[0].text)
    assert solid(CLINIC) in solid(fetch(linked, text="link").documents[0].text)


def test_atom_is_read_with_its_dates(site: Site) -> None:
    site.html("/a", page("跨江二桥主桥合龙", BRIDGE, CLINIC))
    site.pages["/feed"] = Answer(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>安澜网</title><entry><title>跨江二桥主桥合龙</title>'
        '<link href="/a"/><id>a</id><updated>2026-11-22T23:30:00Z</updated></entry></feed>'.encode()
    )
    # 23:30 UTC is the 23rd in Beijing
    assert [d.published_on for d in fetch(site).documents] == [date(2026, 11, 23)]


@pytest.mark.parametrize("declared", ["GB2312", "gbk", "UTF-8"])
def test_gb2312_is_read_whatever_is_declared(site: Site, declared: str) -> None:
    body = rss(item("跨江二桥主桥合龙，何喆、李镕出席", "/1.html"), encoding="GB2312")
    site.pages["/feed"] = Answer(body.replace(b"GB2312", declared.encode()))
    site.html("/1.html", page("", BRIDGE, CLINIC).replace("<h1></h1>", "").replace("_安澜网", ""))
    assert fetch(site).documents[0].title == "跨江二桥主桥合龙，何喆、李镕出席"


def test_old_and_future_entries_are_left(linked: Site) -> None:
    linked.pages["/feed"] = Answer(
        rss(
            item("旧闻", "/1.html", day="Fri, 20 Nov 2026 20:00:00 +0800"),
            item("明天", "/1.html", day="Tue, 24 Nov 2026 08:00:00 +0800"),
            item("秋粮收获近尾声", "/2.html"),
        )
    )
    found = fetch(linked)
    assert (len(found.documents), found.report.old) == (1, 2)
    assert "/1.html" not in linked.paths()


def test_broken_xml_gives_what_can_be_had(linked: Site) -> None:
    body = rss(item("跨江二桥主桥合龙", "/1.html"), item("秋粮收获近尾声", "/2.html"))
    linked.pages["/feed"] = Answer(body.replace(b"</channel></rss>", b"<item><title>half & "))
    assert len(fetch(linked).documents) == 2


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(page("安澜网", BRIDGE).encode(), id="a web page"),
        pytest.param(b"/etc/passwd", id="a path"),
        pytest.param(b"http://127.0.0.1:1/other", id="an address"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", id="a picture"),
    ],
)
def test_what_is_no_feed_is_a_failure_with_a_reason(site: Site, body: bytes) -> None:
    site.pages["/feed"] = Answer(body)
    found = fetch(site)
    assert found.report.status is SourceStatus.FAILED
    assert found.report.zh
    assert site.paths() == ["/feed"]


def test_entities_that_multiply_and_files_they_name_stay_out(site: Site) -> None:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    doctype = (
        f'<!DOCTYPE rss [<!ENTITY l0 "哈哈哈哈哈哈哈哈">{entities}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )
    site.html("/1.html", page("", BRIDGE, CLINIC))
    body = (
        rss(item("T", "/1.html")).decode().replace("?>", "?>" + doctype).replace("<title>T", "<title>桥&l9;&f;")
    )
    site.pages["/feed"] = Answer(body.encode())
    found = fetch(site)
    text = "".join(d.title + d.text for d in found.documents)
    assert "root:" not in text
    assert len(text) < 10_000


def test_links_to_anything_but_web_pages_are_not_followed(site: Site) -> None:
    site.pages["/feed"] = Answer(
        rss(
            item("甲", "file:///etc/passwd"),
            item("乙", "javascript:alert(1)"),
            item("丙", "http://169.254.169.254/"),
        )
    )
    found = fetch(site)
    assert found.documents == ()
    assert any("169.254.169.254" in s.zh for s in found.report.skips)
    assert len(found.report.skips) == 3


def test_more_than_the_limit_waits_for_the_next_run(site: Site) -> None:
    for i in range(4):
        site.html(f"/{i}", page(f"第{i}条新闻的标题", BRIDGE, CLINIC))
    site.pages["/feed"] = Answer(rss(*(item(f"第{i}条", f"/{i}") for i in range(4))), etag='"v"')
    first = fetch(site, max_items=3)
    assert len(first.documents) == 3
    assert first.report.status is SourceStatus.PARTIAL
    second = fetch(site, first, max_items=3)
    assert len(second.documents) == 1
    assert second.report.status is SourceStatus.FETCHED


def test_a_dead_site_behind_a_feed_costs_few_tries(site: Site) -> None:
    site.pages["/feed"] = Answer(rss(*(item(f"第{i}条", f"/{i}") for i in range(5))))
    for i in range(5):
        site.pages[f"/{i}"] = Answer(status=503)
    made = FeedTable(name="安澜网", url=site.url + "/feed")
    found = Feed(made, fetcher(Waits(), retries=3), IngestLimits()).fetch(request())
    assert len(found.report.skips) == 5
    assert len(site.paths()) == 1 + 4 + 4

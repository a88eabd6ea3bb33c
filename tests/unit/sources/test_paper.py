"""Digital newspapers through the two shipped rule files, on made sites of their layouts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from briefing.errors import ConfigError
from briefing.ingest.limits import IngestLimits
from briefing.ingest.sources import FetchOutcome, SourceStatus
from briefing.ingest.sources.paper import Paper
from briefing.ingest.sources.paper_rules import PaperRules, load_rules
from briefing.segment import load_splitter, split_document
from briefing.source_tables import PaperTable
from tests.unit.sources.servers import DAY, Answer, Site, fetcher, request
from tests.unit.sources.texts import BRIDGE, CLINIC, GRAIN, solid

RULES = Path(__file__).parents[3] / "samples" / "sources"
MODERN, OLD = "paper-pc-layout.toml", "paper-html-node.toml"


def article(title: str, *paragraphs: str, kicker: str = "", author: str = "") -> str:
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f"<html><head><meta charset='utf-8'><script>var a='正文';</script></head><body><p class='introTitle'>{kicker}</p>"
        f"<h1>{title}</h1><p class='author'>{author}</p><div id='ozoom'><p></p>{body}</div>"
        "<div>上一篇 下一篇</div></body></html>"
    )


def modern(site: Site, day: date) -> None:
    """…/pc/layout/202611/23/node_01.html with pages, an image map and a list of titles."""
    layout = f"/pc/layout/{day:%Y%m}/{day:%d}"
    content = f"../../../content/{day:%Y%m}/{day:%d}"
    pages = (
        "<div id='list'><a href='node_01.html'>第01版：要闻</a><a href='./node_02.html#x'>第02版：民生</a>"
        "<a href='javascript:void(0)'>PDF</a></div>"
    )
    one = f"<map><area href='{content}/content_1.html'><area href='{content}/content_9.html'></map>"
    one += f"<ul class='newslist'><li><a href='{content}/content_1.html'>跨江二桥主桥合龙</a></li></ul>"
    two = f"<ul class='newslist'><li><a href='{content}/content_2.html'>秋粮收获进入尾声</a></li></ul>"
    site.html(f"{layout}/node_01.html", f"<html><body>{pages}{one}</body></html>")
    site.html(f"{layout}/node_02.html", f"<html><body>{pages}{two}</body></html>")
    stem = f"/pc/content/{day:%Y%m}/{day:%d}"
    site.html(f"{stem}/content_1.html", article("跨江二桥主桥合龙", BRIDGE, CLINIC, author="■ 本报记者 林越"))
    site.html(f"{stem}/content_2.html", article("秋粮收获进入尾声", GRAIN, kicker="丰收时节"))
    site.html(f"{stem}/content_9.html", article("遗失声明", "张某遗失身份证一枚，声明作废。"))


def old(site: Site, day: date) -> None:
    """…/html/2026-11/23/node_2.htm in GB2312, with the tags of the older systems."""
    base = f"/ydwb/html/{day:%Y-%m}/{day:%d}"
    pages = "<a id=pageLink href=node_2.htm>第A01版:头版</a><a id=pageLink href=node_3.htm>第A02版:要闻</a>"
    lists = ("content_1.htm>跨江二桥主桥合龙", "content_2.htm>秋粮收获进入尾声")
    for name, row in zip(("node_2.htm", "node_3.htm"), lists, strict=True):
        put_gb(site, f"{base}/{name}", f"<table><tr><td>{pages}<td class=titlelist><a href={row}</a></table>")
    texts = (("跨江二桥主桥合龙", (BRIDGE, CLINIC)), ("秋粮收获进入尾声", (GRAIN,)))
    for number, (title, paragraphs) in enumerate(texts, 1):
        body = "".join(f"<P>　　{p}</P>" for p in paragraphs)
        put_gb(
            site,
            f"{base}/content_{number}.htm",
            f"<table><tr><td class=headline>{title}</td></tr><tr><td><div id=content>{body}</div></table>",
        )


def put_gb(site: Site, path: str, body: str) -> None:
    head = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body>'
    site.pages[path] = Answer(
        f"{head}{body}</body></html>".encode("gb18030"), headers={"Content-Type": "text/html"}
    )


def rules_for(site: Site, name: str) -> PaperRules:
    rules = load_rules(RULES / name)
    _, _, path = rules.first_page.partition(".example")
    return type(rules)(
        **{f: getattr(rules, f) for f in rules.__struct_fields__} | {"first_page": site.url + path}
    )


def fetch(site: Site, name: str, earlier: FetchOutcome | None = None, **changes: Any) -> FetchOutcome:
    table = PaperTable(name="日报", rules=name, max_days=changes.pop("max_days", 1))
    source = Paper(table, rules_for(site, name), fetcher(), IngestLimits())
    return source.fetch(request(memory=earlier.memory if earlier else {}, **changes))


@pytest.mark.parametrize(
    ("name", "build", "labels"),
    [
        pytest.param(MODERN, modern, ["第1版", "第2版"], id="layout, node, content"),
        pytest.param(OLD, old, ["第A1版", "第A2版"], id="html, node"),
    ],
)
def test_an_edition_is_read_page_by_page(
    site: Site, name: str, build: Callable[[Site, date], None], labels: list[str]
) -> None:
    build(site, DAY)
    found = fetch(site, name)
    assert found.report.status is SourceStatus.FETCHED, found.report.skips
    assert [d.title for d in found.documents] == ["跨江二桥主桥合龙", "秋粮收获进入尾声"]
    assert [d.page_label for d in found.documents] == labels
    assert {d.published_on for d in found.documents} == {DAY}
    assert {d.outlet for d in found.documents} == {load_rules(RULES / name).outlet}
    assert solid(found.documents[0].text).endswith(solid(BRIDGE + CLINIC))
    assert len(site.paths()) == len(set(site.paths()))


def test_its_articles_come_out_of_the_splitter_as_they_were_printed(site: Site) -> None:
    modern(site, DAY)
    document = fetch(site, MODERN).documents[0]
    (article,) = split_document(document, load_splitter()).articles
    assert article.title == "跨江二桥主桥合龙"
    assert solid(article.text) == solid(BRIDGE + CLINIC)
    assert "林越" in article.byline
    assert article.front_page


def test_an_edition_is_read_once(site: Site) -> None:
    modern(site, DAY)
    first = fetch(site, MODERN)
    site.asked.clear()
    again = fetch(site, MODERN, first)
    assert again.report.status is SourceStatus.UNCHANGED
    assert site.asked == []


def test_editions_missed_since_the_last_run_are_caught_up(site: Site) -> None:
    modern(site, DAY)
    modern(site, DAY - timedelta(days=2))
    found = fetch(site, MODERN, max_days=3)
    assert [d.published_on for d in found.documents] == [DAY - timedelta(days=2)] * 2 + [DAY] * 2
    assert found.report.status is SourceStatus.FETCHED
    # The day between had no edition, and is not asked for again.
    site.asked.clear()
    fetch(site, MODERN, found, max_days=3)
    assert site.asked == []


def test_an_edition_that_is_not_out_yet_is_a_failure_and_comes_later(site: Site) -> None:
    first = fetch(site, MODERN)
    assert first.report.status is SourceStatus.FAILED
    assert "2026-11-23" in first.report.zh
    modern(site, DAY)
    assert len(fetch(site, MODERN, first).documents) == 2


def test_what_failed_is_read_in_the_next_run_and_only_that(site: Site) -> None:
    modern(site, DAY)
    path = "/pc/content/202611/23/content_2.html"
    good = site.pages[path]
    site.pages[path] = Answer(status=500)
    first = fetch(site, MODERN)
    assert first.report.status is SourceStatus.PARTIAL
    site.pages[path] = good
    again = fetch(site, MODERN, first)
    assert [d.title for d in again.documents] == ["秋粮收获进入尾声"]


def test_a_changed_layout_is_told_not_passed_over(site: Site) -> None:
    modern(site, DAY)
    site.html(
        "/pc/content/202611/23/content_2.html", "<html><body><div class='new'>" + GRAIN + "</div></body></html>"
    )
    found = fetch(site, MODERN)
    assert [s.source for s in found.report.skips] == [site.url + "/pc/content/202611/23/content_2.html"]
    assert "article.body" in found.report.skips[0].zh
    site.html("/pc/layout/202611/23/node_01.html", "<html><body>改版了</body></html>")
    assert "articles.links" in fetch(site, MODERN).report.zh


def test_without_article_rules_the_page_is_read_as_any_web_page(site: Site) -> None:
    modern(site, DAY)
    rules = rules_for(site, MODERN)
    plain = type(rules)(
        outlet="安澜日报", first_page=rules.first_page, pages=rules.pages, articles=rules.articles
    )
    source = Paper(PaperTable(name="日报", rules="-", max_days=1), plain, fetcher(), IngestLimits())
    found = source.fetch(request())
    assert solid(GRAIN) in solid(found.documents[-1].text)
    assert found.documents[-1].page_label == "第2版"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("outlet = ", "TOML", id="not TOML"),
        pytest.param('outlet = "甲"', "first_page", id="missing key"),
        pytest.param(
            'outlet="甲"\nfirst_page="http://a/{yyyy}{mm}{dd}"\nx=1\n[articles]\nlinks="//a"',
            "x",
            id="unknown key",
        ),
        pytest.param('outlet="甲"\nfirst_page="http://a/"\n[articles]\nlinks="//a"', "date", id="no date"),
        pytest.param(
            'outlet="甲"\nfirst_page="http://a/{year}"\n[articles]\nlinks="//a"', "{yyyy}", id="unknown field"
        ),
        pytest.param(
            'outlet="甲"\nfirst_page="http://a/{yyyy.__class__}"\n[articles]\nlinks="//a"',
            "date",
            id="attribute",
        ),
        pytest.param(
            'outlet="甲"\nfirst_page="http://a/{dd}"\n[articles]\nlinks="//["', "articles.links", id="XPath"
        ),
        pytest.param(
            'outlet="甲"\nfirst_page="http://a/{dd}"\n[articles]\nlinks="//a"\nleave_out="("',
            "leave_out",
            id="regex",
        ),
        pytest.param(
            'outlet="甲"\nfirst_page="http://a/{dd}"\n[pages]\nlabel="版"\n[articles]\nlinks="//a"',
            "pages.label",
            id="no group",
        ),
    ],
)
def test_a_mistake_in_a_rule_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_rules(path)
    assert caught.value.source == str(path)
    assert named in caught.value.en
    assert caught.value.zh

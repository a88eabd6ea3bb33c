"""HTML: one file, nothing fetched, no text that becomes markup, sources reachable without a script."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise

import pytest
from lxml import html as lxml_html

from briefing.render import RenderOptions, render_briefing
from briefing.render.layouts import shipped_layouts
from briefing.render.wording import one_line
from tests.fixtures_briefing import HOSTILE_TEXT, make_briefing, park_item, plain_briefing

PAGE = render_briefing(make_briefing(), "html").body.decode()
TREE = lxml_html.document_fromstring(PAGE)
CLEAN = render_briefing(make_briefing(), "html", RenderOptions(clean=True)).body.decode()


def element_text(tree: lxml_html.HtmlElement, css_class: str) -> list[str]:
    return ["".join(e.itertext()).strip() for e in tree.xpath(f'//*[contains(@class, "{css_class}")]')]


def test_the_page_says_its_language_and_title() -> None:
    assert TREE.get("lang") == "zh-CN"
    assert TREE.findtext(".//title") == "每日政策要情　2026年3月5日"


def test_hostile_text_makes_no_element_of_its_own() -> None:
    assert len(TREE.xpath("//script")) == 1
    for name in ("b", "s", "i", "u", "em", "img", "iframe"):
        assert not TREE.xpath(f"//{name}"), name
    handlers = [k for e in TREE.iter() if isinstance(e.tag, str) for k in e.attrib if k.startswith("on")]
    assert handlers == []
    assert not TREE.xpath("//@style")


def test_hostile_text_is_shown_as_it_is() -> None:
    original = TREE.xpath('//*[@id="item-4"]//*[@class="article"]')[0]
    text = "".join(original.itertext())
    for line in HOSTILE_TEXT.replace("\u202e", "").replace("\u2028", "\n").split("\n"):
        assert one_line(line) in one_line(text)
    assert "{{ 7*7 }}" in text
    assert "49" not in text


def test_only_web_addresses_and_places_in_the_page_are_links() -> None:
    hrefs = {str(h) for h in TREE.xpath("//a/@href")}
    ids = {f"#{i}" for i in TREE.xpath("//@id")}
    assert {h for h in hrefs if not h.startswith("#")} == {"https://news.example/a?id=1&b=2"}
    assert {h for h in hrefs if h.startswith("#")} <= ids


def test_every_id_is_used_once() -> None:
    ids = TREE.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_nothing_is_fetched_and_only_the_files_own_script_may_run() -> None:
    policy = TREE.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')[0]
    assert policy.startswith("default-src 'none'; ")
    for name in ("style", "script"):
        text = re.search(f"<{name}>(.*?)</{name}>", PAGE, re.S)
        assert text
        digest = base64.b64encode(hashlib.sha256(text[1].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert not TREE.xpath("//link[not(@href='data:,')] | //*[@src] | //*[@srcset]")
    assert "url(" not in PAGE
    assert "@import" not in PAGE


def test_each_traced_sentence_leads_to_its_first_marked_character() -> None:
    for cite in TREE.xpath('//a[@class="cite"]'):
        (target,) = TREE.xpath(f'//*[@id="{cite.get("href")[1:]}"]')
        marks = target.xpath("following::mark[1]")
        assert cite.get("data-key") in marks[0].get("data-keys").split()


def test_marks_hold_exactly_the_cited_characters() -> None:
    marks = TREE.xpath('//*[@id="item-2"]//mark[contains(concat(" ", @data-keys, " "), " 2-2 ")]')
    assert "".join(m.text_content() for m in marks) == "首批5处选址已经公示，计划今年9月底前完工。"
    raw = TREE.xpath('//*[@class="raw"]//mark[contains(concat(" ", @data-keys, " "), " 2-2 ")]')
    assert "".join(m.text_content() for m in raw) == "首批5处选址已经公示,\n计划今年9月底前完工。"


@pytest.mark.parametrize("name", [pytest.param(n, id=n) for n in shipped_layouts()])
def test_headings_go_down_one_level_at_a_time(name: str) -> None:
    page = render_briefing(make_briefing(), "html", RenderOptions(layout=name)).body.decode()
    levels = [int(e.tag[1]) for e in lxml_html.document_fromstring(page).iter("h1", "h2", "h3", "h4")]
    assert len(levels) > 10
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_score_is_explained_on_demand() -> None:
    rows = TREE.xpath('//*[@id="item-2"]//details[@class="ranking"]//tr')
    assert ["".join(c.itertext()) for c in rows[1]] == ["内容重要度", "+3.60", "内容重要度3.6（满分5）"]


def test_a_clean_copy_has_no_script_no_marks_and_no_appendix() -> None:
    tree = lxml_html.document_fromstring(CLEAN)
    assert not tree.xpath("//script | //details | //mark | //aside | //button")
    body = tree.find("body").text_content()
    for word in ("核验", "【据原文】", "附一", "摘要引擎", "点击摘要"):
        assert word not in body
    for word in ("本期不完整", "【材料不足】", "（来源：", "签发：【待补】"):
        assert word in body
    assert "script-src 'none'" in tree.xpath("//meta[@http-equiv]/@content")[0]


@pytest.mark.parametrize(
    ("items", "source_chars", "headline_chars"),
    [
        pytest.param(0, 60, 16, id="no items"),
        pytest.param(200, 60, 16, id="200 items"),
        pytest.param(1, 60, 80, id="80-character headline"),
        pytest.param(2, 3000, 16, id="3,000-character source"),
    ],
)
def test_extremes_are_complete(items: int, source_chars: int, headline_chars: int) -> None:
    briefing = plain_briefing(items, source_chars=source_chars, headline_chars=headline_chars)
    tree = lxml_html.document_fromstring(render_briefing(briefing, "html").body.decode())
    assert len(tree.xpath('//article[@class="item"]')) == items
    assert len(tree.xpath("//nav//ol/li")) == (items if items > 1 else 0)
    for item, made in zip(briefing.items, tree.xpath('//article[@class="item"]'), strict=True):
        assert item.summary.headline in made.xpath("h3")[0].text_content()
        assert item.story.lead.text in made.xpath('.//*[@class="article"]')[0].text_content()


def test_the_source_line_names_every_paper() -> None:
    names = [a.outlet for a in park_item().story.articles]
    line = element_text(TREE, "source")[1]
    assert all(name in line for name in names)

"""Markdown: whatever a text holds, a viewer shows exactly its characters."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from briefing.render import RenderOptions, render_briefing
from briefing.render.markdown import escape_markdown, link
from briefing.render.wording import one_line
from tests.fixtures_briefing import HOSTILE_TEXT, make_briefing, plain_briefing

VIEWER = MarkdownIt("commonmark", {"html": True}).enable("table")


def shown(markdown: str) -> tuple[str, set[str]]:
    """The text that a viewer shows, and the kinds of markup in it."""
    text, kinds = "", set()
    for token in VIEWER.parse(markdown):
        kinds.add(token.type)
        for child in token.children or ():
            kinds.add(child.type)
            text += child.content if child.type in ("text", "text_special") else ""
    return text, kinds


_ALPHABET = st.sampled_from(
    [*"甲1. \t\n-+*_`~[]()<>#|!&;:/\\={}$@abw", "www.", "http://", "&amp;", "&#65;", "1) "]
)


@given(st.lists(_ALPHABET, max_size=12).map("".join))
@example(HOSTILE_TEXT)
@example("    缩进")
@example("甲&nbsp;乙")
def test_any_text_shows_as_it_is_and_makes_no_markup(text: str) -> None:
    plain, kinds = shown(escape_markdown(text))
    assert plain == one_line(text)
    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "text", "text_special"}


@given(st.lists(_ALPHABET, max_size=12).map("".join))
def test_any_text_stays_in_its_table_cell(text: str) -> None:
    table = f"| a | b |\n|:--|:--|\n| {escape_markdown(text)} | 末 |\n"
    cells = [t.content for t in VIEWER.parse(table) if t.type == "inline"]
    assert len(cells) == 4
    assert cells[3] == "末"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2024年4月2日，增长3.5%（同比）。", id="figures"),
        pytest.param("《意见》（国发〔2024〕7号）", id="document"),
        pytest.param("1.5亿元", id="decimal at the line's start"),
        pytest.param("A-B #3 a+b x=y", id="marks in mid-line"),
    ],
)
def test_ordinary_text_is_not_cluttered_with_escapes(text: str) -> None:
    assert escape_markdown(text) == text


def test_a_link_keeps_its_address_whole() -> None:
    url = "https://a.cn/x_(1)*?a=1&copy;=2"
    tokens = VIEWER.parseInline(link(url, "[看]"))[0].children or []
    assert tokens[0].attrs["href"] == "https://a.cn/x_(1)*?a=1&copy;=2"
    assert "".join(t.content for t in tokens[1:-1]) == "[看]"


def test_hostile_text_makes_no_markup_in_a_whole_briefing() -> None:
    tokens = VIEWER.parse(render_briefing(make_briefing(), "md").body.decode())
    html = [c.content for t in tokens for c in t.children or () if c.type == "html_inline"]
    html += [t.content for t in tokens if t.type == "html_block"]
    assert all(re.fullmatch(r'(<a id="item-\d+">|</a>)', h.strip()) for h in html)
    links = [str(c.attrs.get("href")) for t in tokens for c in t.children or () if c.type == "link_open"]
    assert all(h.startswith(("#item-", "https://news.example/")) for h in links)
    kinds = {c.type for t in tokens for c in t.children or ()}
    assert not kinds & {"image", "code_inline", "em_open"}
    assert [t.tag for t in tokens if t.type == "heading_open"].count("h1") == 1


def test_every_footnote_is_defined_once() -> None:
    text = render_briefing(make_briefing(), "md").body.decode()
    used = re.findall(r"(?<!^)\[\^([\d-]+)\]", text, re.M)
    assert sorted(used) == sorted(re.findall(r"^\[\^([\d-]+)\]:", text, re.M))
    assert used == ["1-1", "2-1", "2-2", "4-1"]


def test_a_clean_copy_has_no_marks_of_the_editor() -> None:
    text = render_briefing(make_briefing(), "md", RenderOptions(clean=True)).body.decode()
    for word in ("核验", "【据原文】", "【未注出处】", "附一", "[^", "摘要引擎"):
        assert word not in text
    for word in ("本期不完整", "【材料不足】", "（来源：", "签发：【待补】"):
        assert word in text


def test_an_empty_issue_says_so() -> None:
    text = render_briefing(plain_briefing(0), "md").body.decode()
    assert "本期无可选编的材料。" in text
    assert "本期要目" not in text


def test_a_title_of_many_lines_stays_one_heading() -> None:
    text = render_briefing(replace(make_briefing(), title="每日\n# 要情"), "md").body.decode()
    assert text.startswith("# 每日 # 要情\n")

"""Word: real styles, grid, fonts and fields; the words of the other formats; nothing that Word would refuse."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from lxml import html

from briefing.json_form import to_json
from briefing.records import Briefing, Layout, SummarySentence
from briefing.render import RenderOptions, render_briefing
from briefing.render.docx_xml import make, runs
from briefing.render.html import render_page
from tests.docx_reading import W, part, word_lines, word_paragraphs
from tests.fixtures_briefing import DAY, HOSTILE_TEXT, make_briefing, plain_briefing

FULL = Layout(
    mark="内部参阅",
    serial="0012",
    editors_note="据来稿整理，供参考。\n请对照落实。",
    report_to=("市委办公室",),
    send_to=("各县（市、区）政府", "市直各部门"),
    copies=80,
)


def render(briefing: Briefing, **options: Any) -> bytes:
    return render_briefing(briefing, "docx", RenderOptions(**options)).body


@pytest.fixture(scope="module")
def whole() -> bytes:
    return render(replace(make_briefing(), layout=FULL))


@pytest.fixture(scope="module")
def styles(whole: bytes) -> dict[str, Any]:
    return {s.get(f"{W}styleId"): s for s in part(whole, "word/styles.xml").iter(f"{W}style")}


def squeezed(text: str) -> str:
    return "".join(text.split())


LAYOUTS = [
    pytest.param("daily", False, id="daily"),
    pytest.param("daily", True, id="daily clean"),
    pytest.param("topic", False, id="topic"),
    pytest.param("opinion", True, id="opinion"),
    pytest.param("digest", False, id="digest"),
]


@pytest.mark.parametrize(("layout", "clean"), LAYOUTS)
def test_the_words_are_those_of_the_printed_page_in_the_same_order(layout: str, clean: bool) -> None:
    briefing = replace(make_briefing(), layout=replace(FULL, name=layout))
    page = html.fromstring(render_page(briefing, RenderOptions(clean=clean), screen=False))
    # Words for screen readers, which the bars show.
    for element in page.xpath("//svg/title|//svg/desc"):
        element.drop_tree()
    printed = squeezed(page.xpath("//main")[0].text_content())
    assert squeezed("".join(text for _, text in word_lines(render(briefing, clean=clean)))) == printed


def test_the_traces_are_those_of_the_markdown_form(whole: bytes) -> None:
    markdown = render_briefing(make_briefing(), "md").body.decode()
    footnotes = re.findall(r"^\[\^[\d-]+\]: (.*)$", markdown, re.M)
    comments = ["".join(p.itertext()) for p in word_paragraphs(whole, "word/comments.xml")]
    assert [squeezed(c) for c in comments] == [squeezed(re.sub(r"\\(.)", r"\1", f)) for f in footnotes]


def test_every_comment_stands_on_the_sentence_that_it_traces(whole: bytes) -> None:
    document = part(whole, "word/document.xml")
    found = {c.get(f"{W}id") for c in part(whole, "word/comments.xml").iter(f"{W}comment")}
    for kind in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert [e.get(f"{W}id") for e in document.iter(f"{W}{kind}")] == sorted(found, key=int)
    assert not [k for c in part(whole, "word/comments.xml") for k in c.attrib if k.endswith("}date")]


def test_a_clean_copy_has_no_marks_of_the_editor() -> None:
    body = render(make_briefing(), clean=True)
    text = "\n".join(line for _, line in word_lines(body))
    for word in ("核验", "【据原文】", "【未注出处】", "附一", "摘要引擎"):
        assert word not in text
    for word in ("本期不完整", "【材料不足】", "（来源：", "签发：【待补】"):
        assert word in text
    assert b"comment" not in zipfile.ZipFile(io.BytesIO(body)).read("word/document.xml")


@pytest.mark.parametrize(
    ("style", "shown", "font", "half_points"),
    [
        pytest.param("Normal", "Normal 正文", "仿宋_GB2312", 32, id="body"),
        pytest.param("Masthead", "报头", "方正小标宋简体", 84, id="masthead"),
        pytest.param("Title", "Title 标题", "方正小标宋简体", 44, id="title"),
        pytest.param("Heading1", "heading 1 一级", "黑体", 32, id="level one"),
        pytest.param("Heading2", "heading 2 二级", "楷体_GB2312", 32, id="level two"),
        pytest.param("Heading3", "heading 3 三级", "仿宋_GB2312", 32, id="level three"),
        pytest.param("Source", "来源", "楷体_GB2312", 32, id="source"),
        pytest.param("Tail", "版记", "仿宋_GB2312", 28, id="tail"),
        pytest.param("Footer", "footer", "宋体", 28, id="page number"),
    ],
)
def test_styles_have_the_fonts_and_sizes_of_the_standard(
    style: str, shown: str, font: str, half_points: int, styles: dict[str, Any]
) -> None:
    found = styles[style]
    names = [e.get(f"{W}val") for e in found if e.tag in (f"{W}name", f"{W}aliases")]
    assert " ".join(names) == shown
    fonts = found.find(f"{W}rPr/{W}rFonts")
    assert {fonts.get(f"{W}{script}") for script in ("ascii", "hAnsi", "eastAsia")} == {font}
    assert found.find(f"{W}rPr/{W}sz").get(f"{W}val") == str(half_points)


def test_every_style_used_is_defined_and_no_theme_font_is_left(whole: bytes, styles: dict[str, Any]) -> None:
    names = zipfile.ZipFile(io.BytesIO(whole)).namelist()
    assert not [n for n in names if "theme" in n or "thumbnail" in n or "app.xml" in n]
    for name in (n for n in names if n.endswith(".xml") and n.startswith("word/")):
        root = part(whole, name)
        assert not [k for e in root.iter() for k in e.attrib if k.endswith("Theme")]
        for kind in ("pStyle", "rStyle"):
            assert {e.get(f"{W}val") for e in root.iter(f"{W}{kind}")} <= set(styles)


def test_headings_carry_outline_levels_for_navigation(whole: bytes, styles: dict[str, Any]) -> None:
    levels = {}
    for key, style in styles.items():
        level = style.find(f"{W}pPr/{W}outlineLvl")
        if level is not None:
            levels[key] = int(level.get(f"{W}val"))
    outline = [(levels[s], text) for s, text in word_lines(whole) if s in levels]
    assert outline[:3] == [
        (0, "一、改革开放"),
        (1, "（一）青禾县试行“村账云审”"),
        (0, "二、民生社会"),
    ]
    assert (0, "附一　来源一览") in outline


def test_the_page_is_a4_with_the_margins_and_the_grid_of_the_standard(whole: bytes) -> None:
    section = docx.Document(io.BytesIO(whole)).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = [section.top_margin, section.right_margin, section.bottom_margin, section.left_margin]
    assert [m.mm for m in margins] == [pytest.approx(v, abs=0.2) for v in (37, 26, 35, 28)]
    grid = section._sectPr.find(f"{W}docGrid")
    assert (grid.get(f"{W}type"), grid.get(f"{W}linePitch")) == ("linesAndChars", "579")
    width = section.page_width.pt - section.left_margin.pt - section.right_margin.pt
    assert width // (16 + int(grid.get(f"{W}charSpace")) / 4096) == 28
    height = section.page_height.pt - section.top_margin.pt - section.bottom_margin.pt
    assert height // 28.95 == 22


def test_page_numbers_are_fields_right_on_odd_and_left_on_even_pages(whole: bytes) -> None:
    document = docx.Document(io.BytesIO(whole))
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        element = footer._element
        assert [e.text.strip() for e in element.iter(f"{W}instrText")] == ["PAGE"]
        assert element.find(f".//{W}jc").get(f"{W}val") == side
        assert element.find(f".//{W}ind").get(f"{W}{side}Chars") == "100"
        assert "".join(t.text for t in element.iter(f"{W}t")) == "— 1 —"


def test_the_file_says_what_it_is(whole: bytes) -> None:
    found = docx.Document(io.BytesIO(whole)).core_properties
    assert (found.title, found.author, found.language) == ("每日政策要情", "江城市政府办公室", "zh-CN")
    assert found.created.date() == found.modified.date() == DAY


def test_the_file_holds_no_time_of_its_making(whole: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert file.namelist()[0] == "[Content_Types].xml"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param("“引”——…", [("“引”——…", True)], id="Chinese marks take the Chinese font"),
        pytest.param("Xi’an", [("Xi", True), ("’", False), ("an", True)], id="an apostrophe stays narrow"),
        pytest.param("‘A’", [("‘A’", True)], id="quotes around a word do not"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_marks_take_the_font_of_their_neighbours(text: str, pieces: list[tuple[str, bool]]) -> None:
    found = [
        (r.findtext(f"{W}t"), r.find(f"{W}rPr/{W}rFonts").get(f"{W}hint") == "eastAsia") for r in runs(text)
    ]
    assert found == pieces


def test_hostile_text_stands_as_it_is(whole: bytes) -> None:
    lines = [text for _, text in word_lines(whole)]
    first = " ".join(HOSTILE_TEXT.split("\n")[0].split())
    assert any(first in line for line in lines)
    assert "三、<s>领域</s>" in lines


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param("甲\x00乙\x0b\x1f丙", "甲乙丙", id="controls that XML forbids"),
        pytest.param("坏\udcff字\uffff", "坏\ufffd字\ufffd", id="characters that XML forbids"),
        pytest.param("😀👨‍👩‍👧好", "😀👨👩👧好", id="emoji"),
        pytest.param("㛃䶮\U0002a6a5", "㛃䶮\U0002a6a5", id="rare names"),
        pytest.param("长" * 80, "长" * 80, id="80 characters"),
        pytest.param("<b>&amp;]]>", "<b>&amp;]]>", id="markup"),
    ],
)
def test_any_headline_can_be_written(given: str, shown: str) -> None:
    briefing = plain_briefing(1)
    section = briefing.sections[0]
    summary = replace(section.items[0].summary, headline=given, headline_sources=())
    item = replace(section.items[0], summary=summary)
    changed = replace(briefing, sections=(replace(section, items=(item,)),))
    assert ("Heading2", f"（一）{shown}") in word_lines(render(changed))


def test_an_item_of_3000_characters_is_one_paragraph() -> None:
    briefing = plain_briefing(1)
    section = briefing.sections[0]
    summary = replace(section.items[0].summary, sentences=(SummarySentence("长" * 2999 + "。", ()),))
    changed = replace(
        briefing, sections=(replace(section, items=(replace(section.items[0], summary=summary),)),)
    )
    assert ("Normal", "长" * 2999 + "。") in word_lines(render(changed, clean=True))


def test_contents_lead_to_the_headings() -> None:
    document = part(render(plain_briefing(30)), "word/document.xml")
    bookmarks = list(document.iter(f"{W}bookmarkStart"))
    names = [b.get(f"{W}name") for b in bookmarks]
    assert {link.get(f"{W}anchor") for link in document.iter(f"{W}hyperlink")} <= set(names)
    numbers = [b.get(f"{W}id") for b in bookmarks]
    assert len(set(names)) == len(names)
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    ("layout", "style"),
    [
        pytest.param("daily", "Masthead", id="red"),
        pytest.param("digest", "MastheadPlain", id="black"),
    ],
)
def test_the_masthead_is_a_table_over_a_rule(layout: str, style: str) -> None:
    body = render(replace(make_briefing(), layout=replace(FULL, name=layout)))
    table = docx.Document(io.BytesIO(body)).tables[0]
    text = [[cell.text for cell in row.cells] for row in table.rows]
    assert text[0] == ["内部参阅", "0012"]
    assert text[1] == ["每日政策要情"] * 2
    assert text[3] == ["江城市政府办公室编印", "2026年3月5日"]
    assert (style, "每日政策要情") in word_lines(body)
    rule = table.rows[3].cells[0]._tc.find(f".//{W}tcBorders/{W}bottom")
    assert rule.get(f"{W}sz") == ("18" if layout == "daily" else "8")


def test_the_end_of_the_text_goes_with_the_tail(whole: bytes) -> None:
    blocks = [b for b in part(whole, "word/document.xml")[0] if b.tag in (f"{W}p", f"{W}tbl")]
    *_, before, last, tail = blocks
    assert tail.find(f"{W}pPr/{W}pStyle").get(f"{W}val") == "Tail"
    assert [b.find(f"{W}pPr/{W}keepNext") is not None for b in (before, last, tail)] == [True, True, False]


def test_a_plain_digest_has_no_tail() -> None:
    lines = word_lines(render(replace(make_briefing(), layout=replace(FULL, name="digest"))))
    assert not [text for style, text in lines if style.startswith("Tail")]


# ECMA-376 part 1, CT_RPr and CT_PPr: Word refuses or ignores what stands out of order.
RUN_ORDER = ["rStyle", "rFonts", "b", "i", "snapToGrid", "color", "spacing", "sz", "szCs", "lang"]
PARAGRAPH_ORDER = [
    "pStyle",
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "pBdr",
    "shd",
    "overflowPunct",
    "autoSpaceDE",
    "autoSpaceDN",
    "snapToGrid",
    "spacing",
    "ind",
    "jc",
    "outlineLvl",
]


@pytest.mark.parametrize(
    ("tag", "order"),
    [pytest.param("rPr", RUN_ORDER, id="runs"), pytest.param("pPr", PARAGRAPH_ORDER, id="paragraphs")],
)
def test_properties_stand_in_the_order_of_the_schema(tag: str, order: list[str], whole: bytes) -> None:
    names = [n for n in zipfile.ZipFile(io.BytesIO(whole)).namelist() if re.match(r"word/\w+\.xml$", n)]
    found = [e for n in names for e in part(whole, n).iter(f"{W}{tag}")]
    assert len(found) > 20
    for element in found:
        children = [child.tag.removeprefix(W) for child in element]
        assert children == sorted(set(children), key=order.index), children


def test_every_table_is_named_and_told_for_those_who_hear_the_page(whole: bytes) -> None:
    told = {}
    for properties in part(whole, "word/document.xml").iter(f"{W}tblPr"):
        caption, description = (properties.find(f"{W}{tag}") for tag in ("tblCaption", "tblDescription"))
        assert caption is not None
        assert description is not None
        told[caption.get(f"{W}val")] = description.get(f"{W}val")
    assert {"报头", "各领域条数", "来源一览", "版记"} <= set(told)
    assert re.search(r"\d+条", told["各领域条数"] or "")
    assert re.search(r"序号、条目、来源、原题，共\d+行", told["来源一览"] or "")


def test_no_prefix_is_named_that_is_not_declared(whole: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        for name in (n for n in file.namelist() if n.startswith("word/") and n.endswith(".xml")):
            root = part(whole, name)
            ignorable = next((v for k, v in root.attrib.items() if k.endswith("Ignorable")), "")
            assert set(ignorable.split()) <= set(root.nsmap), name


def test_cells_that_share_a_rule_both_have_it() -> None:
    from briefing.render.docx_xml import border, cell

    shared = [border("bottom", 1)]
    cells = [cell(100, [make("w:p")], borders=shared) for _ in range(2)]
    assert all(c.find(f".//{W}bottom") is not None for c in cells)


def test_without_python_docx_the_other_formats_come_out(tmp_path: Path) -> None:
    path = tmp_path / "briefing.json"
    path.write_bytes(to_json(plain_briefing(1)))
    # A None entry in sys.modules is Python's own way to say that a module cannot be imported.
    code = (
        "import sys; sys.modules['docx'] = None\n"
        "from briefing.cli import run\n"
        f"sys.exit(run(['render', {str(path)!r}, '--format', 'md,docx', '--out', {str(tmp_path / 'o')!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert "briefing[docx]" in done.stderr
    assert "briefing doctor" in done.stderr
    assert "Traceback" not in done.stderr
    assert [p.name for p in (tmp_path / "o").glob("briefing.*")] == ["briefing.md"]

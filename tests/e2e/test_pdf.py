"""briefing.pdf read back: the grid, margins, sizes, page numbers and tail of GB/T 9704-2012, and bad input.

Positions are in millimetres from the top left of the sheet. WeasyPrint needs Pango from the system.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import re
import zlib
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module

import pypdfium2
import pytest
from pypdfium2 import raw

from briefing import fonts
from briefing.records import Briefing, Layout, Section
from briefing.render import RenderOptions, render_briefing
from tests.fixtures_briefing import (
    hostile_item,
    insufficient_item,
    make_briefing,
    make_item,
    park_item,
    plain_briefing,
    quote,
    take,
)

try:
    import_module("weasyprint")
except OSError as err:  # the library is there, Pango is not
    pytest.skip(f"Pango is not installed ({err})", allow_module_level=True)
INSTALLED = fonts.installed_fonts()
pytestmark = pytest.mark.skipif(
    not INSTALLED.find("Noto Serif CJK SC"), reason="no Chinese fonts (Debian: apt install fonts-noto-cjk)"
)
POINT_MM = 25.4 / 72
LINE_PT, BODY_PT = 28.95, 16.0
OFFICE = Layout(
    mark="内部参阅",
    editors_note="本期供参阅。",
    report_to=("市委", "市人大常委会"),
    send_to=("市直各部门",),
    issue_to=("各县（区）政府",),
    copies=60,
)


@dataclass(frozen=True)
class Char:
    """`left`…`bottom`: what is inked. `line`: the baseline. `size` in points."""

    char: str
    page: int
    left: float
    top: float
    right: float
    bottom: float
    line: float
    size: float


def chars_of(document: pypdfium2.PdfDocument) -> list[Char]:
    found = []
    for number, page in enumerate(document, 1):
        height = page.get_height()
        text = page.get_textpage()
        for i in range(text.count_chars()):
            char = chr(raw.FPDFText_GetUnicode(text, i))
            if char.isspace() or char == "\x00":
                continue
            left, bottom, right, top = text.get_charbox(i)
            x, y = ctypes.c_double(), ctypes.c_double()
            raw.FPDFText_GetCharOrigin(text, i, x, y)
            box = [v * POINT_MM for v in (left, height - top, right, height - bottom, height - y.value)]
            matrix = raw.FS_MATRIX()
            raw.FPDFText_GetMatrix(text, i, matrix)
            found.append(Char(char, number, *box, raw.FPDFText_GetFontSize(text, i) * matrix.a))
    return found


@cache
def body(briefing: Briefing) -> bytes:
    return render_briefing(briefing, "pdf").body


def streams(pdf: bytes) -> list[str]:
    """Everything in the file, unpacked: objects may stand in compressed streams."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
    found = [pdf]
    for piece in packed:
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompress(piece))
    return [f.decode("latin-1") for f in found]


def read(briefing: Briefing) -> list[Char]:
    document = pypdfium2.PdfDocument(body(briefing))
    found = chars_of(document)
    document.close()
    return found


def is_number(char: Char) -> bool:
    """Of the page number: the only thing below the type area."""
    return char.line > 263


def lines(chars: list[Char], page: int) -> list[list[Char]]:
    """The lines of a page from the top, without the page number."""
    own = [c for c in chars if c.page == page and not is_number(c)]
    ordered = sorted(own, key=lambda c: (round(c.line, 1), c.left))
    return [list(group) for _, group in itertools.groupby(ordered, key=lambda c: round(c.line, 1))]


def text(chars: list[Char]) -> str:
    return "".join(c.char for c in chars)


def long_briefing() -> Briefing:
    """One item whose summary fills three pages with nothing but characters."""
    words = "政策措施落实到位情况调查研究报告" * 120
    article = take(words, [words], source="in/a.txt", title="长文", outlet="江城日报")
    item = make_item(article, (quote(article, words),), area="时政要闻", score=3.0)
    return replace(make_briefing(), sections=(Section("时政要闻", (item,)),), layout=OFFICE)


def whole_briefing() -> Briefing:
    return replace(make_briefing(), layout=OFFICE)


def test_a_full_page_has_22_lines_of_28_characters_inside_the_margins() -> None:
    chars = read(long_briefing())
    full = lines(chars, 2)
    assert [len(line) for line in full] == [28] * 22
    baselines = [line[0].line for line in full]
    assert all(abs(b - a - LINE_PT * POINT_MM) < 0.05 for a, b in itertools.pairwise(baselines))
    # The first line's box begins half a leading above its characters; Noto and Fandol stand 0.88 em high.
    first_top = baselines[0] - 0.88 * BODY_PT * POINT_MM - (LINE_PT - BODY_PT) / 2 * POINT_MM
    assert first_top == pytest.approx(37, abs=1)
    assert 297 - (first_top + 22 * LINE_PT * POINT_MM) == pytest.approx(35, abs=1)
    assert min(c.left for line in full for c in line) == pytest.approx(28, abs=1)
    assert 210 - max(c.right for line in full for c in line) == pytest.approx(26, abs=1)


def test_type_sizes_are_those_of_the_standard() -> None:
    chars = read(whole_briefing())
    first = lines(chars, 1)
    sizes = {text(line): round(line[0].size, 1) for line in first}
    assert sizes["内部参阅"] == 16
    assert sizes["每日政策要情"] == 42
    assert sizes["第25期"] == 16
    body_line = next(c for c in chars if c.char == "乡" and c.page > 1)
    assert round(body_line.size, 1) == 16
    tail = next(line for line in lines(chars, chars[-1].page) if text(line).startswith("编辑"))
    assert round(tail[0].size, 1) == 14


def test_page_numbers_stand_outside_one_character_in() -> None:
    chars = [c for c in read(long_briefing()) if is_number(c)]
    pages = {c.page for c in chars}
    assert len(pages) >= 3
    for page in pages:
        own = sorted((c for c in chars if c.page == page), key=lambda c: c.left)
        assert text(own) == f"—{page}—"
        assert {round(c.size, 1) for c in own} == {14.0}
        # 7 mm from the type area, whose foot is at 262 mm, down to the dashes.
        assert own[0].top - 262 == pytest.approx(7, abs=1)
        if page % 2:
            assert 210 - 26 - own[-1].right == pytest.approx(14 * POINT_MM, abs=1)
        else:
            assert own[0].left - 28 == pytest.approx(14 * POINT_MM, abs=1)


@pytest.mark.parametrize("name", [pytest.param(n, id=n) for n in ("daily", "topic", "opinion")])
def test_the_tail_stands_at_the_foot_of_the_last_page_only(name: str) -> None:
    briefing = whole_briefing()
    chars = read(replace(briefing, layout=replace(briefing.layout, name=name)))
    last = max(c.page for c in chars)
    found = [(line[0].page, text(line)) for page in range(1, last + 1) for line in lines(chars, page)]
    tail = [entry for entry in found if entry[1].startswith(("报：", "送：", "发：", "编辑："))]
    assert tail == found[-4:]
    assert {page for page, _ in tail} == {last}
    assert tail[0][1] == "报：市委，市人大常委会"
    assert tail[-1][1] == "编辑：周明远签发：【待补】（共印60份）"
    foot = max(c.line for c in chars if c.page == last and not is_number(c))
    assert 250 < foot < 262


@pytest.mark.parametrize("count", [pytest.param(n, id=f"{n} lines") for n in (24, 25, 26, 28, 29)])
def test_the_tail_takes_text_with_it_where_it_does_not_fit(count: int) -> None:
    words = ("政策措施落实到位情况调查研究报告" * 120)[: 28 * count]
    article = take(words, [words], source="in/a.txt", title="长文", outlet="江城日报")
    item = make_item(article, (quote(article, words),), area="时政要闻", score=3.0)
    briefing = replace(make_briefing(), sections=(Section("时政要闻", (item,)),), layout=OFFICE)
    body = render_briefing(briefing, "pdf", RenderOptions(clean=True)).body
    chars = chars_of(pypdfium2.PdfDocument(body))
    last = max(c.page for c in chars)
    found = [text(line) for line in lines([c for c in chars if not is_number(c)], last)]
    at = next(i for i, said in enumerate(found) if said.startswith("报："))
    assert at > 0


def test_fonts_are_embedded_and_cut_to_what_is_used() -> None:
    document = pypdfium2.PdfDocument(body(whole_briefing()))
    embedded = set()
    for page in document:
        for found in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=9):
            embedded.add(bool(raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(found))))
    document.close()
    assert embedded == {True}
    # One whole Chinese font alone is more than 10 MB.
    assert len(body(whole_briefing())) < 1_500_000


def test_bookmarks_properties_language_and_tags_are_there() -> None:
    document = pypdfium2.PdfDocument(body(whole_briefing()))
    titles = [entry.get_title() for entry in document.get_toc()]
    properties = document.get_metadata_dict()
    tagged = document.is_tagged()
    document.close()
    for wanted in ("每日政策要情", "一、改革开放", "（一）青禾县试行“村账云审”", "附一 来源一览"):
        assert wanted in [t.replace("\u3000", " ") for t in titles]
    assert properties["Title"].startswith("每日政策要情")
    assert properties["Author"] == "江城市政府办公室编印"
    assert tagged
    opened = "".join(streams(body(whole_briefing())))
    assert "/Lang (zh-CN)" in opened
    assert "<pdfuaid:part>1</pdfuaid:part>" in opened or 'pdfuaid:part="1"' in opened


def test_text_copies_out_in_reading_order() -> None:
    document = pypdfium2.PdfDocument(body(whole_briefing()))
    pages = [p.get_textpage().get_text_range() for p in document]
    document.close()
    copied = "".join("".join(p.split()) for p in pages)
    places = [
        copied.index(words)
        for words in (
            "每日政策要情",
            "【编者按】本期供参阅。",
            "【本期要目】",
            "一、改革开放（一）青禾县试行“村账云审”青禾县在12个乡镇试行",
            "二、民生社会（一）江城拟建十八处口袋公园江城拟在三年内建设18处口袋公园，总投资约2.06亿元。",
            "附一来源一览",
            "附二未采用材料及原因",
            "报：市委，市人大常委会",
            "签发：【待补】",
        )
    ]
    assert places == sorted(places)


def test_rare_characters_have_shapes_of_their_own() -> None:
    words = "青石县干部㛃䶮与镕昇玥喆到会。"
    assert not fonts.missing_characters(words, INSTALLED)
    article = take(words, [words], source="in/a.txt", title="到会", outlet="江城日报")
    item = make_item(article, (quote(article, words),), area="时政要闻", score=3.0)
    briefing = replace(make_briefing(), sections=(Section("时政要闻", (item,)),))
    document = pypdfium2.PdfDocument(body(briefing))
    picture = document[0].render(scale=4).to_pil().convert("1")
    shapes = {}
    for char in chars_of(document):
        if char.char in "㛃䶮镕昇玥喆" and char.page == 1:
            box = [v * 4 / POINT_MM for v in (char.left, char.top, char.right, char.bottom)]
            shapes[char.char] = picture.crop(tuple(round(v) for v in box)).resize((24, 24)).tobytes()
    document.close()
    assert set(shapes) == set("㛃䶮镕昇玥喆")
    assert len(set(shapes.values())) == 6


def emoji_briefing() -> Briefing:
    words = "GDP增长5.6%（year-on-year）🙂👍会议由John Smith-Montgomery主持www.example.test/a/very/long/path/that/never/ends/and/goes/on/without/any/space。"
    article = take(words, [words], source="in/a.txt", title="🎉" * 3 + words, outlet="江城日报")
    item = make_item(article, (quote(article, words),), area="Area with Latin letters", score=3.0)
    return replace(
        make_briefing(), sections=(Section("Area", (item, hostile_item(), insufficient_item(), park_item())),)
    )


BAD = {
    "no item": plain_briefing(0),
    "200 items": plain_briefing(200),
    "80-character headings": plain_briefing(5, headline_chars=80),
    "a 3,000-character item": long_briefing(),
    "emoji, Latin, markup": emoji_briefing(),
    "failed checks, left-out material, a partial run": whole_briefing(),
    "a long topic": replace(
        make_briefing(), layout=replace(OFFICE, name="topic", topic="关于进一步优化营商环境" * 5, judgement="")
    ),
    "a long judgement": replace(
        make_briefing(), layout=replace(OFFICE, name="opinion", judgement="总体平稳，未见异常。" * 30)
    ),
    "long names": replace(
        make_briefing(),
        title="江城市人民政府办公室关于全市政务信息与舆情动态的每日综合简报",
        office="江城市人民政府办公室政务信息与督查考核联合工作专班",
        issue_number="2026年第125期（总第1325期）",
        layout=replace(OFFICE, report_to=tuple(f"江城市第{n}办公室" for n in range(30))),
    ),
}


@pytest.mark.parametrize("briefing", [pytest.param(b, id=name) for name, b in BAD.items()])
def test_nothing_overlaps_or_is_cut(briefing: Briefing) -> None:
    chars = read(briefing)
    outside = [
        c
        for c in chars
        if not is_number(c) and not (c.left > 27 and c.right < 185 and c.top > 36 and c.bottom < 263)
    ]
    assert not outside, text(outside[:40])
    for page in range(1, max(c.page for c in chars) + 1):
        own = lines(chars, page)
        for above, below in itertools.pairwise(own):
            gap = below[0].line - above[0].line
            side_by_side = max(c.right for c in above) <= min(c.left for c in below) or (
                max(c.right for c in below) <= min(c.left for c in above)
            )
            # Two baselines nearer than the lower line's ink is high would print over one another.
            crossing = [(a, b) for a in above for b in below if overlap(a, b) > 0.3]
            assert side_by_side or (gap > 0 and not crossing), (text(above), text(below))
    shown = "".join(c.char for c in chars)
    for item in briefing.items:
        assert "".join(item.summary.headline.split())[:12].lstrip("🎉") in shown.replace("\ufffd", "")


def overlap(a: Char, b: Char) -> float:
    """The smaller side, in mm, of the rectangle that both inks share."""
    across = min(a.right, b.right) - max(a.left, b.left)
    down = min(a.bottom, b.bottom) - max(a.top, b.top)
    return min(across, down)


def test_a_justified_line_reaches_both_margins() -> None:
    chars = read(whole_briefing())
    for page in range(2, 4):
        for line in lines(chars, page):
            if text(line).startswith("江城拟在三年内"):
                assert line[-1].right == pytest.approx(184, abs=1.2)
                return
    pytest.fail("the line was not found")

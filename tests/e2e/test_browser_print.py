"""What Chromium itself prints from briefing.html, read back: page numbers outside, the tail at the foot."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from pypdfium2 import raw

from briefing.records import Briefing, Layout, Section
from briefing.render import RenderOptions, render_briefing
from tests.fixtures_briefing import make_briefing, make_item, plain_briefing, quote, take

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="Chromium is not installed (Debian: apt install chromium fonts-noto-cjk)"
)
MM = 25.4 / 72
OFFICE = Layout(
    report_to=("市委", "市人大常委会"), send_to=("市直各部门",), issue_to=("各县（区）政府",), copies=60
)


@dataclass(frozen=True)
class Line:
    """`text` without white space; millimetres from the sheet's top left; `base`: its baseline."""

    text: str
    left: float
    right: float
    base: float


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def printed(browser: Browser, folder: Path, briefing: Briefing, *, clean: bool = False) -> list[list[Line]]:
    """The lines of each page from the top."""
    (folder / "a.html").write_bytes(render_briefing(briefing, "html", RenderOptions(clean=clean)).body)
    page = browser.new_page()
    page.goto((folder / "a.html").as_uri())
    page.pdf(path=str(folder / "a.pdf"), prefer_css_page_size=True)
    page.close()
    document = pypdfium2.PdfDocument(folder / "a.pdf")
    pages = [lines_of(sheet) for sheet in document]
    document.close()
    return pages


def lines_of(sheet: pypdfium2.PdfPage) -> list[Line]:
    text = sheet.get_textpage()
    rows: dict[float, list[tuple[float, float, str]]] = {}
    for i in range(text.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(text, i))
        if char.isspace() or char == "\x00":
            continue
        left, _, right, _ = text.get_charbox(i)
        # Where the glyph is drawn: for characters that share a glyph with a radical (人, 大, 门), whose Unicode
        # Chromium writes beside them, PDFium's origin and box are elsewhere.
        drawn, x, y = raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetMatrix(text, i, drawn)
        raw.FPDFText_GetCharOrigin(text, i, x, y)
        left, right = left + drawn.e - x.value, right + drawn.e - x.value
        base = (sheet.get_height() - drawn.f) * MM
        # Characters of one line share a baseline to a tenth of a millimetre; lines lie 6 mm apart and more.
        key = next((known for known in rows if abs(known - base) < 1.5), base)
        rows.setdefault(key, []).append((left * MM, right * MM, char))
    return [
        Line("".join(c for *_, c in row), row[0][0], row[-1][1], base)
        for base, row in sorted((base, sorted(row)) for base, row in rows.items())
    ]


def is_number(line: Line) -> bool:
    return line.base > 263


def of_lines(count: int) -> Briefing:
    words = ("政策措施落实到位情况调查研究报告" * 120)[: 28 * count]
    article = take(words, [words], source="in/a.txt", title="长文", outlet="江城日报")
    item = make_item(article, (quote(article, words),), area="时政要闻", score=3.0)
    return replace(make_briefing(), sections=(Section("时政要闻", (item,)),), layout=OFFICE)


@pytest.mark.parametrize(
    ("briefing", "clean"),
    [
        pytest.param(replace(make_briefing(), layout=OFFICE), False, id="editor's copy"),
        pytest.param(replace(plain_briefing(3), layout=OFFICE), True, id="clean copy"),
        pytest.param(replace(plain_briefing(12), layout=replace(OFFICE, name="topic")), True, id="topic"),
        pytest.param(replace(plain_briefing(1), layout=replace(OFFICE, name="opinion")), True, id="one page"),
    ],
)
def test_the_tail_stands_at_the_foot_of_the_last_page_only(
    browser: Browser, tmp_path: Path, briefing: Briefing, clean: bool
) -> None:
    pages = printed(browser, tmp_path, briefing, clean=clean)
    starts = ("报：", "送：", "发：", "编辑：")
    assert not [line for page in pages[:-1] for line in page if line.text.startswith(starts)]
    last = [line for line in pages[-1] if not is_number(line)]
    at = next(i for i, line in enumerate(last) if line.text.startswith("报："))
    assert at > 0, "the tail stands alone"
    tail = last[at:]
    assert "".join(line.text for line in tail).startswith(
        "报：市委，市人大常委会送：市直各部门发：各县（区）政府编辑："
    )
    assert tail[-1].text.endswith("（共印60份）")
    # The foot of the type area is at 262 mm; a line of 24 pt has its baseline 2 to 4 mm above its own.
    assert 255 < tail[-1].base < 262
    assert tail[0].base - last[at - 1].base > 24 * MM - 1


@pytest.mark.parametrize(
    "count", [pytest.param(n, id=f"{n} lines") for n in (14, 18, 20, 22, 24, 26, 28, 30, 36)]
)
def test_the_tail_takes_text_with_it_where_it_does_not_fit(
    browser: Browser, tmp_path: Path, count: int
) -> None:
    briefing = of_lines(count)
    pages = printed(browser, tmp_path, briefing, clean=True)
    last = [line for line in pages[-1] if not is_number(line)]
    at = next(i for i, line in enumerate(last) if line.text.startswith("报："))
    assert at > 0
    assert 255 < last[-1].base < 262
    whole = "".join(line.text for page in pages for line in page if not is_number(line))
    assert briefing.items[0].summary.sentences[0].text in whole


def test_page_numbers_stand_outside_one_character_in(browser: Browser, tmp_path: Path) -> None:
    pages = printed(browser, tmp_path, replace(plain_briefing(30), layout=OFFICE), clean=True)
    assert len(pages) >= 3
    for number, page in enumerate(pages, 1):
        (line,) = [line for line in page if is_number(line)]
        assert line.text == f"—{number}—"
        # 7 mm from the type area, whose foot is at 262 mm, to the dashes; the baseline is 1.7 mm below them.
        assert line.base == pytest.approx(262 + 7 + 1.7, abs=1.1)
        if number % 2:
            assert line.right == pytest.approx(184 - 14 * MM, abs=1)
        else:
            assert line.left == pytest.approx(28 + 14 * MM, abs=1)


def test_a_full_page_holds_22_lines_of_28_characters(browser: Browser, tmp_path: Path) -> None:
    page = [line for line in printed(browser, tmp_path, of_lines(70), clean=True)[1] if not is_number(line)]
    assert [len(line.text) for line in page] == [28] * 22
    assert min(line.left for line in page) == pytest.approx(28, abs=1)
    assert max(line.right for line in page) == pytest.approx(184, abs=1)

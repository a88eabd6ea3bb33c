"""briefing.docx laid out by a real word processor, page by page beside briefing.pdf.

LibreOffice stands for Word and WPS, which do not run here. Positions are in millimetres from the top left.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from pypdfium2 import raw

from briefing.records import Briefing, Layout, Section, SummarySentence
from briefing.render import RenderOptions, render_briefing
from tests.fixtures_briefing import ledger_item, make_briefing, park_item, plain_briefing
from tests.word_processor import MISSING, to_pdf

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
MM = 25.4 / 72
# Chinese without figures: LibreOffice 7.4 puts a gap between Chinese and figures whatever the file says.
SENTENCE = "各县区对老旧小区管网改造工程逐一核查并登记在册，"
PROSE = (SENTENCE * 130)[:2999] + "。"
OFFICE = Layout(editors_note="本期供参阅。", report_to=("市委办公室",), send_to=("市直各部门",), copies=60)
# Lines of one item; the tail stops fitting on the first page somewhere among them.
TAIL_LINES = (1, 8, 9, 10, 11, 12, 13, 14, 15)


def of_text(text: str) -> Briefing:
    """One item that says `text`, in the reader's copy."""
    briefing = plain_briefing(1)
    section = briefing.sections[0]
    item = section.items[0]
    summary = replace(item.summary, headline="各地工作进展", headline_sources=())
    item = replace(item, summary=replace(summary, sentences=(SummarySentence(text, ()),)))
    return replace(briefing, office="江城市政府办公室", sections=(Section("要闻", (item,)),))


def lines_of(count: int) -> Briefing:
    """An item of `count` full lines: the first is indented by two characters."""
    return of_text((SENTENCE.replace("，", "者") * 40)[: 28 * count - 2])


def issue() -> Briefing:
    """Eight items in two sections."""
    briefing = replace(make_briefing(), layout=OFFICE)
    return replace(
        briefing, sections=(Section("改革开放", (ledger_item(),) * 4), Section("民生社会", (park_item(),) * 4))
    )


BRIEFINGS: dict[str, tuple[Briefing, bool]] = {
    "prose": (of_text(PROSE), True),
    "issue": (issue(), True),
    "editor": (issue(), False),
    "topic": (replace(issue(), layout=replace(OFFICE, name="topic", topic="关于春季工作的专报")), True),
    **{f"tail{n}": (lines_of(n), True) for n in TAIL_LINES},
}


@dataclass(frozen=True)
class Line:
    """`text` without white space; `base`: its baseline."""

    text: str
    left: float
    right: float
    base: float


def read_pages(path: Path) -> list[list[Line]]:
    document = pypdfium2.PdfDocument(path)
    pages = [_read_page(page) for page in document]
    document.close()
    return pages


def _read_page(page: pypdfium2.PdfPage) -> list[Line]:
    text = page.get_textpage()
    rows: dict[int, list[tuple[float, float, float, str]]] = {}
    for i in range(text.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(text, i))
        if char.isspace() or char == "\x00":
            continue
        left, _, right, _ = text.get_charbox(i)
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(text, i, x, y)
        base = (page.get_height() - y.value) * MM
        # Characters of one line share a baseline to a tenth of a millimetre; lines lie 6 mm apart and more.
        key = next((k for k in rows if abs(k / 10 - base) < 1.5), round(base * 10))
        rows.setdefault(key, []).append((left * MM, right * MM, base, char))
    lines = []
    for row in rows.values():
        row.sort()
        lines.append(Line("".join(c for *_, c in row), row[0][0], max(r[1] for r in row), row[0][2]))
    return sorted(lines, key=lambda line: line.base)


def is_number(line: Line) -> bool:
    return line.text.startswith("—") and line.base > 265


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every briefing as Word, laid out by LibreOffice in one run, with the stand-ins that the PDF takes."""
    folder = tmp_path_factory.mktemp("word")
    for name, (briefing, clean) in BRIEFINGS.items():
        body = render_briefing(briefing, "docx", RenderOptions(clean=clean)).body
        (folder / f"{name}.docx").write_bytes(body)
    to_pdf([folder / f"{name}.docx" for name in BRIEFINGS], folder)
    return folder


def test_a_full_page_holds_22_lines_of_28_characters(folder: Path) -> None:
    pages = read_pages(folder / "prose.pdf")
    assert len(pages) == 6
    for page in pages[1:-1]:
        lines = [line for line in page if not is_number(line)]
        assert len(lines) == 22
        # A line may end one short, so that no mark opens the next.
        assert {len(line.text) for line in lines} <= {27, 28}
        assert sum(len(line.text) == 28 for line in lines) >= 11


def test_text_keeps_to_the_margins(folder: Path) -> None:
    page = [line for line in read_pages(folder / "prose.pdf")[1] if not is_number(line)]
    assert min(line.left for line in page) == pytest.approx(28, abs=1)
    assert max(line.right for line in page) == pytest.approx(184, abs=1)
    # The first baseline lies within the first of 22 lines of 10.2 mm, the last within the last.
    assert 37 < page[0].base < 37 + 10.3
    assert 262 - 10.3 < page[-1].base < 262
    gaps = {round(b.base - a.base, 1) for a, b in pairwise(page)}
    assert gaps <= {10.1, 10.2, 10.3}


def test_page_numbers_stand_7_mm_below_the_text_outside(folder: Path) -> None:
    for number, page in enumerate(read_pages(folder / "prose.pdf"), 1):
        (line,) = [line for line in page if is_number(line)]
        assert line.text == f"—{number}—"
        if number % 2:
            assert line.right == pytest.approx(184 - 14 * MM, abs=1)
        else:
            assert line.left == pytest.approx(28 + 14 * MM, abs=1)
        document = pypdfium2.PdfDocument(folder / "prose.pdf")
        text = document[number - 1].get_textpage()
        dashes = [i for i in range(text.count_chars()) if text.get_text_range(i, 1) == "—"]
        _, bottom, _, top = text.get_charbox(dashes[-1])
        document.close()
        assert 297 - (bottom + top) / 2 * MM == pytest.approx(262 + 7, abs=0.5)


@pytest.mark.parametrize(
    ("name", "same_start"),
    [
        # LibreOffice 7.4 hangs a comma into the margin although the file forbids it, so in long paragraphs
        # its lines begin a character or two apart from the PDF's; their number is the same.
        pytest.param("prose", False, id="prose"),
        pytest.param("issue", True, id="an issue"),
        pytest.param("topic", True, id="one topic"),
    ],
)
def test_pages_hold_the_lines_of_the_pdf(name: str, same_start: bool, folder: Path, tmp_path: Path) -> None:
    briefing, clean = BRIEFINGS[name]
    pdf = tmp_path / "briefing.pdf"
    try:
        pdf.write_bytes(render_briefing(briefing, "pdf", RenderOptions(clean=clean)).body)
    except Exception as err:
        if type(err).__name__ != "ResourceError":
            raise
        pytest.skip(f"the PDF to compare with cannot be made here: {err}")
    word, paper = read_pages(folder / f"{name}.pdf"), read_pages(pdf)
    assert len(word) == len(paper)
    for left, right in zip(word, paper, strict=True):
        assert abs(len(left) - len(right)) <= 1
        assert not same_start or left[0].text[:6] == right[0].text[:6]


@pytest.mark.parametrize("count", [pytest.param(n, id=f"{n} lines") for n in TAIL_LINES])
def test_the_tail_stands_at_the_foot_of_the_last_page_clear_of_the_text(count: int, folder: Path) -> None:
    pages = read_pages(folder / f"tail{count}.pdf")
    assert len(pages) <= 2
    last = [line for line in pages[-1] if not is_number(line)]
    at = next(i for i, line in enumerate(last) if line.text.startswith("报："))
    text, tail = last[:at], last[at:]
    assert tail[-1].text.endswith("份）")
    assert 262 - 10 < tail[-1].base < 262
    assert not any("报：" in line.text for page in pages[:-1] for line in page)
    # A line of the tail is 24 pt high: less between text and tail would mean that they touch.
    assert not text or tail[0].base - text[-1].base > 24 * MM
    whole = "".join(line.text for page in pages for line in page)
    assert (SENTENCE.replace("，", "者") * 40)[: 28 * count - 2] in whole.replace("—1—", "")


def test_the_tail_goes_to_a_page_of_its_own_only_when_there_is_no_room(folder: Path) -> None:
    counts = [len(read_pages(folder / f"tail{n}.pdf")) for n in TAIL_LINES]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (1, 2)


def test_the_editors_copy_keeps_its_tables_and_the_tail(folder: Path) -> None:
    pages = read_pages(folder / "editor.pdf")
    text = "\n".join(line.text for page in pages for line in page)
    for words in ("核验提示", "附一来源一览", "序号条目来源原题", "附二未采用材料及原因", "（共印60份）"):
        assert words in text
    assert all(line.right < 184 + 1 for page in pages for line in page)
    assert all(line.base < 262 for page in pages for line in page if not is_number(line))

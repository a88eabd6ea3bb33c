"""Titles on the page: the same lines in PDF, Word and Chromium's print, whole words on every screen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from briefing import app, fonts, resources
from briefing.config import load_config
from briefing.pipeline import Defaults
from briefing.records import Briefing, Layout
from briefing.render import RenderOptions, render_briefing
from briefing.render.titles import Lines, titles_of, words_of
from briefing.render.view import view_of
from briefing.words import load_lexicon
from tests.fixtures_briefing import plain_briefing
from tests.word_processor import MISSING, to_pdf

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
HEADLINES = (
    "青石县将重点开展“投资青石·共赢未来”系列招商活动",
    "青石县前三季度实现地区生产总值326.5亿元同比增长5.8% 规模以上工业增加值增长7.2%，居民人均可支配收入21345元，"
    "《青石县2026—2028年低空经济行动计划》印发实施并启动第12批项目",
    "GDP增长5.6%（year-on-year）会议由John Smith-Montgomery主持 WWW与5G专网MMM同步开通",
    "周明远镕昇玥喆会见㛃䶮公司一行并出席城投集团与镕玥科技战略合作协议签约仪式",
    "青石县举行春耕现场会",
)
TITLE = "青石县人民政府办公室关于全市政务信息与舆情动态的每日综合简报"


def briefing_of(name: str) -> Briefing:
    made = plain_briefing(len(HEADLINES))
    words = iter(HEADLINES)
    sections = tuple(
        replace(
            section,
            area="经济运行与产业科技创新暨重大项目建设推进情况通报" if i == 0 else section.area,
            items=tuple(
                replace(item, summary=replace(item.summary, headline=next(words), headline_sources=()))
                for item in section.items
            ),
        )
        for i, section in enumerate(made.sections)
    )
    layout = Layout(name=name, topic="关于进一步优化营商环境促进民营经济高质量发展的若干措施落实情况专报")
    return replace(made, sections=sections, layout=layout, title=TITLE, office="青石县政府办公室")


@cache
def demo() -> Briefing:
    """What `make demo` prints: the real page."""
    config = load_config(environment={}, flags={})
    moment = app.Moment(date(2024, 4, 2), datetime(2024, 4, 2, 8, tzinfo=UTC))
    page = str(resources.find("samples", "liaocheng-daily-page.txt"))
    return app.make_briefing([page], config, moment, defaults=Defaults(outlet="聊城日报"))[0]


def joined(lines: Lines, ordinal: str = "") -> list[str]:
    found = ["".join(words) for words in lines]
    found[0] = ordinal + found[0]
    return ["".join(line.split()) for line in found]


def expected(briefing: Briefing) -> list[list[str]]:
    """The lines of every title in the order of the page, white space left out."""
    view = view_of(briefing, RenderOptions(clean=True))
    titles = titles_of(view)
    found = [joined(titles.masthead())]
    if view.dress.topic:
        found.append(joined(titles.topic()))
    for section in view.sections if view.contents else ():
        found += [joined(titles.contents_section(section))]
        found += [joined(titles.contents(item), item.ordinal) for item in section.items]
    for section in view.sections:
        found += [joined(titles.section(section))] if section.heading else []
        found += [joined(titles.headline(item), item.ordinal) for item in section.items]
    return found


def lines_of(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return ["".join(line.split()) for line in text.splitlines()]


def check(briefing: Briefing, path: Path, *, broken: int = 4) -> None:
    """Every title stands on the page in its lines, one after the other.

    `broken`: so many titles at least take several lines. A line is compared by its characters: those of a second font come out of a PDF before or after the rest.
    """
    shown = [sorted(line) for line in lines_of(path)]
    at = 0
    titles = expected(briefing)
    assert sum(len(title) > 1 for title in titles) >= broken
    for title in titles:
        wanted = [sorted(line) for line in title]
        at = next((i for i in range(at, len(shown)) if shown[i : i + len(title)] == wanted), -1)
        assert at >= 0, (title, lines_of(path))
        at += len(title)


NAMES = ["daily", "topic", "digest"]


@pytest.mark.parametrize("name", [pytest.param(n, id=n) for n in NAMES])
def test_the_pdf_has_these_lines(name: str, tmp_path: Path) -> None:
    try:
        import_module("weasyprint")
    except OSError as err:
        pytest.skip(f"Pango is not installed ({err})")
    if not fonts.installed_fonts().find("Noto Serif CJK SC"):
        pytest.skip("no Chinese fonts (Debian: apt install fonts-noto-cjk)")
    path = tmp_path / "briefing.pdf"
    path.write_bytes(render_briefing(briefing_of(name), "pdf", RenderOptions(clean=True)).body)
    check(briefing_of(name), path)
    # A bookmark is one line: a break in the title must not glue or split its words.
    document = pypdfium2.PdfDocument(path)
    marks = ["".join(entry.get_title().split()) for entry in document.get_toc()]
    document.close()
    for headline in HEADLINES:
        assert any(mark.endswith("".join(headline.split())) for mark in marks)


def test_the_demo_leaves_no_character_alone(tmp_path: Path) -> None:
    try:
        import_module("weasyprint")
    except OSError as err:
        pytest.skip(f"Pango is not installed ({err})")
    (tmp_path / "demo.pdf").write_bytes(render_briefing(demo(), "pdf", RenderOptions(clean=True)).body)
    check(demo(), tmp_path / "demo.pdf", broken=2)
    assert not [line for title in expected(demo()) for line in title if len(line) == 1]


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
def test_word_has_the_same_lines(tmp_path: Path) -> None:
    files = [tmp_path / "demo.docx"]
    files[0].write_bytes(render_briefing(demo(), "docx", RenderOptions(clean=True)).body)
    for name in NAMES:
        files.append(tmp_path / f"{name}.docx")
        files[-1].write_bytes(render_briefing(briefing_of(name), "docx", RenderOptions(clean=True)).body)
    printed = to_pdf(files, tmp_path)
    check(demo(), printed[0], broken=2)
    for name, path in zip(NAMES, printed[1:], strict=True):
        check(briefing_of(name), path)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("Chromium is not installed (Debian: apt install chromium fonts-noto-cjk)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def test_the_browser_prints_the_same_lines(browser: Browser, tmp_path: Path) -> None:
    briefing = briefing_of("daily")
    (tmp_path / "a.html").write_bytes(render_briefing(briefing, "html", RenderOptions(clean=True)).body)
    page = browser.new_page()
    page.goto((tmp_path / "a.html").as_uri())
    page.pdf(path=str(tmp_path / "a.pdf"), prefer_css_page_size=True)
    page.close()
    check(briefing, tmp_path / "a.pdf")


# The lines of each title as they stand on the screen: characters by the top of their boxes.
SHOWN = """() => Array.from(
  document.querySelectorAll(".masthead h1, .topic, .contents a > span:last-child, .headline"),
  (title) => {
    const lines = [];
    let bottom = -1;
    const walker = document.createTreeWalker(title, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      for (let i = 0; i < text.length;) {
        const size = String.fromCodePoint(text.data.codePointAt(i)).length;
        const range = document.createRange();
        range.setStart(text, i);
        range.setEnd(text, i + size);
        const box = range.getBoundingClientRect();
        if (box.height && (box.top + box.bottom) / 2 > bottom) { lines.push(""); bottom = box.bottom; }
        lines[lines.length - 1] += text.data.slice(i, i + size);
        i += size;
      }
    }
    return lines;
  })"""


@pytest.mark.parametrize("name", [pytest.param(n, id=n) for n in (*NAMES, "demo")])
@pytest.mark.parametrize("width", [pytest.param(w, id=str(w)) for w in (320, 375, 768, 1280)])
def test_no_screen_parts_a_word_or_leaves_a_character_alone(
    browser: Browser, tmp_path: Path, name: str, width: int
) -> None:
    briefing = demo() if name == "demo" else briefing_of(name)
    (tmp_path / "a.html").write_bytes(render_briefing(briefing, "html").body)
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((tmp_path / "a.html").as_uri())
    titles = page.evaluate(SHOWN)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
    cut = load_lexicon().cut
    assert name == "demo" or sum(len(lines) > 1 for lines in titles) >= 3
    for lines in titles:
        assert all(len(line.strip()) > 1 for line in lines), lines
        text = "".join(lines)
        ordinal = text[: text.index("）") + 1] if text.startswith("（") else ""
        borders = {len(ordinal)}
        for word in words_of(text[len(ordinal) :], cut):
            borders.add(max(borders) + len(word))
        at = 0
        for line in lines:
            at += len(line)
            # A Latin word wider than the line, or one with a hyphen, is the browser's to break.
            assert at in borders or text[at - 1] in "-.", (lines, text[:at])


def test_a_title_copies_out_without_breaks(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(render_briefing(briefing_of("daily"), "html").body)
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.goto((tmp_path / "a.html").as_uri())
    copied = page.evaluate(
        "() => Array.from(document.querySelectorAll('.headline'), (title) => {"
        " getSelection().selectAllChildren(title); return getSelection().toString(); })"
    )
    page.close()
    assert [text.split("）", 1)[1] for text in copied] == list(HEADLINES)


def test_the_table_of_sources_parts_no_figure_and_no_date(tmp_path: Path) -> None:
    try:
        import_module("weasyprint")
    except OSError as err:
        pytest.skip(f"Pango is not installed ({err})")
    path = tmp_path / "briefing.pdf"
    path.write_bytes(render_briefing(briefing_of("daily"), "pdf").body)
    document = pypdfium2.PdfDocument(path)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    table = next(page for page in pages if "来源一览" in page).split("来源一览", 1)[1]
    assert "\u200b" not in table
    lines = table.splitlines()
    for whole in ("326.5亿元", "21345元", "2026—2028年", "第12批", "2026年3月5日"):
        assert any(whole in line for line in lines), (whole, lines)
    assert not [line for line in lines if len(line.strip()) == 1 and not line.strip().isdigit()]

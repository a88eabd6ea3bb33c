"""briefing.html in a real Chromium: click, keyboard, phone, print, and not one request."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing.records import Layout
from briefing.render import RenderOptions, render_briefing
from tests.fixtures_briefing import make_briefing, plain_briefing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="Chromium is not installed (Debian: apt install chromium fonts-noto-cjk)"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "briefing.html"
    path.write_bytes(render_briefing(make_briefing(), "html").body)
    return path


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """The page at desktop size; afterwards: nothing was logged, and nothing but the file was asked for."""
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    yield page
    page.close()
    assert complaints == []
    assert [r for r in requests if r not in (file.as_uri(), "data:,")] == []


def marked(page: Page) -> str:
    return "".join(page.locator("#panel mark.active").all_text_contents())


def test_a_click_shows_exactly_the_cited_characters(page: Page) -> None:
    page.click('a.cite[data-key="2-1"]')
    assert marked(page) == "江城拟在三年内建设18处口袋公园，总投资约2.06亿元。"
    assert page.locator("#panel .quoted").inner_text() == "江城拟在三年内建设18处口袋公园，总投资约2.06亿元。"
    assert "总投资约2.06亿元" in page.locator("#panel > .finding-list").inner_text()
    assert page.locator("#panel mark.active").first.is_visible()


def test_the_same_place_is_shown_on_the_page_as_it_came(page: Page) -> None:
    page.click('a.cite[data-key="2-2"]')
    page.click('[data-view="page"]')
    assert marked(page) == "首批5处选址已经公示,\n计划今年9月底前完工。"
    box = page.locator("#panel mark.active").first.bounding_box()
    view = page.locator("#panel .view").bounding_box()
    assert box
    assert view
    assert view["y"] <= box["y"] <= view["y"] + view["height"]


def test_the_cited_headline_is_marked_too(page: Page) -> None:
    page.click('a.cite[data-key="2-0"]')
    assert marked(page) == "江城拟建十八处口袋公园"


def test_every_sentence_opens_a_source(page: Page) -> None:
    for key in page.locator("a.cite").evaluate_all("nodes => nodes.map(n => n.dataset.key)"):
        page.evaluate("key => document.querySelector(`a.cite[data-key='${key}']`).click()", key)
        assert marked(page), key


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    keys = []
    for _ in range(40):
        page.keyboard.press("Tab")
        keys.append(page.evaluate("document.activeElement.dataset.key || ''"))
        if keys[-1] == "1-1":
            break
    assert keys[-1] == "1-1"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    assert page.locator("#panel").is_visible()
    assert page.evaluate("document.activeElement.id") == "panel-heading"
    assert marked(page).startswith("青禾县在12个乡镇")
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    assert page.evaluate("document.activeElement.dataset.key") == "1-1"


def test_next_and_previous_walk_through_the_sentences(page: Page) -> None:
    page.click('a.cite[data-key="1-0"]')
    assert page.locator('[data-step="-1"]').is_disabled()
    page.click('[data-step="1"]')
    assert marked(page).startswith("青禾县在12个乡镇")
    page.click('[data-step="-1"]')
    assert marked(page) == "青禾县试行“村账云审”"


@pytest.mark.parametrize("width", [pytest.param(w, id=str(w)) for w in (320, 375, 768, 1280)])
def test_nothing_is_wider_than_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for click in (False, True):
        if click:
            page.click('a.cite[data-key="4-1"]')
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_items_of_one_area_can_be_shown_alone(page: Page) -> None:
    page.select_option("#filter", "民生社会")
    shown = page.locator(".item:visible h3").all_inner_texts()
    assert [s[3:] for s in shown] == ["江城拟建十八处口袋公园", "江城部分区域明日停水"]
    assert page.locator(".area > h2:visible").all_inner_texts() == ["二、民生社会"]
    assert page.locator(".contents li:visible").count() == 2
    assert page.locator(".contents h3:visible").count() == 1
    page.click('a.cite[data-key="2-2"]')
    assert page.locator('[data-step="1"]').is_disabled()
    page.keyboard.press("Escape")
    page.emulate_media(media="print")
    assert page.locator(".item:visible").count() == 4
    page.emulate_media(media="screen")
    page.select_option("#filter", "")
    assert page.locator(".item:visible").count() == 4


def test_the_filter_says_how_many_are_left(page: Page) -> None:
    assert page.locator("#shown").inner_text() == ""
    page.select_option("#filter", "民生社会")
    assert page.locator("#shown").inner_text() == "2/4条"
    page.select_option("#filter", "")
    assert page.locator("#shown").inner_text() == ""


def test_a_link_to_a_filtered_item_leads_to_it_all_the_same(page: Page) -> None:
    page.select_option("#filter", "民生社会")
    page.click('.appendix a[href="#item-2"] >> nth=0')
    assert page.locator("#filter").input_value() == "民生社会"
    page.click('.appendix a[href="#item-1"] >> nth=0')
    assert page.locator("#filter").input_value() == ""
    box = page.locator("#item-1").bounding_box()
    assert box
    assert 0 <= box["y"] < 800


def test_what_is_to_be_checked_is_walked_through_from_the_toolbar(page: Page) -> None:
    button = page.get_by_role("button", name="核验提示 3")
    at = []
    for _ in range(4):
        button.click()
        at.append(page.evaluate("document.activeElement.closest('.item').id"))
        box = page.locator(f"#{at[-1]} h3").bounding_box()
        bar = page.locator("#toolbar").bounding_box()
        assert box
        assert bar
        # The last item cannot come up to the toolbar where the page ends.
        assert bar["y"] + bar["height"] <= box["y"] < 800
    assert at == ["item-1", "item-2", "item-4", "item-1"]
    page.select_option("#filter", "民生社会")
    button.click()
    assert page.evaluate("document.activeElement.closest('.item').id") == "item-2"


def test_arrow_keys_walk_through_the_sentences_of_an_open_source(page: Page) -> None:
    page.keyboard.press("ArrowRight")
    assert page.locator("#panel").is_hidden()
    page.click('a.cite[data-key="1-0"]')
    page.keyboard.press("ArrowRight")
    assert page.locator("#panel .quoted").inner_text().startswith("青禾县在12个乡镇")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert marked(page) == "青禾县试行“村账云审”"
    assert page.evaluate("document.activeElement.id") == "panel-heading"
    # In the list of areas the arrows choose an area.
    page.focus("#filter")
    page.keyboard.press("ArrowRight")
    assert marked(page) == "青禾县试行“村账云审”"


SMALL_TARGETS = """() => Array.from(
  document.querySelectorAll("button, select, summary, .contents a, .toolbar a"), (node) => {
    const box = node.getBoundingClientRect();
    return [node.textContent.trim().slice(0, 20), box.width, box.height];
  }).filter(([, width, height]) => height > 0 && (width < 44 || height < 44))"""


@pytest.mark.parametrize("width", [pytest.param(w, id=str(w)) for w in (320, 375)])
def test_a_finger_hits_what_it_means(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    page.click('a.cite[data-key="1-1"]')
    assert page.evaluate(SMALL_TARGETS) == []
    bar = page.locator("#toolbar").bounding_box()
    assert bar
    assert bar["height"] < 64


# Every control that the Tab key reaches: its outline against the ground on which it stands.
OUTLINES = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (css) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1);
    const linear = (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return a < 255 ? null : 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  };
  const node = document.activeElement;
  const style = getComputedStyle(node);
  let ground = node.parentElement;
  while (ground && light(getComputedStyle(ground).backgroundColor) === null) ground = ground.parentElement;
  const [a, b] = [light(style.outlineColor), light(getComputedStyle(ground).backgroundColor)].sort((x, y) => y - x);
  return [node.textContent.trim().slice(0, 20), style.outlineStyle, parseFloat(style.outlineWidth), (a + .05) / (b + .05)];
}"""


@pytest.mark.parametrize("scheme", [pytest.param(s, id=s) for s in ("light", "dark")])
def test_the_focus_is_seen_wherever_it_goes(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.click('a.cite[data-key="1-1"]')
    page.keyboard.press("Tab")
    for _ in range(60):
        name, style, width, contrast = page.evaluate(OUTLINES)
        assert style == "solid", name
        assert width >= 2, name
        assert contrast >= 3, (name, contrast)
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            page.keyboard.press("Tab")


def test_the_chart_names_itself_to_those_who_cannot_see_it(page: Page) -> None:
    chart = page.get_by_role("img", name="各领域条数")
    assert chart.is_visible()
    assert page.locator("svg desc").text_content() == "本期4条：民生社会2条，改革开放1条，<s>领域</s>1条。"
    widths = page.locator("svg .bar").evaluate_all("bars => bars.map(b => b.getBoundingClientRect().width)")
    assert widths[0] == pytest.approx(2 * widths[1], rel=0.01)


@pytest.mark.parametrize("name", [pytest.param(n, id=n) for n in ("daily", "topic", "opinion", "digest")])
@pytest.mark.parametrize("scheme", [pytest.param(s, id=s) for s in ("light", "dark")])
def test_every_layout_fits_a_phone_and_can_be_read(
    browser: Browser, tmp_path: Path, name: str, scheme: str
) -> None:
    layout = Layout(
        name=name,
        mark="内部参阅",
        serial="000012",
        editors_note="本期供参阅。",
        report_to=("市委", "市人大常委会", "市政府", "市政协"),
    )
    made = replace(make_briefing(), layout=layout, title="江城市人民政府办公室每日政务信息综合简报")
    path = tmp_path / "briefing.html"
    path.write_bytes(render_briefing(made, "html").body)
    page = browser.new_page(viewport={"width": 375, "height": 720}, color_scheme=scheme)  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    worst = page.evaluate(CONTRAST)
    assert worst["ratio"] >= 4.5, worst
    page.close()
    assert complaints == []


def test_on_a_phone_the_clicked_sentence_stays_in_sight(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 720})
    page.evaluate("window.scrollTo(0, 0)")
    cite = page.locator('a.cite[data-key="2-2"]')
    cite.click()
    box, panel = cite.bounding_box(), page.locator("#panel").bounding_box()
    assert box
    assert panel
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= panel["y"]


def test_letters_stand_out_from_their_ground_in_light_and_dark(page: Page) -> None:
    page.click('a.cite[data-key="1-1"]')
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        worst = page.evaluate(CONTRAST)
        assert worst["ratio"] >= 4.5, (scheme, worst)


def test_without_a_script_the_sources_are_there(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.locator("#print").is_hidden()
    page.click('a.cite[data-key="2-1"]')
    assert page.url.endswith("#from-2-1")
    assert page.locator("#item-2 details.original mark").first.is_visible()
    context.close()


def test_print_hides_what_is_for_the_screen(page: Page) -> None:
    page.click('a.cite[data-key="1-1"]')
    page.emulate_media(media="print", color_scheme="dark")
    for selector in ("#toolbar", "#panel", ".more >> nth=0", ".page >> nth=0", ".skip"):
        assert page.locator(selector).is_hidden(), selector
    assert page.locator(".masthead h1").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.querySelector('.summary')).fontSize") == "21.3333px"


def test_paper_is_no_phone(page: Page) -> None:
    # Firefox takes the type area for the width of the window: 156 mm, less than many a phone held crosswise.
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 590, "height": 850})
    assert page.evaluate("getComputedStyle(document.querySelector('.cards')).display") == "table"
    assert page.evaluate("getComputedStyle(document.querySelector('.summary')).fontSize") == "21.3333px"
    page.emulate_media(media="screen")
    assert page.evaluate("getComputedStyle(document.querySelector('.cards')).display") == "block"


def test_it_prints_on_a4_with_page_numbers(page: Page, tmp_path: Path) -> None:
    import pypdfium2

    path = tmp_path / "briefing.pdf"
    page.pdf(path=str(path), prefer_css_page_size=True)
    pdf = pypdfium2.PdfDocument(path)
    texts = []
    for sheet in pdf:
        assert [round(side) for side in sheet.get_size()] == [595, 842]
        texts.append(sheet.get_textpage().get_text_range())
    assert len(texts) >= 3
    for number, text in enumerate(texts, 1):
        assert f"— {number} —" in text.replace("\u2014", "—")
    assert "每日政策要情" in texts[0]
    pdf.close()


def test_no_printed_page_ends_with_a_heading(browser: Browser, tmp_path: Path) -> None:
    import pypdfium2

    briefing = plain_briefing(40)
    (tmp_path / "briefing.html").write_bytes(render_briefing(briefing, "html").body)
    page = browser.new_page()
    page.goto((tmp_path / "briefing.html").as_uri())
    page.pdf(path=str(tmp_path / "briefing.pdf"), prefer_css_page_size=True)
    page.close()
    pdf = pypdfium2.PdfDocument(tmp_path / "briefing.pdf")
    pages = [s.get_textpage().get_text_range().split("\r\n") for s in pdf]
    pdf.close()
    # The contents (on the first pages) are made of headings; the last line is the page number or before it.
    body = next(i for i, lines in enumerate(pages) if any("（来源：" in line for line in lines))
    headlines = [i.summary.headline for i in briefing.items] + [s.area for s in briefing.sections]
    assert len(pages) - body > 5
    for lines in pages[body:-1]:
        last = [line for line in lines if not line.startswith("—")][-1]
        assert not last.endswith(tuple(headlines)), last


@pytest.mark.parametrize(
    ("items", "clean"), [pytest.param(0, False, id="empty issue"), pytest.param(3, True, id="clean copy")]
)
def test_other_forms_run_without_complaint(browser: Browser, tmp_path: Path, items: int, clean: bool) -> None:
    path = tmp_path / "briefing.html"
    path.write_bytes(render_briefing(plain_briefing(items), "html", RenderOptions(clean=clean)).body)
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    assert page.locator("h1").is_visible()
    page.close()
    assert complaints == []


# The lowest contrast (WCAG 2) of any visible text that is not a disabled button.
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (css) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1);
    return Array.from(canvas.getImageData(0, 0, 1, 1).data);
  };
  const light = (c) => {
    const linear = (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = c.slice(0, 3).map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let worst = { ratio: 99 };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility()) continue;
    if (node.closest("script, style, :disabled")) continue;
    let ground = node;
    while (ground && rgb(getComputedStyle(ground).backgroundColor)[3] < 255) ground = ground.parentElement;
    const pair = [getComputedStyle(node).color, getComputedStyle(ground || document.body).backgroundColor];
    const [a, b] = pair.map((c) => light(rgb(c))).sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < worst.ratio) worst = { ratio, text: walker.currentNode.data.trim().slice(0, 30), pair };
  }
  return worst;
}"""

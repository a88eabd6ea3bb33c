"""Pictures of the page on the screen: desktop, phone, dark, and with a source open. `make golden` rewrites.

Like tests/golden/test_layouts.py: only with the fonts that the pictures were made with (screen/fonts.txt).
"""

from __future__ import annotations

import importlib.util
import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Literal

import pytest
from PIL import Image, ImageChops, ImageStat

from briefing.render import render_briefing
from tests.fixtures_briefing import make_briefing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="Chromium is not installed (Debian: apt install chromium fonts-noto-cjk)"
)
FOLDER = Path(__file__).parent / "screen"
# Letters are drawn alike on every machine: no hinting, no colour fringes.
ARGS = ("--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--disable-lcd-text", "--no-first-run")
SCALE = 0.5  # of the stored picture
TILES = 16  # a side; the worst tile counts, so that a line lost on an empty page shows too
# Mean difference of a tile (0–255). Measured: at most 2.3 for the stored 256 colours; 10 when a flag is lost, 29
# when the items sink by a pixel and a half, 51 when a line is lost.
MAX_DIFFERENCE = 5.0
Scheme = Literal["light", "dark"]
# name: width, height, colours, what is scrolled to the top, what is clicked
VIEWS: dict[str, tuple[int, int, Scheme, str, str]] = {
    "desktop": (1280, 900, "light", "", ""),
    "desktop-items": (1280, 900, "light", "#section-1", ""),
    "desktop-source": (1280, 900, "light", "#section-2", 'a.cite[data-key="2-1"]'),
    "desktop-dark": (1280, 900, "dark", "#section-2", 'a.cite[data-key="2-1"]'),
    "phone": (375, 740, "light", "", ""),
    "phone-items": (375, 740, "light", "#section-1", ""),
    "phone-appendix": (375, 740, "light", ".appendix", ""),
    "phone-dark": (375, 740, "dark", "#section-1", ""),
    "phone-dark-source": (375, 740, "dark", "#section-2", 'a.cite[data-key="2-1"]'),
}


def _of_the_pdf() -> ModuleType:
    """The sister test, for the list of fonts: tests are no package that could be imported."""
    spec = importlib.util.spec_from_file_location("layouts_of_pdf", Path(__file__).with_name("test_layouts.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FONTS_HERE = _of_the_pdf().fonts_here()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("screen") / "briefing.html"
    path.write_bytes(render_briefing(make_briefing(), "html").body)
    return path


def picture(browser: Browser, file: Path, name: str) -> Image.Image:
    width, height, scheme, top, click = VIEWS[name]
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page.goto(file.as_uri())
    page.evaluate("document.fonts.ready")
    if click:
        page.click(click)
        page.mouse.move(1, height - 1)
    if top:
        page.evaluate("selector => document.querySelector(selector).scrollIntoView()", top)
    with Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))) as shot:
        size = (round(width * SCALE), round(height * SCALE))
        made = shot.convert("RGB").resize(size, Image.Resampling.BOX)
    page.close()
    return made


def worst_difference(made: Image.Image, expected: Image.Image) -> float:
    """The largest mean difference of any tile."""
    gap = ImageChops.difference(made, expected)
    across, down = -(-gap.width // TILES), -(-gap.height // TILES)
    boxes = [
        (x, y, min(x + across, gap.width), min(y + down, gap.height))
        for x in range(0, gap.width, across)
        for y in range(0, gap.height, down)
    ]
    return max(max(ImageStat.Stat(gap.crop(box)).mean) for box in boxes)


@pytest.mark.parametrize("name", [pytest.param(n, id=n) for n in VIEWS])
def test_the_screen_looks_as_before(
    name: str, browser: Browser, file: Path, request: pytest.FixtureRequest
) -> None:
    stored = FOLDER / f"{name}.png"
    made_with = FOLDER / "fonts.txt"
    if request.config.getoption("golden_update", default=False):
        FOLDER.mkdir(exist_ok=True)
        made_with.write_text(FONTS_HERE, "utf-8")
        picture(browser, file, name).quantize(256, dither=Image.Dither.NONE).save(stored, optimize=True)
    if made_with.read_text("utf-8") != FONTS_HERE:
        pytest.skip(f"other fonts than the pictures were made with: {made_with.read_text('utf-8')}")
    made = picture(browser, file, name)
    with Image.open(stored) as image:
        expected = image.convert("RGB")
    assert made.size == expected.size
    difference = worst_difference(made, expected)
    assert difference < MAX_DIFFERENCE, f"{name} differs by {difference:.1f}: look, then `make golden`"


def test_a_lost_line_is_seen(browser: Browser, file: Path, tmp_path: Path) -> None:
    """The measure itself: the page without one source line is not the page."""
    if (FOLDER / "fonts.txt").read_text("utf-8") != FONTS_HERE:
        pytest.skip("other fonts than the pictures were made with")
    changed = file.read_text("utf-8").replace("（来源：《江城日报》2026年3月5日第2版）</p>", "</p>", 1)
    assert changed != file.read_text("utf-8")
    (tmp_path / "briefing.html").write_text(changed, "utf-8")
    with Image.open(FOLDER / "desktop-items.png") as image:
        expected = image.convert("RGB")
    made = picture(browser, tmp_path / "briefing.html", "desktop-items")
    assert worst_difference(made, expected) > MAX_DIFFERENCE

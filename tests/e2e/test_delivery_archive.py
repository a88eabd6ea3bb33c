"""The web archive in a real Chromium, from a disk: search finds, nothing is asked of any server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing.deliver.archive import Archive
from briefing.deliver_tables import ArchiveTable
from briefing.records import Rendered
from briefing.render import render_briefing
from tests.fixtures_briefing import make_briefing
from tests.unit.deliver.servers import issue, parcel

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
ARGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="Chromium is not installed (Debian: apt install chromium fonts-noto-cjk)"
)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """The archive's index; afterwards: nothing was logged, and no request left the folder."""
    from playwright.sync_api import sync_playwright

    made = Archive(ArchiveTable(name="存档", path="web", base_url="https://office.test/a"), tmp_path)
    whole = Rendered("text/html", "briefing.html", render_briefing(make_briefing(), "html").body)
    for day, headline in (
        (date(2026, 3, 5), "青禾拟新建农村公路"),
        (date(2025, 12, 31), "<b>白石</b>老旧小区改造"),
    ):
        text = issue(1)
        item = replace(text.items[0], headline=headline)
        text = replace(text, date=str(day), sections=(replace(text.sections[0], items=(item,)),))
        shipment = parcel(key=f"daily-{day}-v1", day=day, text=text, files=(whole,))
        made.send(shipment, made.parts(shipment))
    complaints: list[str] = []
    requests: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGS))
        page = browser.new_page(viewport={"width": 900, "height": 900})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto((tmp_path / "web" / "index.html").as_uri())
        yield page
        browser.close()
    assert complaints == []
    here = (tmp_path / "web").as_uri()
    assert [r for r in requests if not r.startswith((here, "data:"))] == []


def test_search_finds_items_of_every_year_and_leads_to_the_edition(page: Page) -> None:
    assert page.locator("article").count() == 2
    page.fill("#words", "公路 １.6亿元")
    page.wait_for_function("document.querySelector('#count').textContent === '找到 2 条'")
    page.fill("#words", "老旧小区")
    page.wait_for_function("document.querySelector('#count').textContent === '找到 1 条'")
    assert page.locator("#found a").inner_text() == "<b>白石</b>老旧小区改造"
    assert page.locator("#found mark").first.inner_text() == "老旧小区"
    assert not page.locator("#editions").is_visible()
    page.select_option("#year", "2026")
    page.wait_for_function("document.querySelector('#count').textContent === '找到 0 条'")
    page.select_option("#year", "")
    page.click("#found a")
    page.wait_for_load_state()
    assert page.url.endswith("2025-12-31/daily/v1/briefing.html#item-1")

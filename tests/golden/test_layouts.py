"""Pictures of the printed page of each ready layout, compared with a tolerance. `make golden` rewrites.

Only with the fonts that they were made with (layouts/fonts.txt): other stand-ins look different by right.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from briefing import fonts
from briefing.records import Briefing, Layout, RunReport, RunStatus, Section
from briefing.render import render_briefing
from briefing.render.layouts import shipped_layouts
from tests.fixtures_briefing import ledger_item, make_briefing, make_item, park_item, quote, take

FOLDER = Path(__file__).parent / "layouts"
# 45 dots an inch: a line of type is two dots high, so a block out of place shows and a hinted edge does not.
SCALE = 45 / 72
# Mean difference of grey (0–255). Measured: 0.19 for the stored 16 greys; 1.3 when the body sinks by one dot, 2.7
# by one line.
MAX_DIFFERENCE = 1.0
# The same in the worst tile, a twelfth of the page each way. Measured: 3.4 at most for the stored greys; 8.3 for a
# name in the tail that lacks a character, 29 for a line of the tail that is missing.
TILES = 12
MAX_TILE_DIFFERENCE = 6.0


def data_item() -> object:
    text = (
        "前三季度，青石县实现地区生产总值326.5亿元，同比增长5.8%。规模以上工业增加值同比增长7.2%，"
        "居民人均可支配收入21345元，同比名义增长5.2%。"
    )
    article = take(
        text,
        [text],
        source="in/data.txt",
        title="青石县前三季度经济运行平稳",
        outlet="江城日报",
        page_label="1",
    )
    sentences = tuple(quote(article, part + "。") for part in text.split("。") if part)
    return make_item(article, sentences, area="经济运行", score=4.6)


def office_briefing(name: str) -> Briefing:
    made = make_briefing()
    ledger = replace(ledger_item(), findings=())
    ledger = replace(
        ledger, summary=replace(ledger.summary, sentences=(replace(ledger.summary.sentences[0], fallback=""),))
    )
    return replace(
        made,
        title=shipped_layouts()[name].form.title,
        issue_number="2026年第25期（总第325期）",
        colophon=(("编辑", "周明远"), ("核稿", "沈若水"), ("签发", "")),
        report=RunReport(RunStatus.OK),
        sections=(
            Section("经济运行", (data_item(),)),  # type: ignore[arg-type]
            Section("改革开放", (ledger,)),
            Section("民生社会", (replace(park_item(), findings=()),)),
        ),
        layout=Layout(
            name=name,
            mark="内部参阅",
            topic="青石县经济社会发展动态",
            editors_note="本期选编经济运行、基层改革、民生实事各一条，供参阅。",
            report_to=("市委、市政府",),
            send_to=("市直各部门",),
            issue_to=("各县（区）政府",),
            copies=60,
        ),
    )  # fmt: skip


def fonts_here() -> str:
    installed = fonts.installed_fonts()
    chosen = [fonts.choose(role, installed) for role in fonts.Role]
    return "".join(f"{c.role.value} {c.family} {c.face.file.name if c.face else '-'}\n" for c in chosen)


def differences(made: Image.Image, expected: Image.Image) -> tuple[float, float]:
    """Mean difference of grey over the page, and in its worst tile."""
    gap = ImageChops.difference(made, expected)
    across, down = -(-gap.width // TILES), -(-gap.height // TILES)
    tiles = [
        gap.crop((x, y, min(x + across, gap.width), min(y + down, gap.height)))
        for x in range(0, gap.width, across)
        for y in range(0, gap.height, down)
    ]
    return ImageStat.Stat(gap).mean[0], max(ImageStat.Stat(tile).mean[0] for tile in tiles)


def check_looks(picture: Image.Image, file: str) -> None:
    with Image.open(FOLDER / file) as stored:
        expected = stored.convert("L")
    assert picture.size == expected.size, file
    mean, worst = differences(picture, expected)
    assert mean < MAX_DIFFERENCE, f"{file} differs by {mean:.2f}: look, then `make golden`"
    assert worst < MAX_TILE_DIFFERENCE, f"{file}: a part differs by {worst:.1f}: look, then `make golden`"


def pictures(name: str) -> dict[str, Image.Image]:
    """The first page and the last of the layout."""
    document = pypdfium2.PdfDocument(render_briefing(office_briefing(name), "pdf").body)
    found = {
        f"{name}-{which}.png": document[page].render(scale=SCALE).to_pil().convert("L")
        for which, page in (("first", 0), ("last", len(document) - 1))
    }
    document.close()
    return found


def test_a_name_that_lacks_a_character_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The measure itself: a smaller change than any page's mean would show."""
    if not (FOLDER / "fonts.txt").is_file() or fonts_here() != (FOLDER / "fonts.txt").read_text("utf-8"):
        pytest.skip("other fonts than the pictures were made with")
    whole = office_briefing("daily")
    changed = replace(whole, colophon=(("编辑", "周明"), *whole.colophon[1:]))
    monkeypatch.setitem(globals(), "office_briefing", lambda name: changed)
    file = "daily-last.png"
    with Image.open(FOLDER / file) as stored:
        mean, worst = differences(pictures("daily")[file], stored.convert("L"))
    assert mean < MAX_DIFFERENCE < MAX_TILE_DIFFERENCE < worst


@pytest.mark.parametrize("name", [pytest.param(n, id=n) for n in shipped_layouts()])
def test_each_layout_looks_as_before(name: str, request: pytest.FixtureRequest) -> None:
    try:
        import_module("weasyprint")
    except OSError as err:
        pytest.skip(f"Pango is not installed ({err})")
    made_with = FOLDER / "fonts.txt"
    if request.config.getoption("golden_update", default=False):
        FOLDER.mkdir(exist_ok=True)
        made_with.write_text(fonts_here(), "utf-8")
        for file, picture in pictures(name).items():
            picture.quantize(16).save(FOLDER / file, optimize=True)
    if fonts_here() != made_with.read_text("utf-8"):
        pytest.skip(f"other fonts than the pictures were made with: {made_with.read_text('utf-8')}")
    for file, picture in pictures(name).items():
        check_looks(picture, file)

"""Scans: reading order from uneven boxes, and the real recogniser on pages that the test prints."""

from __future__ import annotations

import difflib
import io
import math
import random
import socket
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from briefing.errors import SourceError
from briefing.ingest import IngestLimits, ocr, pdf, read_body
from briefing.ingest.ocr_layout import Line, mended, scan_text, skew_degrees
from briefing.records import RawDocument
from tests.unit.ingest.makers import MORE, NEWS, NOW

LIMITS = IngestLimits()
EM = 26.0
FONTS = sorted(Path("/usr/share/fonts").rglob("NotoSerifCJK-Regular.ttc"))
printed = pytest.mark.skipif(not FONTS, reason="needs Noto CJK to print a page (apt install fonts-noto-cjk)")


def column(text: str, x: float, y: float, ems: int, size: float = EM) -> list[tuple[str, float, float, float]]:
    """Lines of `ems` characters, the first indented by two, as (text, left, top, size)."""
    lines = [("", x + 2 * size, y, size)]
    for char in text:
        used = len(lines[-1][0]) + (2 if len(lines) == 1 else 0)
        if used == ems:
            lines.append(("", x, y + len(lines) * 1.45 * size, size))
        lines[-1] = (lines[-1][0] + char, *lines[-1][1:])
    return lines


def scanned(
    lines: list[tuple[str, float, float, float]], *, degrees: float = 0.0, over: float = 0.15, seed: int = 3
) -> list[Line]:
    """Boxes as a detector draws them: of uneven heights, running over by up to `over` ems at the right, askew."""
    rng = random.Random(seed)
    turn = math.radians(degrees)
    found = []
    for text, x, y, size in lines:
        left, right = x - rng.uniform(0, 0.2) * size, x + (len(text) + rng.uniform(-0.2, over)) * size
        top, foot = y - rng.uniform(0, 0.18) * size, y + (1 + rng.uniform(0, 0.18)) * size
        corners = [(left, top), (right, top), (right, foot), (left, foot)]
        turned = [
            (a * math.cos(turn) - b * math.sin(turn), a * math.sin(turn) + b * math.cos(turn))
            for a, b in corners
        ]
        found.append(Line(text, 0.99, (turned[0], turned[1], turned[2], turned[3])))
    rng.shuffle(found)
    return found


LEFT = "安澜市交通运输局十一月二十二日通报跨江二桥主桥合龙全长一千八百六十米计划明年六月建成通车引桥和附属工程仍在施工通车前还须通过荷载试验和交工验收"
RIGHT = "岳东省卫生健康委员会印发通知自明年一月起全省乡镇卫生院统一延长夜间门诊至二十时所需经费由省财政补助六成偏远乡镇可分批实施"
HEAD = "两江四岸今日要闻"


def page(columns: int = 2, ems: int = 15, gutter: float = 1.4) -> list[tuple[str, float, float, float]]:
    """A headline centred over columns of text: all of one article, set in equal parts."""
    text = LEFT + RIGHT
    share = math.ceil(len(text) / columns)
    lines = []
    for i in range(columns):
        x = 100 + i * (ems + gutter) * EM
        part = column(text[i * share : (i + 1) * share], x, 300, ems)
        # Only the first column begins a paragraph; the others go on.
        lines += part if not i else [(t, x if n == 0 else a, b, s) for n, (t, a, b, s) in enumerate(part)]
    width = (columns * (ems + gutter) - gutter) * EM
    size = 2 * EM
    return [(HEAD, 100 + (width - len(HEAD) * size) / 2, 300 - 1.2 * size, size), *lines]


def flat(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("degrees", [0.0, 1.5, -2.0])
@pytest.mark.parametrize("columns", [2, 3, 4])
def test_columns_are_read_one_after_another_under_their_headline(columns: int, degrees: float) -> None:
    assert flat(scan_text(scanned(page(columns), degrees=degrees))) == HEAD + LEFT + RIGHT


@pytest.mark.parametrize("seed", range(5))
def test_boxes_that_run_into_the_gutter_do_no_harm(seed: int) -> None:
    lines = scanned(page(2), over=1.4, seed=seed)
    assert flat(scan_text(lines)) == HEAD + LEFT + RIGHT


def test_a_box_over_two_columns_is_parted() -> None:
    lines = page(2)
    third = [i for i, (_, _, y, _) in enumerate(lines) if abs(y - (300 + 3 * 1.45 * EM)) < 1]
    (a, x, y, size), (b, *_) = (lines[i] for i in third)
    whole = [entry for i, entry in enumerate(lines) if i not in third]
    found = scanned(whole)
    right = x + (len(a) + 1.4 + len(b)) * size
    found.append(Line(a + b, 0.9, ((x, y), (right, y), (right, y + size), (x, y + size))))
    assert flat(scan_text(found)) == HEAD + LEFT + RIGHT


def test_two_articles_side_by_side_stay_apart() -> None:
    left = [("左边一篇", 160.0, 240.0, 2 * EM), *column(LEFT, 100, 300, 15)]
    right = [("右边一篇", 600.0, 240.0, 2 * EM), *column(RIGHT, 100 + 16.4 * EM, 300, 15)]
    assert flat(scan_text(scanned(left + right))) == "左边一篇" + LEFT + "右边一篇" + RIGHT


def test_paragraphs_are_parted_where_a_line_is_indented() -> None:
    first = column(LEFT, 100, 300, 15)
    second = column(RIGHT, 100, first[-1][2] + 1.45 * EM, 15)
    assert [flat(p) for p in scan_text(scanned(first + second)).split("\n\n")] == [LEFT, RIGHT]


@pytest.mark.parametrize("degrees", [0.0, 0.7, -3.0, 8.0])
def test_the_skew_of_a_page_is_found(degrees: float) -> None:
    assert skew_degrees(scanned(page(2), degrees=degrees)) == pytest.approx(degrees, abs=0.1)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        pytest.param("今年1一8月", "今年1—8月", id="dash between digits"),
        pytest.param("第一季度增长1.2", "第一季度增长1.2", id="numeral"),
        pytest.param("11月一12月", "11月一12月", id="unsure, so left"),
    ],
)
def test_only_what_no_print_can_mean_is_mended(read: str, meant: str) -> None:
    assert mended(read) == meant


def test_no_lines_are_no_text() -> None:
    assert scan_text([]) == ""


def print_page() -> Image.Image:
    """NEWS and MORE under a headline in two columns, as a 200 dpi scan of a crooked, grey page."""
    picture = Image.new("L", (1100, 700), 255)
    draw = ImageDraw.Draw(picture)
    body = ImageFont.truetype(str(FONTS[0]), 26, index=2)
    head = ImageFont.truetype(str(FONTS[0]), 52, index=2)
    draw.text((238, 40), "江城今年改造老旧小区", font=head, fill=0)
    for text, x in ((NEWS, 60), (MORE, 60 + 16.4 * 26 + 60)):
        line, y = "\u3000\u3000", 130.0
        for char in text:
            if body.getlength(line + char) > 17 * 26 and char not in "，。；：、）":
                draw.text((x, y), line, font=body, fill=0)
                line, y = "", y + 38
            line += char
        draw.text((x, y), line, font=body, fill=0)
    grey = picture.rotate(0.6, Image.Resampling.BICUBIC, fillcolor=255).point(lambda v: int(v * 0.88 + 15))
    return grey.convert("RGB")


def alike(found: str, meant: str) -> float:
    same = str.maketrans("，。；：（）", ",.;:()")
    return difflib.SequenceMatcher(None, flat(found).translate(same), flat(meant).translate(same)).ratio()


def png(picture: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


@printed
def test_a_printed_page_is_read_in_order_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("the recogniser went to the network")

    ocr._engine.cache_clear()
    monkeypatch.setattr(socket.socket, "connect", refuse)
    (document,) = read_body(png(print_page()), "第1版.png", LIMITS, now=NOW)
    assert isinstance(document, RawDocument)
    assert alike(document.text, "江城今年改造老旧小区" + NEWS + MORE) > 0.97
    assert all(figure in flat(document.text) for figure in ("2.3亿元", "46个", "1.2万户", "18个"))
    assert document.warnings == ()


@printed
def test_an_image_pdf_is_read_like_a_scan() -> None:
    (found,) = pdf.ingest(png(print_page(), "PDF"), "a.pdf", LIMITS)
    assert not hasattr(found, "zh")
    assert alike(found.text, "江城今年改造老旧小区" + NEWS + MORE) > 0.97  # type: ignore[union-attr]


def test_a_picture_without_text_is_refused() -> None:
    with pytest.raises(SourceError, match="no text"):
        ocr.ingest(png(Image.new("RGB", (300, 200), "white")), "白纸.png", LIMITS)


@printed
def test_a_page_too_blurred_to_trust_is_not_used() -> None:
    """What such a page gives looks like text, with other figures in it."""
    rng = random.Random(7)
    blurred = print_page().convert("L").resize((550, 350)).filter(ImageFilter.GaussianBlur(1.2))
    noisy = blurred.point(lambda v: max(0, min(255, int(v * 0.5 + 90 + rng.gauss(0, 30)))))
    with pytest.raises(SourceError, match="blurred"):
        ocr.ingest(png(noisy), "模糊.png", LIMITS)


def _huge_png() -> bytes:
    """A header that announces 60,000 by 60,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(50), id="broken"),
        pytest.param(png(Image.new("RGB", (400, 300), "white"))[:200], id="cut off"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="a program for a printer"),
        pytest.param(_huge_png(), id="too many pixels"),
        pytest.param(NEWS.encode(), id="text"),
    ],
)
def test_what_is_no_picture_is_our_error(body: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        ocr.ingest(body, "甲.png", LIMITS)
    assert caught.value.source == "甲.png"
    assert "\n" not in caught.value.zh


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    with pytest.raises(SourceError, match=r"briefing\[ocr\]"):
        ocr.ingest(png(Image.new("RGB", (300, 200), "white")), "甲.png", LIMITS)

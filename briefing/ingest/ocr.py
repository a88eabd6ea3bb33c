"""Scanned pages: pictures to text through RapidOCR (PP-OCR on onnxruntime; its models come in its package).

Nothing is downloaded. One page is recognised at a time, whichever thread asks.
"""

from __future__ import annotations

import io
import math
import struct
import threading
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from briefing.errors import SourceError
from briefing.ingest.extras import need
from briefing.ingest.limits import Extracted, IngestLimits
from briefing.ingest.ocr_layout import INK_HEIGHT, Line, scan_text
from briefing.records import Skip, Span

if TYPE_CHECKING:
    from PIL.Image import Image

_ONE_AT_A_TIME = threading.Lock()
# Cores beyond these gain little: the recogniser runs small batches.
_THREADS = 2
# Lines of the fullest broadsheet page; the library's own limit of 1000 would cut it without a word.
_MAX_LINES = 6000
# A broadsheet at 400 dpi has 54 million. Pillow warns from 89 million on.
MAX_PIXELS = 89_000_000
FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
# Longest side of the copy on which the size of the type is measured.
SURVEY_PIXELS = 1800
# Type size at which a page is recognised (tests/quality/measure_ocr.py); a small scan is enlarged to it.
BODY_PIXELS = 26.0
MAX_ENLARGEMENT = 2.0
# Lines under 0.94 are mostly wrong, the others mostly right, and a legible page has one line in a hundred under
# it (tests/quality/measure_ocr.py --scores; the table is in docs/sources.md).
MIN_LINE_SCORE = 0.94
# Above the first share of such lines the reader is told. Above the second the page is not used: where it was
# 43 %, nearly half of all lines held a wrong character, and a figure that looks right is worse than none.
MAX_UNSURE_SHARE = 0.1
MAX_USABLE_UNSURE_SHARE = 1 / 3


def ingest(body: bytes, name: str, limits: IngestLimits) -> list[Extracted | Skip]:
    """One document with a span a picture (a TIFF may hold several). Raises SourceError for what is no picture,
    or has no text."""
    texts, warnings = [], []
    for number, picture in enumerate(_pictures(body, name, limits), 1):
        text, warning = read_picture(picture, name, number)
        texts.append(text)
        warnings += warning
    return [joined_pages(texts, name, warnings)]


def joined_pages(texts: Sequence[str], name: str, warnings: Sequence[tuple[str, str]]) -> Extracted:
    """Pages as one document. Raises SourceError when none has text."""
    if not any(text.strip() for text in texts):
        zh, en = next(iter(warnings), ("图片中没有认出文字", "no text was recognised in the picture"))
        raise SourceError(zh, en, source=name)
    whole, spans = "", []
    for i, text in enumerate(texts):
        start = len(whole)
        whole += text + ("\n\n" if text and i + 1 < len(texts) else "")
        spans.append(Span(start, len(whole)))
    return Extracted(whole, pages=tuple(spans), warnings=tuple(warnings))


def read_picture(picture: Image, name: str, number: int = 1) -> tuple[str, list[tuple[str, str]]]:
    """Text of one page in reading order, and a warning (zh, en) when much of it is unsure.

    The text of a page that is mostly unsure is "": it would be wrong in places that look right.
    """
    lines = recognise(picture, name)
    unsure = sum(line.score < MIN_LINE_SCORE for line in lines)
    if unsure <= MAX_UNSURE_SHARE * len(lines):
        return scan_text(lines), []
    counts_zh, counts_en = (
        f"{len(lines)} 行中 {unsure} 行没有把握",
        f"{unsure} of {len(lines)} lines are unsure",
    )
    if unsure > MAX_USABLE_UNSURE_SHARE * len(lines):
        zh = f"第 {number} 页太模糊（{counts_zh}），未采用，请以 300 dpi 重新扫描"
        return "", [(zh, f"page {number} is too blurred ({counts_en}): not used, scan it again at 300 dpi")]
    zh = f"第 {number} 页识别把握不大（{counts_zh}），请核对原件"
    return scan_text(lines), [(zh, f"page {number} was hard to read ({counts_en}): check the original")]


def recognise(picture: Image, name: str) -> list[Line]:
    """The lines of a page, in no order, in the picture's own pixels. Raises SourceError without the extra."""
    for module in ("rapidocr", "onnxruntime"):
        need(module, "ocr", name)
    with _ONE_AT_A_TIME:
        engine = _engine()
        scale = _scale(picture, engine)
        # The engine keeps what it was last told, so it is told everything each time.
        found = engine(_pixels(picture, scale), use_det=True, use_cls=False, use_rec=True)
    if found.boxes is None or found.txts is None:
        return []
    lines = []
    for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        one, two, three, four = ((float(x) / scale, float(y) / scale) for x, y in box)
        lines.append(Line(str(text), float(score), (one, two, three, four)))
    return lines


def _scale(picture: Image, engine: Any) -> float:
    """Factor that brings the type of the page to the size that the models read best.

    The type is measured on a small copy. A broadsheet at 300 dpi has body type of 40 pixels: read as it is, it
    takes three times as long and several times the memory, and is read no better.
    """
    small = min(1.0, SURVEY_PIXELS / max(picture.size))
    found = engine(_pixels(picture, small), use_det=True, use_cls=False, use_rec=False)
    if found.boxes is None or len(found.boxes) == 0:
        return small
    heights = [math.dist(box[0], box[3]) for box in found.boxes]
    type_size = median(heights) / INK_HEIGHT / small
    return min(max(BODY_PIXELS / type_size, 0.1), MAX_ENLARGEMENT)


def _pixels(picture: Image, scale: float) -> Any:
    """The picture as the engine takes it: rows of blue, green, red."""
    import numpy

    if abs(scale - 1.0) > 0.05:
        from PIL.Image import Resampling

        size = (max(32, round(picture.width * scale)), max(32, round(picture.height * scale)))
        picture = picture.resize(size, Resampling.LANCZOS)
    return numpy.ascontiguousarray(numpy.asarray(picture)[:, :, ::-1])


@lru_cache(maxsize=1)
def _engine() -> Any:
    import rapidocr

    # Without its models the library would fetch them from a foreign site, unasked.
    if len(list((Path(str(rapidocr.__file__)).parent / "models").glob("*.onnx"))) < 2:
        raise SourceError(
            "文字识别组件缺少模型，请重装：pip install --force-reinstall rapidocr",
            "the recogniser's models are missing: pip install --force-reinstall rapidocr",
        )
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "Global.text_score": 0.0,
            "Global.max_side_len": 20_000,
            "Det.max_candidates": _MAX_LINES,
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
        }
    )


def _pictures(body: bytes, name: str, limits: IngestLimits) -> Iterator[Image]:
    """Each picture of the file, upright, on white, as RGB."""
    need("PIL", "ocr", name)
    from PIL import Image, ImageOps, ImageSequence

    try:
        # Only these: some of the library's readers start other programs.
        with Image.open(io.BytesIO(body), formats=FORMATS) as file:
            for number, frame in enumerate(ImageSequence.Iterator(file)):
                if frame.width * frame.height > MAX_PIXELS:
                    raise _too_large(name)
                if number >= limits.max_pdf_pages:
                    raise SourceError(
                        f"页数太多（上限 {limits.max_pdf_pages} 页），请拆分后再处理",
                        f"too many pages (the limit is {limits.max_pdf_pages}): split the file",
                        source=name,
                    )
                upright = ImageOps.exif_transpose(frame).convert("RGBA")
                sheet = Image.new("RGBA", upright.size, "white")
                sheet.alpha_composite(upright)
                yield sheet.convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as err:
        raise _too_large(name) from err
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, TypeError, IndexError) as err:
        # What the library raises for broken files is not one class.
        raise SourceError(
            "不是可读的图片，或图片已损坏", "not a readable picture, or a damaged one", source=name
        ) from err


def _too_large(name: str) -> SourceError:
    return SourceError(
        f"图片太大（超过 {MAX_PIXELS // 1_000_000} 百万像素），请以 300 dpi 重新扫描",
        f"the picture is too large (over {MAX_PIXELS // 1_000_000} megapixels): scan it again at 300 dpi",
        source=name,
    )

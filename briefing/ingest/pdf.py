"""PDF page by page in reading order, through pdfium; pages without a text layer are recognised (`ocr`).

A printed line stays a line; a blank line parts paragraphs and blocks. pdfium is not thread-safe: every
call is made under one lock, so several threads may ingest but PDFs are read one at a time.
"""

from __future__ import annotations

import ctypes
import math
import threading
from collections.abc import Iterator
from typing import Any

from briefing.errors import SourceError
from briefing.ingest import ocr
from briefing.ingest.extras import need
from briefing.ingest.limits import Extracted, IngestLimits
from briefing.ingest.pdf_layout import Glyph, page_text
from briefing.plausibility import mean_cost
from briefing.records import Skip, Span

_PDFIUM = threading.Lock()
# pdfium error numbers (fpdfview.h).
_ERROR_PASSWORD = 4
# A text layer whose fonts carry no character map comes out as noise: news costs 3.2, random hanzi 5.5
# (tests/unit/ingest/test_encoding.py prints neither; `briefing.plausibility.mean_cost` does).
MAX_MEAN_COST = 5.0
MAX_UNMAPPED_SHARE = 0.3
# Scans are mostly stored at 200 to 300 dpi: less would lose what they hold, more adds nothing.
SCAN_DPI = 300


def ingest(body: bytes, name: str, limits: IngestLimits) -> list[Extracted | Skip]:
    """One document with a span a page. Raises SourceError for a locked, damaged or empty file."""
    with _PDFIUM:
        pages = [page_text(glyphs) for glyphs in _pages(body, name, limits)]
    warnings = _recognise_scans(pages, body, name)
    text = ""
    spans = []
    for i, page in enumerate(pages):
        start = len(text)
        text += page + ("\n\n" if page and i + 1 < len(pages) else "")
        spans.append(Span(start, len(text)))
    empty = [str(i) for i, page in enumerate(pages, 1) if not page.strip()]
    if len(empty) == len(pages):
        none = ("没有文字层（扫描件），也没有认出文字", "no text layer (a scan), and no text was recognised")
        zh, en = next(iter(warnings), none)
        raise SourceError(zh, en, source=name)
    _refuse_noise(text, name)
    if empty:
        zh = f"第 {'、'.join(empty)} 页没有文字层，也没有认出文字"
        en = f"pages {', '.join(empty)} have no text layer, and no text was recognised in them"
        warnings.append((zh, en))
    return [Extracted(text, pages=tuple(spans), warnings=tuple(warnings))]


def _recognise_scans(pages: list[str], body: bytes, name: str) -> list[tuple[str, str]]:
    """Fill in the pages that have no text layer; returns warnings (zh, en).

    Raises SourceError when no page has text and the extra for scans is missing.
    """
    scans = [i for i, page in enumerate(pages) if not page.strip()]
    warnings: list[tuple[str, str]] = []
    for i in scans:
        with _PDFIUM:
            picture = _picture(body, i, name)
        try:
            pages[i], unsure = ocr.read_picture(picture, name, i + 1)
        except SourceError as err:
            if len(scans) == len(pages):
                raise
            listed = "、".join(str(n + 1) for n in scans)
            return [
                (f"第 {listed} 页是扫描页，未读：{err.zh}", f"pages {listed} are scans, not read: {err.en}")
            ]
        warnings += unsure
    return warnings


def _picture(body: bytes, number: int, name: str) -> Any:
    """One page as a picture. To be called under the lock."""
    pypdfium2 = need("pypdfium2", "pdf", name)
    need("PIL", "ocr", name)
    document = pypdfium2.PdfDocument(body)
    try:
        page = document[number]
        try:
            width, height = page.get_size()
            scale = min(SCAN_DPI / 72, math.sqrt(ocr.MAX_PIXELS / max(1.0, width * height)))
            return page.render(scale=scale).to_pil().convert("RGB")
        finally:
            page.close()
    except pypdfium2.PdfiumError as err:
        raise _damaged(name) from err
    finally:
        document.close()


def _refuse_noise(text: str, name: str) -> None:
    wide = [c for c in text if c > "\x7f"]
    unmapped = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in text)
    if unmapped > MAX_UNMAPPED_SHARE * len(text) or (
        len(wide) >= 20 and mean_cost(text[:4000]) > MAX_MEAN_COST
    ):
        raise SourceError(
            "文字层是乱码（字体没有字符对应表），需要做文字识别（OCR）",
            "the text layer is noise (its fonts map to no characters): run OCR on it",
            source=name,
        )


def _pages(body: bytes, name: str, limits: IngestLimits) -> Iterator[list[Glyph]]:
    """Glyphs of each page. To be called, and used up, under the lock."""
    pypdfium2 = need("pypdfium2", "pdf", name)
    raw = pypdfium2.raw

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as err:
        if getattr(err, "err_code", None) == _ERROR_PASSWORD or "password" in str(err).lower():
            raise SourceError(
                "文件有密码，请去掉密码后再给出", "password-protected: remove it", source=name
            ) from err
        raise _damaged(name) from err
    try:
        count = len(document)
        if not count:
            raise _damaged(name)
        if count > limits.max_pdf_pages:
            raise SourceError(
                f"页数太多（{count} 页，上限 {limits.max_pdf_pages} 页），请拆分后再处理",
                f"too many pages ({count}, the limit is {limits.max_pdf_pages}): split the file",
                source=name,
            )
        for i in range(count):
            page = document[i]
            text_page = page.get_textpage()
            try:
                if text_page.count_chars() > limits.max_page_chars:
                    raise SourceError(
                        f"第 {i + 1} 页字符太多（上限 {limits.max_page_chars}），不像报纸版面，已拒绝",
                        f"page {i + 1} has too many characters (the limit is {limits.max_page_chars}): refused",
                        source=name,
                    )
                yield _glyphs(raw, text_page.raw)
            finally:
                text_page.close()
                page.close()
    except pypdfium2.PdfiumError as err:
        raise _damaged(name) from err
    finally:
        document.close()


def _damaged(name: str) -> SourceError:
    return SourceError(
        "PDF 已损坏，请重新下载或用阅读器另存一份",
        "the PDF is damaged: download it again or save a copy from a reader",
        source=name,
    )


def _glyphs(raw: Any, text_page: Any) -> list[Glyph]:
    """Printed characters of a page. Spaces and line ends that pdfium makes up are left out."""
    glyphs = []
    box = raw.FS_RECTF()
    pending = 0
    for i in range(raw.FPDFText_CountChars(text_page)):
        code = raw.FPDFText_GetUnicode(text_page, i)
        if raw.FPDFText_IsGenerated(text_page, i) == 1 or code in (0, 0xFFFE, 10, 13):
            continue
        if 0xD800 <= code <= 0xDBFF:
            pending = code
            continue
        if 0xDC00 <= code <= 0xDFFF:
            if not pending:
                continue
            code = 0x10000 + ((pending - 0xD800) << 10) + (code - 0xDC00)
        pending = 0
        if code > 0x10FFFF or not raw.FPDFText_GetLooseCharBox(text_page, i, ctypes.byref(box)):
            continue
        size = box.top - box.bottom
        if size > 0 and box.right >= box.left:
            glyphs.append(Glyph(chr(code), box.left, box.bottom, box.right, box.top))
    return glyphs

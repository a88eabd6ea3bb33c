"""PDF for paper and archive: the page that `html` prints, set by WeasyPrint, tagged after PDF/UA-1."""

from __future__ import annotations

import importlib
import logging
from types import ModuleType
from typing import Any

from briefing import fonts
from briefing.errors import RenderError, ResourceError
from briefing.records import Briefing
from briefing.render.contract import Renderer, RenderOptions
from briefing.render.html import render_page
from briefing.render.pdf_justify import between_characters

PIP = "pip install 'briefing[pdf-out]'"
APT = "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"


def _need_weasyprint() -> ModuleType:
    """Raises ResourceError telling what to install: the Python package, or the libraries it calls."""
    try:
        return importlib.import_module("weasyprint")
    except ModuleNotFoundError as err:
        if (err.name or "").partition(".")[0] != "weasyprint":
            raise
        raise ResourceError(
            f"输出 PDF 需要另装组件：{PIP}（系统库：{APT}）；briefing doctor 可查看缺什么",
            f"PDF needs an extra: {PIP} (system libraries: {APT}); briefing doctor says what is missing",
            source="pdf",
        ) from err
    except OSError as err:
        raise ResourceError(
            f"输出 PDF 缺少系统库：{APT}；briefing doctor 可查看缺什么",
            f"PDF lacks system libraries: {APT}; briefing doctor says what is missing",
            source="pdf",
        ) from err


def _no_fetching(url: str, *args: Any, **kwargs: Any) -> Any:
    """Only the fonts of this machine are read; article text cannot make the program open anything."""
    raise ValueError(f"nothing is fetched: {url}")


def _render(briefing: Briefing, options: RenderOptions) -> bytes:
    weasyprint = _need_weasyprint()
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    page = render_page(briefing, options, screen=False)
    faces = fonts.font_face_rules(fonts.installed_fonts())
    from weasyprint.text.fonts import FontConfiguration

    configuration = FontConfiguration()
    sheets = [weasyprint.CSS(string=faces, font_config=configuration)] if faces else []
    try:
        with between_characters():
            document = weasyprint.HTML(string=page, url_fetcher=_no_fetching).render(
                stylesheets=sheets, font_config=configuration
            )
        return bytes(document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=b"briefing"))
    except (ValueError, TypeError, AssertionError, RecursionError) as err:
        raise RenderError(
            f"PDF 排版失败（{type(err).__name__}），请先用 HTML 打印，并反馈",
            f"the PDF could not be laid out ({type(err).__name__}: {err}): print the HTML, and report it",
            source="briefing.pdf",
        ) from err


RENDERER = Renderer("application/pdf", "briefing.pdf", _render)

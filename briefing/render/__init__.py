"""Briefing -> file. A new format is one new file and one line in `RENDERERS`.

What is said, and how it is numbered and worded, is decided once in `view` and `wording`; a format
decides only how it looks.
"""

from __future__ import annotations

from briefing.errors import ConfigError, RenderError
from briefing.records import Briefing, Rendered
from briefing.render import docx, html, json, markdown, pdf
from briefing.render.contract import Renderer, RenderOptions

__all__ = ["RENDERERS", "RenderOptions", "Renderer", "render_briefing"]

RENDERERS: dict[str, Renderer] = {
    "md": markdown.RENDERER,
    "html": html.RENDERER,
    "pdf": pdf.RENDERER,
    "docx": docx.RENDERER,
    "json": json.RENDERER,
}


def render_briefing(briefing: Briefing, format: str, options: RenderOptions | None = None) -> Rendered:
    """`briefing` in `format`, a key of `RENDERERS`; equal briefings give identical bytes.

    Raises ConfigError for an unknown format, RenderError when the briefing or a template is at fault.
    """
    renderer = RENDERERS.get(format)
    if renderer is None:
        allowed = ", ".join(RENDERERS)
        raise ConfigError(
            f"未知的输出格式“{format}”，可用：{allowed}",
            f"unknown format {format!r}: use one of {allowed}",
            source="format",
        )
    try:
        body = renderer.render(briefing, options or RenderOptions())
    except UnicodeEncodeError as err:
        raise RenderError(
            "简报中有不能写成 UTF-8 的字符（多半来自文件名），请改正后重试",
            "the briefing holds characters that UTF-8 cannot write (often from a file name): correct them",
            source=renderer.filename,
        ) from err
    return Rendered(renderer.media_type, renderer.filename, body)

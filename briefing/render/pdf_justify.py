"""Chinese lines set to both margins: WeasyPrint 70 justifies at spaces only, and Chinese has none.

A rule against a stop at the head of a line leaves many lines a character short; an office page has them
spread to the margin. So one function of the library is replaced while a page is laid out, and put back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from briefing.errors import RenderError

# A line this much short was broken on purpose (before a long word that cannot be divided): in characters.
_MAX_SPREAD_CHARS = 3.0
_lock = Lock()


@contextmanager
def between_characters() -> Iterator[None]:
    """Within it, WeasyPrint justifies between characters. One thread at a time.

    Raises RenderError where the library no longer has the function: pyproject.toml bounds its version.
    """
    from weasyprint.layout import inline

    if not callable(getattr(inline, "justify_line", None)):
        raise RenderError(
            "所装 WeasyPrint 的版本不受支持，请安装 70 版", "unsupported WeasyPrint: install version 70"
        )
    with _lock:
        original = inline.justify_line
        inline.justify_line = _justify
        try:
            yield
        finally:
            inline.justify_line = original


def _justify(context: Any, line: Any, extra: float) -> None:
    texts = list(_texts(line))
    chars = sum(len(box.text) for box in texts)
    if chars < 2 or not 0 < extra <= _MAX_SPREAD_CHARS * line.style["font_size"]:
        return
    _spread(context, line, extra / (chars - 1), 0.0)


def _texts(box: Any) -> Iterator[Any]:
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            yield from _texts(child)


def _spread(context: Any, box: Any, spacing: float, shift: float) -> float:
    """Widen `box` by `spacing` after each character, moved right by `shift`; the shift of what follows."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.text.line_break import create_layout

    if isinstance(box, boxes.TextBox):
        box.position_x += shift
        own = box.style["letter_spacing"]
        box.style = box.style.copy()
        box.style["letter_spacing"] = (0 if own == "normal" else own) + spacing
        layout = create_layout(box.text, box.style, context, None, 0)
        layout.deactivate()
        box.pango_layout = layout
        more = spacing * len(box.text)
        box.width += more
        return shift + more
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.position_x += shift
        before = shift
        for child in box.children:
            if child.is_in_normal_flow():
                shift = _spread(context, child, spacing, shift)
        box.width += shift - before
        return shift
    box.translate(shift, 0)
    return shift

"""Turns the units of a page into the numbers from which their labels are learned.

One row a unit: what the line says of itself, the same of the lines beside it, and how it agrees with the text
before and after (context.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from briefing.segment import cues
from briefing.segment.context import CONTEXT, PageScores, context_features
from briefing.segment.language import Language
from briefing.segment.units import Unit

Floats = npt.NDArray[np.float64]
OWN = (
    "chars", "lines", "stop_end", "comma_end", "colon_end", "dash_end", "quote_start", "digit_start", "dash_start",
    "mark_start", "enum_start", "parenthesised", "blank_before", "indented", "heading_mark", "spaces", "open_left",
    "close_stray", "stops", "commas", "byline", "byline_marked", "byline_tail", "dateline", "date", "weekday",
    "page_label", "outlet", "hotline", "credit", "jump", "advert", "caption_end", "caption", "source_line", "web",
    "rubric", "slogan", "readable", "head", "open", "close",
)  # fmt: skip
_WINDOWED = (
    "chars", "stop_end", "comma_end", "dash_start", "byline", "dateline", "byline_tail", "caption_end", "rubric",
    "slogan", "parenthesised", "head", "open", "close", "blank_before", "indented", "furniture",
)  # fmt: skip
_OFFSETS = (-3, -2, -1, 1, 2, 3)
FEATURES = OWN + tuple(f"{name}{offset:+d}" for offset in _OFFSETS for name in _WINDOWED) + CONTEXT


def page_features(units: Sequence[Unit], language: Language) -> Floats:
    """Features of every unit, shape (units, len(FEATURES)), in the order of FEATURES."""
    if not units:
        return np.zeros((0, len(FEATURES)))
    own = np.array([_own(unit, language) for unit in units])
    windowed = _windowed(own)
    scores = PageScores(
        own[:, _column("head")], own[:, _column("open")], own[:, _column("close")], own[:, _column("dateline")]
    )
    return np.hstack([own, windowed, context_features(units, scores, language)])


def _own(unit: Unit, language: Language) -> list[float]:
    text = unit.text
    opened = sum(text.count(c) for c in "“《（") - sum(text.count(c) for c in "”》）")
    edge = text[:12]
    values: list[float | bool] = [
        np.log1p(len(text)), len(unit.spans), bool(cues.STOP_END.search(text)), bool(cues.COMMA_END.search(text)),
        text.endswith("：") or text.endswith(":"), text.endswith("—"), text[:1] in "“‘《", text[:1].isdigit(),
        bool(cues.SUBTITLE.match(text)), text[:1] in "■□●▲◆★▼◎", bool(cues.ENUM_START.match(text)),
        bool(cues.PARENTHESISED.match(text)), unit.blank_before, unit.indented, unit.heading_mark, text.count(" "),
        max(opened, 0), max(-opened, 0), sum(text.count(c) for c in "。！？"), text.count("，"),
        bool(cues.BYLINE.match(text)), bool(cues.BYLINE_MARKED.match(text)), bool(cues.BYLINE_TAIL.search(text[-60:])),
        bool(cues.DATELINE.match(text)), bool(cues.MASTHEAD_DATE.search(edge + text[-16:])) and len(text) < 60,
        len(text) < 60 and bool(cues.WEEKDAY.search(text)), len(text) < 60 and bool(cues.PAGE_LABEL.search(text)),
        len(text) < 40 and bool(cues.OUTLET.match(text)), len(text) < 80 and bool(cues.HOTLINE.search(text)),
        len(text) < 60 and bool(cues.CREDIT.search(text)), len(text) < 24 and bool(cues.JUMP.search(text)),
        len(text) < 30 and bool(cues.ADVERTISEMENT.match(text)), bool(cues.CAPTION_END.search(text[-24:])),
        bool(cues.CAPTION.search(edge)), bool(cues.SOURCE_LINE.match(text)),
        len(text) < 60 and bool(cues.WEB_BOILERPLATE.search(text)), text in cues.RUBRICS,
        cues.slogan_share(text) if len(text) < 40 else 0.0, cues.readable_share(text[:80]),
        language.score("head", text), language.score("open", text), language.score("close", text),
    ]  # fmt: skip
    return [float(v) for v in values]


def _column(name: str) -> int:
    return OWN.index(name)


_FURNITURE_COLUMNS = [
    _column(n) for n in ("hotline", "credit", "jump", "advert", "weekday", "page_label", "rubric")
]


def _windowed(own: Floats) -> Floats:
    n = len(own)
    furniture = own[:, _FURNITURE_COLUMNS].max(axis=1, keepdims=True)
    table = np.hstack([own[:, [_column(name) for name in _WINDOWED if name != "furniture"]], furniture])
    # Beyond the page: -1 everywhere, a value that no feature takes for a line.
    padded = np.full((n + 6, table.shape[1]), -1.0)
    padded[3 : n + 3] = table
    return np.hstack([padded[3 + offset : n + 3 + offset] for offset in _OFFSETS])

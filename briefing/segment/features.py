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
from briefing.segment.shape import SHAPE, shape_features
from briefing.segment.units import Unit
from briefing.text.datelines import find_dateline

Floats = npt.NDArray[np.float64]
OWN = (
    "chars", "lines", "stop_end", "comma_end", "colon_end", "dash_end", "quote_start", "digit_start",
    "dash_start", "mark_start", "enum_start", "parenthesised", "blank_before", "indented", "heading_mark",
    "spaces", "open_left", "close_stray", "stops", "commas", "byline", "byline_marked", "byline_tail",
    "dateline", "date", "weekday", "page_label", "outlet", "hotline", "credit", "jump", "advert",
    "caption_end", "caption", "source_line", "web", "rubric", "slogan", "readable", "issue", "latin",
    "table", "head", "open", "close",
)  # fmt: skip
_WINDOWED = (
    "chars", "stop_end", "comma_end", "dash_start", "byline", "dateline", "byline_tail", "caption_end",
    "rubric", "slogan", "parenthesised", "head", "open", "close", "blank_before", "indented", "furniture",
)  # fmt: skip
# Longer lines are no bylines; matching them could take long.
_MAX_BYLINE_CHARS = 80
_OFFSETS = (-3, -2, -1, 1, 2, 3)
FEATURES = OWN + tuple(f"{name}{offset:+d}" for offset in _OFFSETS for name in _WINDOWED) + CONTEXT + SHAPE


def page_features(units: Sequence[Unit], language: Language) -> Floats:
    """Features of every unit, shape (units, len(FEATURES)), in the order of FEATURES."""
    if not units:
        return np.zeros((0, len(FEATURES)))
    own = np.array([_own(unit, language) for unit in units])
    windowed = _windowed(own)
    scores = PageScores(
        own[:, _column("head")], own[:, _column("open")], own[:, _column("close")], own[:, _column("dateline")]
    )
    return np.hstack(
        [
            own,
            windowed,
            context_features(units, scores, language),
            shape_features(units, scores.open, language),
        ]
    )


def _own(unit: Unit, language: Language) -> list[float]:
    values = {**_print(unit), **_wording(unit.text)}
    values |= {name: language.score(name, unit.text) for name in ("head", "open", "close")}
    return [float(values[name]) for name in OWN]


def _print(unit: Unit) -> dict[str, float]:
    """How a line looks: its size, place, marks and ends."""
    text = unit.text
    opened = sum(text.count(c) for c in "“《（") - sum(text.count(c) for c in "”》）")
    return {
        "chars": np.log1p(len(text)),
        "lines": len(unit.spans),
        "blank_before": unit.blank_before,
        "indented": unit.indented,
        "heading_mark": unit.heading_mark,
        "stop_end": bool(cues.STOP_END.search(text)),
        "comma_end": bool(cues.COMMA_END.search(text)),
        "colon_end": text.endswith(("：", ":")),
        "dash_end": text.endswith("—"),
        "quote_start": text[:1] in "“‘《",
        "digit_start": text[:1].isdigit(),
        "dash_start": bool(cues.SUBTITLE.match(text)),
        "mark_start": text[:1] in "■□●▲◆★▼◎",
        "enum_start": bool(cues.ENUM_START.match(text)),
        "parenthesised": bool(cues.PARENTHESISED.match(text)),
        "spaces": text.count(" "),
        "open_left": max(opened, 0),
        "close_stray": max(-opened, 0),
        "stops": sum(text.count(c) for c in "。！？"),
        "commas": text.count("，"),
        "latin": sum(c.isascii() and c.isalpha() for c in text[:80]) / len(text[:80]),
        "table": text.count("|"),
        "readable": cues.readable_share(text[:80]),
    }


def _wording(text: str) -> dict[str, float]:
    """The cues of a line (cues.py); those of furniture are looked for in short lines only."""
    short = text if len(text) < 60 else ""
    return {
        "byline": bool(cues.BYLINE.match(text[:_MAX_BYLINE_CHARS])) and len(text) < _MAX_BYLINE_CHARS,
        "byline_marked": bool(cues.BYLINE_MARKED.match(text[:_MAX_BYLINE_CHARS]))
        and len(text) < _MAX_BYLINE_CHARS,
        "byline_tail": bool(cues.BYLINE_TAIL.search(text[-60:])),
        "dateline": bool(find_dateline(text)),
        "date": bool(cues.MASTHEAD_DATE.search(short[:12] + short[-16:])),
        "weekday": bool(cues.WEEKDAY.search(short)),
        "page_label": bool(cues.PAGE_LABEL.search(short)),
        "outlet": len(text) < 40 and bool(cues.OUTLET.match(text)),
        "hotline": len(text) < 80 and bool(cues.HOTLINE.search(text)),
        "credit": bool(cues.CREDIT.search(short)),
        "jump": len(text) < 24 and bool(cues.JUMP.search(text)),
        "advert": len(text) < 30 and bool(cues.ADVERTISEMENT.match(text)),
        "caption_end": bool(cues.CAPTION_END.search(text[-24:])),
        "caption": bool(cues.CAPTION.search(text[:12])),
        "source_line": bool(cues.SOURCE_LINE.match(text)),
        "web": bool(cues.WEB_BOILERPLATE.search(short)),
        "rubric": text in cues.RUBRICS,
        "slogan": cues.slogan_share(text) if len(text) < 40 else 0.0,
        "issue": bool(cues.ISSUE.search(short)),
    }


def _column(name: str) -> int:
    return OWN.index(name)


_FURNITURE_COLUMNS = [
    _column(n) for n in ("hotline", "credit", "jump", "advert", "weekday", "page_label", "rubric", "issue")
]


def _windowed(own: Floats) -> Floats:
    n = len(own)
    furniture = own[:, _FURNITURE_COLUMNS].max(axis=1, keepdims=True)
    table = np.hstack([own[:, [_column(name) for name in _WINDOWED if name != "furniture"]], furniture])
    # Beyond the page: -1 everywhere, a value that no feature takes for a line.
    padded = np.full((n + 6, table.shape[1]), -1.0)
    padded[3 : n + 3] = table
    return np.hstack([padded[3 + offset : n + 3 + offset] for offset in _OFFSETS])

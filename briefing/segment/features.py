"""Turns the units of a page into the numbers from which their labels are learned.

One row a unit: what the line says of itself, how it fits the lines beside it, and how the words before it
agree with the words after it. Linear in the number of units: every window has a fixed size.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from briefing.segment import cues
from briefing.segment.language import Language, bigram_vector
from briefing.segment.units import Unit

Floats = npt.NDArray[np.float64]
# A unit of at least this many characters carries enough words to be compared with others.
LONG_CHARS = 40
# Long units looked at on either side for word agreement: about one article's half.
_CONTEXT = 8
# A displaced headline is compared with openings this many units around it (a full page has 40–120).
_REACH = 160

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
PAIR = (
    "joint_before", "joint_after", "joint_long_before", "joint_long_after", "long_distance_before", "long_distance_after",
    "open_before", "quote_carried", "cohesion", "cohesion_dip", "near_before", "near_after", "self_before", "self_after",
    "best_opening", "best_opening_distance", "best_is_next", "next_long_open", "next_long_dateline", "from_start",
    "from_end", "units", "median_chars", "blank_share", "indent_share", "heading_mark_share", "before_long_close",
)  # fmt: skip
FEATURES = OWN + tuple(f"{name}{offset:+d}" for offset in _OFFSETS for name in _WINDOWED) + PAIR


def page_features(units: Sequence[Unit], language: Language) -> Floats:
    """Features of every unit, shape (units, len(FEATURES)), in the order of FEATURES."""
    if not units:
        return np.zeros((0, len(FEATURES)))
    own = np.array([_own(unit, language) for unit in units])
    windowed = _windowed(own)
    pair = _pairs(units, own, language)
    return np.hstack([own, windowed, pair])


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


def _vectors(units: Sequence[Unit], language: Language) -> npt.NDArray[np.float32]:
    vectors = np.stack([bigram_vector(unit.text) for unit in units]) * language.idf
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(norms, 1e-6)).astype(np.float32)


def _cosine(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / size if size > 1e-6 else 0.0


def _pairs(units: Sequence[Unit], own: Floats, language: Language) -> Floats:
    # Blocks keep the dense vectors small on a text of thousands of units.
    rows = [
        _pair_block(units, own, language, start, min(start + 2 * _REACH, len(units)))
        for start in range(0, len(units), 2 * _REACH)
    ]
    return np.vstack(rows)


def _pair_block(units: Sequence[Unit], own: Floats, language: Language, start: int, stop: int) -> Floats:
    low, high = max(0, start - _REACH), min(len(units), stop + _REACH)
    near = units[low:high]
    vectors = _vectors(near, language)
    long = [i for i, unit in enumerate(near) if len(unit.text) >= LONG_CHARS]
    long_array = np.array(long, np.int64)
    openings = vectors[long_array] if long else vectors[:0]
    similar = vectors @ openings.T if long else np.zeros((len(near), 0), np.float32)
    cohesions = _cohesions(vectors, long_array, len(near))
    chars = np.array([len(u.text) for u in units[:4000]])
    page = (
        float(len(units)), float(np.median(chars)), float(np.mean([u.blank_before for u in units])),
        float(np.mean([u.indented for u in units])), float(np.mean([u.heading_mark for u in units])),
    )  # fmt: skip
    texts = [u.text for u in near]
    rows = []
    for i in range(start - low, stop - low):
        at = int(np.searchsorted(long_array, i))
        before = long[at - 1] if at else -1
        here_long = at < len(long) and long[at] == i
        after_at = at + 1 if here_long else at
        after = long[after_at] if after_at < len(long) else -1
        rows.append(
            _joints(texts, language, i, before, after)
            + [
                float(texts[before].count("“") > texts[before].count("”")) if before >= 0 else 0.0,
                float(texts[i].count("”") > texts[i].count("“")),
                cohesions[i],
                cohesions[i] - max(cohesions[max(0, i - 3) : i + 4]),
            ]
            + _agreement(vectors, similar, long, i, at, after_at)
            + [
                float(own[low + after, _column("open")]) if after >= 0 else -9.0,
                float(own[low + after, _column("dateline")]) if after >= 0 else -1.0,
                float(min(low + i, 50)),
                float(min(len(units) - 1 - low - i, 50)),
                *page,
                float(own[low + before, _column("close")]) if before >= 0 else -9.0,
            ]
        )
    return np.array(rows)


def _joints(texts: list[str], language: Language, i: int, before: int, after: int) -> list[float]:
    here = texts[i]
    return [
        language.score("joint", texts[i - 1], here) if i else -9.0,
        language.score("joint", here, texts[i + 1]) if i + 1 < len(texts) else -9.0,
        language.score("joint", texts[before], here) if before >= 0 else -9.0,
        language.score("joint", here, texts[after]) if after >= 0 else -9.0,
        float(i - before) if before >= 0 else 20.0,
        float(after - i) if after >= 0 else 20.0,
    ]


def _cohesions(vectors: npt.NDArray[np.float32], long: npt.NDArray[np.int64], n: int) -> list[float]:
    """Agreement of the long units before each place with those from it on."""
    values = []
    for i in range(n):
        at = int(np.searchsorted(long, i))
        left, right = long[max(0, at - _CONTEXT) : at], long[at : at + _CONTEXT]
        values.append(
            _cosine(vectors[left].sum(axis=0), vectors[right].sum(axis=0)) if len(left) and len(right) else -1.0
        )
    return values


def _agreement(
    vectors: npt.NDArray[np.float32],
    similar: npt.NDArray[np.float32],
    long: list[int],
    i: int,
    at: int,
    after_at: int,
) -> list[float]:
    left, right = long[max(0, at - 3) : at], long[after_at : after_at + 3]
    before = vectors[left].sum(axis=0) if left else None
    after = vectors[right].sum(axis=0) if right else None
    row = similar[i].copy()
    if at < len(long) and long[at] == i:
        row[at] = 0.0
    best = int(row.argmax()) if len(row) else -1
    return [
        _cosine(vectors[left[-1]], vectors[right[0]]) if left and right else -1.0,
        _cosine(before, after) if before is not None and after is not None else -1.0,
        _cosine(vectors[i], before) if before is not None else -1.0,
        _cosine(vectors[i], after) if after is not None else -1.0,
        float(row[best]) if best >= 0 else 0.0,
        float(np.clip(long[best] - i, -60, 60)) if best >= 0 else 0.0,
        float(best == after_at) if best >= 0 else 0.0,
    ]

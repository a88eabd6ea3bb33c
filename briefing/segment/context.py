"""Features of a unit that come from the text around it: does the sentence run on, do the words before agree
with the words after, does a displaced headline at the page's end speak of what begins here?

Linear in the number of units: texts are taken in blocks with a margin, and every window has a fixed size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from briefing.segment.language import Language, bigram_vector
from briefing.segment.units import Unit

Floats = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]
# A unit of at least this many characters carries enough words to be compared with others.
LONG_CHARS = 40
# Long units looked at on either side for word agreement: about one article's half.
_CONTEXT = 8
# A displaced headline is compared with openings this many units around it (a full page has 40–120).
_REACH = 160
# Values where there is nothing to look at, below every real one.
_NO_SCORE = -9.0
_NO_COSINE = -1.0

CONTEXT = (
    "joint_before", "joint_after", "joint_long_before", "joint_long_after", "long_distance_before",
    "long_distance_after", "open_before", "quote_carried", "cohesion", "cohesion_dip", "near", "near_three",
    "self_before", "self_after", "best_opening", "best_opening_distance", "best_is_next", "next_long_open",
    "next_long_dateline", "before_long_close", "tail_after", "tail_gain", "tail_best", "tail_units",
    "tail_head", "short_run_before", "short_run_after", "from_start", "from_end", "units", "median_chars",
    "blank_share", "indent_share", "heading_mark_share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageScores:
    """What the scorers said of every unit, each (units,)."""

    head: Floats
    open: Floats
    close: Floats
    dateline: Floats


@dataclass(frozen=True, slots=True)
class _Block:
    """Units `start..stop` (indices into `texts`) of a stretch of a document, with what is around them."""

    texts: list[str]
    pages: list[int]
    vectors: Vectors
    long: npt.NDArray[np.int64]
    low: int  # number of the first text in the document
    start: int
    stop: int


def context_features(units: Sequence[Unit], scores: PageScores, language: Language) -> Floats:
    """Shape (units, len(CONTEXT))."""
    rows = []
    for start in range(0, len(units), 2 * _REACH):
        stop = min(start + 2 * _REACH, len(units))
        low, high = max(0, start - _REACH), min(len(units), stop + _REACH)
        texts = [unit.text for unit in units[low:high]]
        long = np.array([i for i, text in enumerate(texts) if len(text) >= LONG_CHARS], np.int64)
        pages = [unit.page for unit in units[low:high]]
        block = _Block(texts, pages, _vectors(texts, language), long, low, start - low, stop - low)
        rows.append(np.hstack([_joints(block, language), _agreements(block, scores), _tails(block, scores)]))
    return np.hstack([np.vstack(rows), _page(units)])


def _vectors(texts: Sequence[str], language: Language) -> Vectors:
    vectors = np.stack([bigram_vector(text) for text in texts]) * language.idf
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-6), np.float32)


def _unit_length(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-6), np.float32)


def _long_neighbours(block: _Block, i: int) -> tuple[int, int]:
    """Places in `block.long` of the next long unit from i on, and after i."""
    at = int(np.searchsorted(block.long, i))
    return at, at + 1 if at < len(block.long) and block.long[at] == i else at


def _joints(block: _Block, language: Language) -> Floats:
    """How well the sentence runs on over the lines beside a unit and over the long ones around it."""
    texts, rows = block.texts, []
    beside = [language.score("joint", a, b) for a, b in pairwise(texts)]

    def joint(a: int, b: int) -> float:
        if not 0 <= a < b < len(texts):
            return _NO_SCORE
        return beside[a] if b == a + 1 else language.score("joint", texts[a], texts[b])

    for i in range(block.start, block.stop):
        at, after_at = _long_neighbours(block, i)
        before = int(block.long[at - 1]) if at else -1
        after = int(block.long[after_at]) if after_at < len(block.long) else -1
        rows.append(
            (
                joint(i - 1, i),
                joint(i, i + 1),
                joint(before, i),
                joint(i, after),
                float(i - before) if before >= 0 else 20.0,
                float(after - i) if after >= 0 else 20.0,
                float(texts[before].count("“") > texts[before].count("”")) if before >= 0 else 0.0,
                float(texts[i].count("”") > texts[i].count("“")),
            )
        )
    return np.array(rows)


def _sums(block: _Block) -> Vectors:
    """Row k: the sum of the vectors of the first k long units."""
    sums = np.zeros((len(block.long) + 1, block.vectors.shape[1]), np.float32)
    np.cumsum(block.vectors[block.long], axis=0, out=sums[1:])
    return sums


def _around(block: _Block, sums: Vectors, width: int) -> tuple[Vectors, Vectors]:
    """Summed vectors, of length one, of the `width` long units before every place and from it on."""
    at = np.searchsorted(block.long, np.arange(len(block.texts)))
    before = sums[at] - sums[np.maximum(0, at - width)]
    after = sums[np.minimum(len(block.long), at + width)] - sums[at]
    return _unit_length(before), _unit_length(after)


def _agreements(block: _Block, scores: PageScores) -> Floats:
    sums = _sums(block)
    before8, after8 = _around(block, sums, _CONTEXT)
    before3, after3 = _around(block, sums, 3)
    cohesion = (before8 * after8).sum(axis=1)
    three = (before3 * after3).sum(axis=1)
    openings = block.vectors[block.long]
    similar = block.vectors @ openings.T
    passed = np.searchsorted(block.long, np.arange(len(block.texts)), side="right")
    following = _unit_length(sums[np.minimum(len(block.long), passed + 3)] - sums[passed])
    self_after = (block.vectors * following).sum(axis=1)
    rows = []
    for i in range(block.start, block.stop):
        at, after_at = _long_neighbours(block, i)
        row = similar[i]
        if after_at > at:
            row = row.copy()
            row[at] = 0.0
        best = int(row.argmax()) if len(row) else -1
        left = block.vectors[block.long[at - 1]] if at else None
        right = block.vectors[block.long[after_at]] if after_at < len(block.long) else None
        next_long = block.low + int(block.long[after_at]) if right is not None else -1
        rows.append(
            (
                cohesion[i],
                cohesion[i] - max(cohesion[max(block.start, i - 3) : i + 4]),
                float(left @ right) if left is not None and right is not None else _NO_COSINE,
                three[i],
                float(block.vectors[i] @ before3[i]),
                float(self_after[i]),
                float(row[best]) if best >= 0 else 0.0,
                float(np.clip(block.long[best] - i, -60, 60)) if best >= 0 else 0.0,
                float(best == after_at) if best >= 0 else 0.0,
                scores.open[next_long] if next_long >= 0 else _NO_SCORE,
                scores.dateline[next_long] if next_long >= 0 else -1.0,
                scores.close[block.low + block.long[at - 1]] if at else _NO_SCORE,
            )
        )
    return np.array(rows)


def _tails(block: _Block, scores: PageScores) -> Floats:
    """How well the short lines at the end of a unit's page (where displaced headlines go) fit what begins here
    better than what stands before, and how long the runs of short lines around are."""
    n = len(block.texts)
    rows = np.zeros((n, 7))
    before, after = _around(block, _sums(block), 5)
    is_long = np.zeros(n, bool)
    is_long[block.long] = True
    for page in dict.fromkeys(block.pages):
        numbers = [i for i in range(n) if block.pages[i] == page]
        tail = []
        for i in reversed(numbers):
            if is_long[i]:
                break
            tail.append(i)
        heads = [i for i in tail if scores.head[block.low + i] > -2.0]
        if heads and len(heads) < len(numbers):
            words = _unit_length(block.vectors[heads].sum(axis=0))
            gains = after[numbers] @ words - before[numbers] @ words
            rows[numbers, 0] = after[numbers] @ words
            rows[numbers, 1] = gains
            rows[numbers, 2] = gains - gains.max()
            rows[numbers, 3] = len(heads)
            rows[numbers, 4] = max(scores.head[block.low + i] for i in heads)
    run = 0
    for i in range(n):
        rows[i, 5] = run
        run = 0 if is_long[i] else min(run + 1, 30)
    run = 0
    for i in range(n - 1, -1, -1):
        rows[i, 6] = run
        run = 0 if is_long[i] else min(run + 1, 30)
    return rows[block.start : block.stop]


def _page(units: Sequence[Unit]) -> Floats:
    """Place in the document, and how it is printed."""
    n = len(units)
    chars = np.array([len(u.text) for u in units])
    rows = np.empty((n, 7))
    rows[:, 0] = np.minimum(np.arange(n), 50)
    rows[:, 1] = np.minimum(np.arange(n)[::-1], 50)
    rows[:, 2] = min(n, 400)
    rows[:, 3] = np.median(chars)
    rows[:, 4] = np.mean([u.blank_before for u in units])
    rows[:, 5] = np.mean([u.indented for u in units])
    rows[:, 6] = np.mean([u.heading_mark for u in units])
    return rows

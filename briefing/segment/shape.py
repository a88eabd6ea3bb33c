"""Features of a document's shape: how short lines and paragraphs alternate, whether neighbouring blocks speak
of one subject, whether numbers run through its lines.

They tell the headlines of several short items (要闻速览) from the sub-headings of one long article: both are
short lines with text below, but items change their subject, and each repeats its own headline's words.
A block is a run of short lines with the text below it. Linear in the number of units.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from briefing.segment import cues
from briefing.segment.language import VECTOR_SIZE, Language, bigram_ids
from briefing.segment.units import Unit

Floats = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]
# Longer lines are text whatever they end with; items' headlines run to 44 characters (95 % of bulletins).
_MAX_HEAD_CHARS = 46
# So much of a block's text is compared: the subject shows at once, and long articles stay cheap.
_BODY_CHARS = 500
# Blocks, or text lines, on either side whose mean describes the neighbourhood: a column of short items on an
# ordinary page has some six.
_REACH = 4
_MAX_COUNT = 20
# Values where there is nothing to compare.
_NONE = -1.0

_BLOCK = (
    "paras", "body_chars", "heads", "sim_before", "sim_after", "sim_first", "own_share", "before_share",
    "share_gain", "opening", "numbered",
)  # fmt: skip
_PAGE = (
    "page_blocks", "page_single_share", "page_paras", "page_body_chars", "page_body_spread", "page_sim",
    "page_own", "page_before", "page_opening", "page_intro_chars", "page_numbered_heads", "page_numbered_text",
    "page_text_sim", "page_dated_text",
)  # fmt: skip
SHAPE = (
    *(f"shape_{name}" for name in _BLOCK),
    *(f"shape_{name}_above" for name in ("paras", "body_chars")),
    *(f"shape_{name}_near" for name in _BLOCK),
    "shape_in_head", "shape_para", "shape_series", "shape_text_sim_near", "shape_text_numbered_near",
    "shape_dated", "shape_dated_near",
    *(f"shape_{name}" for name in _PAGE),
)  # fmt: skip
_ITEM_START = re.compile(
    r"[【（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[.．、】）)]|\s)(?!\d)"
    r"|[①-⑳▲●■◆★○◎□]|[-*•·] |\*\*|第[一二三四五六七八九十]{1,3}[，、]"
)
_ITEM_NUMBER = re.compile(r"[【（(]?(\d{1,2})(?:[.．、】）)]|\s)(?!\d)")
_CIRCLED = {chr(0x2460 + k): k + 1 for k in range(20)}
_CHINESE = {c: k + 1 for k, c in enumerate("一二三四五六七八九十")}
_DATED = re.compile(r".{0,14}?(?:\d{1,2}月\d{0,2}日?|\d{1,2}日|近日|日前|昨日|昨天|今天|今年|截至)")


@dataclass(frozen=True, slots=True)
class _Gist:
    """Weighted bigrams of a text, of length one, and the weight of each alone."""

    ids: Ids
    weights: Floats
    idf: Floats


@dataclass(frozen=True, slots=True)
class _Blocks:
    """`of`: the block of every unit. Blocks `first` (unit of its first line), `body` (unit of its first text
    line), `stop`, half-open; a block without text has body == stop."""

    of: list[int]
    first: list[int]
    body: list[int]
    stop: list[int]


def shape_features(units: Sequence[Unit], opening: Floats, language: Language) -> Floats:
    """Shape (units, len(SHAPE)), page by page. `opening`: every unit's score as an article's opening."""
    rows: list[Floats] = []
    start = 0
    while start < len(units):
        stop = start
        while stop < len(units) and units[stop].page == units[start].page:
            stop += 1
        rows.append(_page(units[start:stop], opening[start:stop], language))
        start = stop
    return np.vstack(rows)


def is_short_line(text: str) -> bool:
    """Whether a line can be a headline or sub-heading by its length and end."""
    if text.endswith("**："):  # Markdown, before the text of the same line
        return len(text) <= _MAX_HEAD_CHARS
    return len(text) <= _MAX_HEAD_CHARS and not cues.STOP_END.search(text) and not cues.COMMA_END.search(text)


def _page(units: Sequence[Unit], opening: Floats, language: Language) -> Floats:
    texts = [unit.text for unit in units]
    short = [is_short_line(text) for text in texts]
    numbered = np.array([bool(_ITEM_START.match(text)) for text in texts], float)
    dated = np.array([not s and bool(_DATED.match(t)) for s, t in zip(short, texts, strict=True)], float)
    blocks = _blocks(short)
    of = np.array(blocks.of)
    block = _block_rows(texts, blocks, opening, numbered, language)
    near = _means(block)[of]
    above = np.vstack([np.full((1, 2), _NONE), block[:-1, :2]])[of]
    lines = np.flatnonzero(~np.array(short))
    text_sim = _line_similarity(texts, lines, language)
    own = np.array([(float(s), min(k, _MAX_COUNT)) for s, k in zip(short, _places(blocks), strict=True)])
    at = np.searchsorted(lines, np.arange(len(texts)))
    around = (
        np.column_stack([text_sim, numbered[lines], dated[lines]]) if len(lines) else np.full((1, 3), _NONE)
    )
    around = _means(around)[np.minimum(at, len(around) - 1)]
    whole = _whole(block, blocks, short, np.array([numbered, dated]), text_sim)
    return np.hstack(
        [
            block[of],
            above,
            near,
            own,
            np.column_stack([_series(texts), around[:, 0], around[:, 1], dated, around[:, 2]]),
            np.broadcast_to(whole, (len(texts), len(whole))),
        ]
    )


def _blocks(short: Sequence[bool]) -> _Blocks:
    found = _Blocks([], [], [], [])
    for i, is_short in enumerate(short):
        if i == 0 or (is_short and not short[i - 1]):
            if found.first:
                found.stop.append(i)
                if len(found.body) < len(found.first):
                    found.body.append(i)
            found.first.append(i)
        if not is_short and len(found.body) < len(found.first):
            found.body.append(i)
        found.of.append(len(found.first) - 1)
    found.stop.append(len(short))
    if len(found.body) < len(found.first):
        found.body.append(len(short))
    return found


def _places(blocks: _Blocks) -> list[int]:
    """Every unit's place among the text lines of its block, from 1; 0 for its short lines."""
    return [max(0, i - blocks.body[k] + 1) for i, k in enumerate(blocks.of)]


def _gist(text: str, language: Language) -> _Gist:
    ids, counts = np.unique(bigram_ids(text), return_counts=True)
    idf = language.idf[ids].astype(np.float64)
    weights = np.sqrt(counts) * idf
    return _Gist(ids, weights / max(float(np.sqrt((weights**2).sum())), 1e-6), idf)


def _block_rows(
    texts: Sequence[str], blocks: _Blocks, opening: Floats, numbered: Floats, language: Language
) -> Floats:
    """Shape (blocks, len(_BLOCK))."""
    bodies, heads = [], []
    for first, body, stop in zip(blocks.first, blocks.body, blocks.stop, strict=True):
        bodies.append(_gist("\n".join(texts[body : min(stop, body + 8)])[:_BODY_CHARS], language))
        heads.append(_gist(texts[body - 1] if body > first else "", language))
    n = len(bodies)
    rows = np.full((n, len(_BLOCK)), _NONE)
    scratch = np.zeros(VECTOR_SIZE)
    for k in range(n):
        first, body, stop = blocks.first[k], blocks.body[k], blocks.stop[k]
        rows[k, :3] = (
            min(stop - body, _MAX_COUNT),
            np.log1p(sum(map(len, texts[body:stop]))),
            min(body - first, _MAX_COUNT),
        )
        scratch[bodies[k].ids] = bodies[k].weights
        for column, other in ((3, k - 1), (4, k + 1), (5, 0)):
            if 0 <= other < n and other != k:
                rows[k, column] = float(scratch[bodies[other].ids] @ bodies[other].weights)
        if body > first:
            rows[k, 6] = _share(heads[k], scratch)
            scratch[bodies[k].ids] = 0.0
            if k:
                scratch[bodies[k - 1].ids] = 1.0
                rows[k, 7] = _share(heads[k], scratch)
                scratch[bodies[k - 1].ids] = 0.0
            rows[k, 8] = rows[k, 6] - max(rows[k, 7], 0.0)
        scratch[bodies[k].ids] = 0.0
        rows[k, 9] = opening[body] if body < stop else -9.0
        rows[k, 10] = numbered[first]
    return rows


def _share(head: _Gist, scratch: Floats) -> float:
    """Weighted share of the head's bigrams that occur where `scratch` is not zero, 0–1."""
    total = float(head.idf.sum())
    return float(head.idf[scratch[head.ids] > 0].sum()) / total if total else _NONE


def _line_similarity(texts: Sequence[str], lines: npt.NDArray[np.int64], language: Language) -> Floats:
    """Every text line's likeness to the text line before it, 0–1; shape (lines,)."""
    result = np.full(len(lines), _NONE)
    scratch = np.zeros(VECTOR_SIZE)
    before: _Gist | None = None
    for k, i in enumerate(lines):
        gist = _gist(texts[i][:_BODY_CHARS], language)
        if before is not None:
            scratch[before.ids] = before.weights
            result[k] = float(scratch[gist.ids] @ gist.weights)
            scratch[before.ids] = 0.0
        before = gist
    return result


def _means(rows: Floats) -> Floats:
    """Means of every column over the rows within _REACH."""
    sums = np.vstack([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0)])
    low = np.maximum(0, np.arange(len(rows)) - _REACH)
    high = np.minimum(len(rows), np.arange(len(rows)) + _REACH + 1)
    means: Floats = (sums[high] - sums[low]) / (high - low)[:, None]
    return means


def _series(texts: Sequence[str]) -> Floats:
    """Whether a line bears the number that follows the last numbered line's, or the first of such a row."""
    numbers = [_number(text) for text in texts]
    marked = [(i, number) for i, number in enumerate(numbers) if number]
    result = np.zeros(len(texts))
    for (i, a), (j, b) in pairwise(marked):
        if b == a + 1:
            result[i] = result[j] = 1.0
    return result


def _number(text: str) -> int:
    if text[:1] in _CIRCLED:
        return _CIRCLED[text[:1]]
    found = _ITEM_NUMBER.match(text)
    if found:
        return int(found[1])
    chinese = re.match(r"[（(]?([一二三四五六七八九十])[、）)]", text)
    return _CHINESE[chinese[1]] if chinese else 0


def _whole(block: Floats, blocks: _Blocks, short: Sequence[bool], marks: Floats, text_sim: Floats) -> Floats:
    """What describes the page as a whole, shape (len(_PAGE),)."""
    is_short = np.array(short)
    full = block[block[:, 0] > 0]
    if not len(full):
        full = block
    texts = ~is_short

    def mean(column: int, rows: Floats) -> float:
        known = rows[rows[:, column] > _NONE, column]
        return float(known.mean()) if len(known) else _NONE

    return np.array(
        [
            min(len(full), 60),
            float((full[:, 0] == 1).mean()),
            float(full[:, 0].mean()),
            float(full[:, 1].mean()),
            float(full[:, 1].std()),
            mean(3, full),
            mean(6, full),
            mean(7, full),
            float(full[:, 9].mean()),
            float(block[0, 1]) - float(full[:, 1].mean()),
            float(marks[0, is_short].mean()) if is_short.any() else _NONE,
            float(marks[0, texts].mean()) if texts.any() else _NONE,
            float(text_sim[1:].mean()) if len(text_sim) > 1 else _NONE,
            float(marks[1, texts].mean()) if texts.any() else _NONE,
        ]
    )

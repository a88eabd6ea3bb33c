"""Which of several readable drafts of one article is the best: trees over what a draft says as a whole.

The decoder adds up clause values; what it cannot see is whether the clauses together tell the story: the
title covered, the length right, the drafts that agree with most others. Candidate reranking after MatchSum
(Zhong et al. 2020) and minimum Bayes risk (agreement columns); features and training are ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from briefing.summarise.decode import Draft
from briefing.summarise.features import CUES, Floats, Reading

_CUES = (
    "speech", "first_person", "reporter", "scene", "praise", "slogan", "future", "done", "purpose", "list_item",
    "percent", "money", "large", "date", "total", "document", "quote", "pronoun_head", "negation", "must",
    "decide", "leader", "organ", "example", "cause", "casualty",
)  # fmt: skip
_OWN = (
    "value", "value_rank", "value_per_char", "chars", "parts", "units", "skips", "prefixed", "score_sum",
    "score_mean", "score_min", "score_max", "score_last", "top1", "top3", "top5", "mass_share", "title_cover",
    "in_title", "opening_cover", "in_opening", "centroid", "repeats", "at_mean", "at_first", "at_last",
    "paragraphs", "sentence_mean_chars", "digits", "onset", "ending", "lexical_gold", "lexical_weak",
    "agree_one", "agree_two", "agree_weighted", *(f"cue_{name}" for name in _CUES),
)  # fmt: skip
_DOCUMENT = ("document_chars", "document_units", "has_title", "drafts", "score_best", "score_average")
# Each draft's columns, the same less the mean of the article's drafts, and the article's own.
DRAFT_FEATURES: tuple[str, ...] = (*_OWN, *(f"{name}_beside" for name in _OWN), *_DOCUMENT)
# Decoder values are characters of full value: drafts three worse weigh a third in the weighted agreement.
_TEMPERATURE = 3.0


@dataclass(frozen=True, slots=True)
class ClauseView:
    """What the drafts of one article are described by, per unit: scores, printed sizes and word scores."""

    scores: Floats
    lexical_gold: Floats
    lexical_weak: Floats


def _bigrams(text: str) -> Counter[str]:
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


def _overlaps(bags: Sequence[Counter[str]]) -> Floats:
    """F1 of every two bags, (bags, bags)."""
    column: dict[str, int] = {}
    for bag in bags:
        for kind in bag:
            column.setdefault(kind, len(column))
    counts = np.zeros((len(bags), len(column)), np.int16)
    for k, bag in enumerate(bags):
        counts[k, [column[kind] for kind in bag]] = list(bag.values())
    both = np.array([np.minimum(counts, own).sum(1) for own in counts])
    total = counts.sum(1)
    return np.asarray(2 * both / np.maximum(1, total[:, None] + total[None, :]), np.float64)


def _agreement(texts: Sequence[str], values: Floats) -> Floats:
    """(drafts, 3): mean overlap with the other drafts by characters, by bigrams, and weighted by value."""
    n = len(texts)
    if n < 2:
        return np.zeros((n, 3))
    others = 1 - np.eye(n)
    first = _overlaps([Counter(t) for t in texts]) * others
    second = _overlaps([_bigrams(t) for t in texts]) * others
    weight = np.exp((values - values.max()) / _TEMPERATURE)
    shared = weight[None, :] * others
    # The best draft's weight is 1: alone it would divide by nothing.
    weighted = ((first + second) * shared).sum(1) / np.maximum(shared.sum(1), 1e-9)
    return np.column_stack([first.sum(1) / (n - 1), second.sum(1) / (n - 1), weighted])


@dataclass(frozen=True, slots=True)
class _Source:
    """What every draft of one article is measured against."""

    reading: Reading
    view: ClauseView
    sizes: Floats
    rank: Floats
    cues: Floats
    digits: Floats
    opening: frozenset[str]
    title: frozenset[str]
    common: dict[str, float]


def _source(reading: Reading, view: ClauseView) -> _Source:
    units = reading.document.units
    rank = np.empty(len(units))
    rank[np.argsort(-view.scores, kind="stable")] = np.arange(len(units))
    spread: Counter[str] = Counter(g for u in units for g in set(_bigrams(u.text)))
    return _Source(
        reading,
        view,
        sizes=np.array([len(u.text) + 1 for u in units], dtype=np.float64),
        rank=rank,
        cues=np.array([[bool(CUES[name].search(u.text)) for name in _CUES] for u in units], np.float64),
        digits=np.array([sum(c.isdigit() for c in u.text) for u in units], dtype=np.float64),
        opening=frozenset(_bigrams("".join(u.text for u in units if u.sentence == 0))),
        title=frozenset(_bigrams(reading.document.article.title)),
        common={g: float(np.log(c)) for g, c in spread.items() if c > 1},
    )


def _decoder_columns(source: _Source, draft: Draft, at: npt.NDArray[np.int64]) -> list[float]:
    """value_per_char … mass_share."""
    units, scores, sizes = source.reading.document.units, source.view.scores[at], source.sizes[at]
    mass = float(np.maximum(source.view.scores, 0) @ source.sizes) or 1.0
    ranks = source.rank[at]
    skips = sum(b > a + 1 and units[a].sentence == units[b].sentence for a, b in pairwise(draft.units))
    return [
        draft.value / max(1, draft.chars),
        draft.chars,
        len(draft.parts),
        len(at),
        skips,
        sum(p.prefix >= 0 for p in draft.parts),
        float(scores @ sizes),
        float(scores @ sizes / sizes.sum()),
        scores.min(),
        scores.max(),
        scores[-1],
        *((ranks < best).sum() for best in (1, 3, 5)),
        float(scores @ sizes) / mass,
    ]


def _text_columns(source: _Source, draft: Draft, at: npt.NDArray[np.int64], text: str) -> list[float]:
    """title_cover … lexical_weak."""
    reading, count = source.reading, len(source.sizes)
    weight = source.sizes[at] / source.sizes[at].sum()
    own = _bigrams(text)
    kinds = set(own)
    in_title, in_opening = len(kinds & source.title), len(kinds & source.opening)
    return [
        in_title / max(1, len(source.title)),
        in_title / max(1, len(kinds)),
        in_opening / max(1, len(source.opening)),
        in_opening / max(1, len(kinds)),
        sum(source.common.get(g, 0.0) for g in kinds) / (sum(source.common.values()) or 1.0),
        1 - len(own) / max(1, own.total()),
        float(at @ weight) / count,
        at[0] / count,
        at[-1] / count,
        len({reading.document.units[i].paragraph for i in draft.units}),
        draft.chars / max(1, len(draft.parts)),
        float(source.digits[at].sum()) / max(1, len(text)),
        reading.onset[at[0]],
        reading.ending[at[-1]],
        float(source.view.lexical_gold[at] @ weight),
        float(source.view.lexical_weak[at] @ weight),
    ]


def draft_rows(reading: Reading, view: ClauseView, drafts: Sequence[Draft]) -> Floats:
    """(drafts, len(DRAFT_FEATURES)); the drafts come best value first."""
    units = reading.document.units
    source = _source(reading, view)
    texts = ["".join(units[i].text for i in d.units) for d in drafts]
    agreement = _agreement(texts, np.array([d.value for d in drafts]))
    rows = []
    for k, (draft, text) in enumerate(zip(drafts, texts, strict=True)):
        at = np.array(draft.units)
        weight = source.sizes[at] / source.sizes[at].sum()
        columns = _decoder_columns(source, draft, at) + _text_columns(source, draft, at, text)
        rows.append([draft.value, k / len(drafts), *columns, *agreement[k], *(weight @ source.cues[at])])
    own = np.array(rows, dtype=np.float64)
    document = [
        source.sizes.sum(),
        len(units),
        bool(source.title),
        len(drafts),
        view.scores.max(),
        view.scores.mean(),
    ]
    shared = np.tile(np.array(document, np.float64), (len(rows), 1))
    return np.column_stack([own, own - own.mean(0), shared])

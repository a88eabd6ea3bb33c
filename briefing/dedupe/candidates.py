"""Which pairs of articles are worth comparing: found through rare shared n-grams, never all pairs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from briefing.text.similarity import (
    Floats,
    Hashes,
    InverseFrequencies,
    content_codes,
    ngram_hashes,
    pairs_with_common,
    sample,
)

# An n-gram in more than about 1 % of news items (log 100 = 4.6) says nothing of the event.
_MIN_WEIGHT = 4.6
_KEEP_ONE_IN = 2
_OPENING_CHARS = 350
_MAX_NEIGHBOURS = 30


def opening_ngrams(opening: str, frequencies: InverseFrequencies) -> tuple[Hashes, Floats]:
    """Half of the rare 3- and 4-grams of an article's headline and head, with their weights."""
    codes = content_codes(opening[:_OPENING_CHARS])
    hashes = sample(np.unique(np.concatenate([ngram_hashes(codes, 3), ngram_hashes(codes, 4)])), _KEEP_ONE_IN)
    weights = frequencies.of(hashes)
    rare = weights >= _MIN_WEIGHT
    return hashes[rare], weights[rare]


def event_candidates(
    openings: Sequence[str],
    days: Sequence[date | None],
    frequencies: InverseFrequencies,
    *,
    max_days_apart: int,
    per_article: int,
) -> list[tuple[int, int]]:
    """Index pairs (i < j), ascending: of each article its `per_article` likeliest partners.

    Articles whose known dates differ by more than `max_days_apart` are no partners.
    """
    prints = [opening_ngrams(opening, frequencies) for opening in openings]
    pairs, weights = pairs_with_common(
        [p[0] for p in prints], [p[1] for p in prints], max_neighbours=_MAX_NEIGHBOURS
    )
    if not len(pairs):
        return []
    ordinal = np.array([d.toordinal() if d else -1 for d in days], np.int64)
    first, second = ordinal[pairs[:, 0]], ordinal[pairs[:, 1]]
    near = (first < 0) | (second < 0) | (np.abs(first - second) <= max_days_apart)
    pairs, weights = pairs[near], weights[near]
    return sorted(_best_partners(pairs, weights, per_article))


def _best_partners(pairs: np.ndarray, weights: Floats, per_article: int) -> set[tuple[int, int]]:
    chosen: set[tuple[int, int]] = set()
    # Each pair seen from both ends; heaviest first within an article, ties by index.
    here = np.concatenate([pairs[:, 0], pairs[:, 1]])
    there = np.concatenate([pairs[:, 1], pairs[:, 0]])
    weight = np.concatenate([weights, weights])
    order = np.lexsort((there, -weight, here))
    here, there = here[order], there[order]
    starts = np.flatnonzero(np.r_[True, here[1:] != here[:-1]])
    rank = np.arange(len(here)) - np.repeat(starts, np.diff(np.r_[starts, len(here)]))
    for a, b in zip(here[rank < per_article].tolist(), there[rank < per_article].tolist(), strict=True):
        chosen.add((a, b) if a < b else (b, a))
    return chosen

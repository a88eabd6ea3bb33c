"""Aligns a summary sentence with its source, token by token: which source token does each one stand for?

A Viterbi path over source positions: going on to the next source token is rewarded, jumping costs, the more
the further. Numerals and dates take part as one wildcard each, so a changed figure is aligned by its
context with the figure that stood there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

UNMATCHED = -1
# Reward for a token that directly follows the last one, beside its own weight, and costs of a jump. Reasoned,
# not swept: one stray character must not pay for a jump inside its clause, a two-character word must, and
# leaving for another sentence must take a run of three. What they give: tests/quality/measure_checks.py.
_NEXT = 0.6
_CLAUSE_JUMP = 1.1
_SENTENCE_JUMP = 2.0
_FAR_JUMP = 3.2
# A gap this short on both sides is filled with equal tokens after the search.
_MAX_FILL_TOKENS = 6


@dataclass(frozen=True, slots=True)
class Grid:
    """Source tokens to search: symbols, and the clause and sentence that each belongs to (ascending)."""

    symbols: Sequence[str]
    clauses: Ints
    sentences: Ints


def align(symbols: Sequence[str], weights: Sequence[float], grid: Grid) -> list[int]:
    """For each of `symbols` the index of its token in `grid`, or UNMATCHED."""
    size = len(grid.symbols)
    if not size or not symbols:
        return [UNMATCHED] * len(symbols)
    where: dict[str, list[int]] = {}
    for p, symbol in enumerate(grid.symbols):
        where.setdefault(symbol, []).append(p)
    places = {s: np.array(where[s]) for s in set(symbols) if s in where}
    clause_starts, clause_of = _starts(grid.clauses)
    sentence_starts, sentence_of = _starts(grid.sentences)
    rows = [np.zeros(size + 1)]  # one spare cell in front: "before the first token"
    for symbol, weight in zip(symbols, weights, strict=True):
        row = rows[-1]
        at = places.get(symbol)
        if at is None or weight <= 0:
            rows.append(row)
            continue
        body = row[1:]
        in_clause = np.maximum.reduceat(body, clause_starts)[clause_of[at]] - _CLAUSE_JUMP
        in_sentence = np.maximum.reduceat(body, sentence_starts)[sentence_of[at]] - _SENTENCE_JUMP
        best = np.maximum(row[at] + _NEXT * weight, in_clause)
        np.maximum(best, in_sentence, out=best)
        np.maximum(best, body.max() - _FAR_JUMP, out=best)
        new = row.copy()
        new[at + 1] = np.maximum(new[at + 1], best + weight)
        rows.append(new)
    return _fill(symbols, _trace(rows, symbols, weights, grid), grid)


def _starts(groups: Ints) -> tuple[Ints, Ints]:
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    return starts, np.cumsum(np.r_[0, groups[1:] != groups[:-1]])


def _trace(
    rows: list[npt.NDArray[np.float64]], symbols: Sequence[str], weights: Sequence[float], grid: Grid
) -> list[int]:
    matched = [UNMATCHED] * len(symbols)
    at = int(rows[-1][1:].argmax())
    for i in range(len(symbols) - 1, -1, -1):
        row = rows[i]
        if rows[i + 1] is row or rows[i + 1][at + 1] <= row[at + 1] or grid.symbols[at] != symbols[i]:
            continue
        matched[i] = at
        options = [(row[at] + _NEXT * weights[i], at - 1)]
        for groups, cost in ((grid.clauses, _CLAUSE_JUMP), (grid.sentences, _SENTENCE_JUMP), (None, _FAR_JUMP)):
            lo, hi = 0, len(grid.symbols)
            if groups is not None:
                lo, hi = int(groups.searchsorted(groups[at])), int(groups.searchsorted(groups[at], "right"))
            p = lo + int(row[1 + lo : 1 + hi].argmax())
            options.append((row[1 + p] - cost, p))
        at = max(options, key=lambda o: o[0])[1]
        if at < 0:
            break
    return matched


def _fill(symbols: Sequence[str], matched: list[int], grid: Grid) -> list[int]:
    """Match equal tokens inside short gaps that both texts have between two matched neighbours."""
    last = UNMATCHED
    for i, m in enumerate(matched):
        if m == UNMATCHED:
            continue
        if last != UNMATCHED and i - last > 1:
            lo, hi = matched[last] + 1, m
            if i - last - 1 <= _MAX_FILL_TOKENS and 0 < hi - lo <= 2 * _MAX_FILL_TOKENS:
                for k in range(last + 1, i):
                    p = next((p for p in range(lo, hi) if grid.symbols[p] == symbols[k]), UNMATCHED)
                    if p != UNMATCHED:
                        matched[k], lo = p, p + 1
        last = i
    return matched

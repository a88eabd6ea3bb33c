"""Aligns a summary sentence with its source, token by token: which source token does each one stand for?

A Viterbi path over source positions: going on to the next source token is rewarded, jumping costs, the more
the further. Numerals and dates take part as one wildcard each, so a changed figure is aligned by its
context with the figure that stood there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

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
    """A text to align with, read once: symbols, the clause and sentence of each, and where each symbol stands."""

    symbols: Sequence[str]
    clauses: Sequence[int]
    sentences: Sequence[int]
    places: Mapping[str, Sequence[int]]


class _Step(NamedTuple):
    """The best path so far that ends on one source token. `token`: index of the claim's token there."""

    value: float
    token: int
    place: int
    before: _Step | None


_START = _Step(0.0, UNMATCHED, UNMATCHED, None)


def align(
    symbols: Sequence[str], weights: Sequence[float], grid: Grid, inside: Set[int] | None = None
) -> list[int]:
    """For each of `symbols` the index of its token in `grid`, or UNMATCHED; in the sentences `inside` only.

    Work is proportional to how often the symbols stand in those sentences: values only grow, so the best of a
    clause, a sentence and the whole are kept up to date instead of being searched.
    """
    ends: dict[int, _Step] = {}
    best_in_clause: dict[int, _Step] = {}
    best_in_sentence: dict[int, _Step] = {}
    best = _START
    for i, (symbol, weight) in enumerate(zip(symbols, weights, strict=True)):
        if weight <= 0:
            continue
        far = best.value - _FAR_JUMP
        bonus = _NEXT * weight
        made: list[_Step] = []
        for p in grid.places.get(symbol, ()):
            sentence = grid.sentences[p]
            if inside is not None and sentence not in inside:
                continue
            value, before = far, best
            step = best_in_sentence.get(sentence)
            if step is not None and step.value - _SENTENCE_JUMP > value:
                value, before = step.value - _SENTENCE_JUMP, step
            step = best_in_clause.get(grid.clauses[p])
            if step is not None and step.value - _CLAUSE_JUMP > value:
                value, before = step.value - _CLAUSE_JUMP, step
            step = ends.get(p - 1)
            if step is not None and step.value + bonus >= value:
                value, before = step.value + bonus, step
            if value < bonus:
                value, before = bonus, _START
            there = ends.get(p)
            if there is None or value + weight > there.value:
                made.append(_Step(value + weight, i, p, before))
        for step in made:
            p = step.place
            ends[p] = step
            for table, key in ((best_in_clause, grid.clauses[p]), (best_in_sentence, grid.sentences[p])):
                if key not in table or step.value > table[key].value:
                    table[key] = step
            if step.value > best.value:
                best = step
    matched = [UNMATCHED] * len(symbols)
    last: _Step | None = best
    while last is not None and last.token != UNMATCHED:
        matched[last.token] = last.place
        last = last.before
    return _fill(symbols, matched, grid)


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

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
    """A text to align with: symbols, the clause and sentence of each, and where each symbol stands."""

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


class _Front:
    """The best path to every source token reached so far, and to every clause and sentence.

    Values only grow, so the best of a clause is kept up to date instead of being searched for.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.ends: dict[int, _Step] = {}
        self.in_clause: dict[int, _Step] = {}
        self.in_sentence: dict[int, _Step] = {}
        self.best = _START

    def before(self, p: int, bonus: float) -> tuple[float, _Step]:
        """The best way to source token `p`: what is worth before its own weight, and the last step of it."""
        value, best = bonus, _START
        step = self.ends.get(p - 1)
        if step is not None and step.value + bonus > value:
            value, best = step.value + bonus, step
        step = self.in_clause.get(self.grid.clauses[p])
        if step is not None and step.value - _CLAUSE_JUMP > value:
            value, best = step.value - _CLAUSE_JUMP, step
        step = self.in_sentence.get(self.grid.sentences[p])
        if step is not None and step.value - _SENTENCE_JUMP > value:
            value, best = step.value - _SENTENCE_JUMP, step
        if self.best.value - _FAR_JUMP > value:
            value, best = self.best.value - _FAR_JUMP, self.best
        return value, best

    def put(self, step: _Step) -> None:
        p = step.place
        self.ends[p] = step
        for table, key in ((self.in_clause, self.grid.clauses[p]), (self.in_sentence, self.grid.sentences[p])):
            there = table.get(key)
            if there is None or step.value > there.value:
                table[key] = step
        if step.value > self.best.value:
            self.best = step


def align(symbols: Sequence[str], weights: Sequence[float], grid: Grid, inside: Set[int]) -> list[int]:
    """For each of `symbols` the index of its token in `grid`, or UNMATCHED; in the sentences `inside` only."""
    front = _Front(grid)
    for i, (symbol, weight) in enumerate(zip(symbols, weights, strict=True)):
        made: list[_Step] = []
        for p in grid.places.get(symbol, ()):
            if grid.sentences[p] not in inside:
                continue
            value, before = front.before(p, _NEXT * weight)
            there = front.ends.get(p)
            if there is None or value + weight > there.value:
                made.append(_Step(value + weight, i, p, before))
        for step in made:
            front.put(step)
    matched = [UNMATCHED] * len(symbols)
    last: _Step | None = front.best
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

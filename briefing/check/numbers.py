"""Every quantity of a summary is in its source: value, unit, direction of approximation, and its own place.

A value that the source states of something else is as wrong as an invented one, so the context of each
quantity (what it counts, what it follows) is compared with the context of every source quantity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from briefing.check.alignment import UNMATCHED
from briefing.check.claims import NUMBER, Claim, is_mark
from briefing.records import Finding, Severity
from briefing.text.numbers import Quantity

NAME = "numbers"
_LEFT_TOKENS, _RIGHT_TOKENS = 8, 5
_WINDOW = 2  # the source may say it with twice as many tokens


@dataclass(frozen=True, slots=True)
class _Rival:
    """A source quantity and how well its surroundings fit the claim's, 0–1 each."""

    token: int
    quantity: Quantity
    left: float
    right: float

    @property
    def fit(self) -> float:
        return (self.left + self.right) / 2


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on the quantities of `claim`."""
    for k, token in enumerate(claim.tokens):
        if token.symbol == NUMBER and isinstance(token.fact, Quantity):
            yield from _check_one(claim, k, token.fact)


def _check_one(claim: Claim, k: int, quantity: Quantity) -> Iterator[Finding]:
    said = claim.text[quantity.span.start : quantity.span.end]
    slot = _slot(claim, k)
    equal = _rivals(claim, k, quantity)
    if not equal:
        yield from _not_found(claim, quantity, said, slot)
        return
    best = max(equal, key=lambda r: (r.token == claim.match[k], r.fit))
    if slot is not None and slot != best.token:
        other = claim.source.tokens[slot].fact
        assert isinstance(other, Quantity)
        if other.value != quantity.value and _moved(claim, k, slot, best):
            there = _words(claim, other)
            yield claim.finding(
                NAME,
                quantity.span,
                f"数字“{said}”在原文中说的是别的事项，原文此处为“{there}”",
                evidence=_span(other),
            )
            return
    yield from _check_words(claim, quantity, said, best)


def _moved(claim: Claim, k: int, slot: int, best: _Rival) -> bool:
    there = _rival(claim, k, slot)
    return there.fit > best.fit + 0.15


def _not_found(claim: Claim, quantity: Quantity, said: str, slot: int | None) -> Iterator[Finding]:
    if slot is not None:
        other = claim.source.tokens[slot].fact
        assert isinstance(other, Quantity)
        message = f"原文没有“{said}”，原文此处为“{_words(claim, other)}”"
        yield claim.finding(NAME, quantity.span, message, evidence=_span(other))
        return
    yield claim.finding(NAME, quantity.span, f"原文没有数字“{said}”")


def _check_words(claim: Claim, quantity: Quantity, said: str, best: _Rival) -> Iterator[Finding]:
    other = best.quantity
    there = _words(claim, other)
    if quantity.unit_group != other.unit_group and quantity.unit and other.unit:
        yield claim.finding(NAME, quantity.span, f"“{said}”的单位与原文“{there}”不同", evidence=_span(other))
    if quantity.bound != other.bound:
        severity = Severity.ERROR if quantity.bound else Severity.WARNING
        yield claim.finding(
            NAME,
            quantity.span,
            f"“{said}”与原文“{there}”的约数说法不同",
            evidence=_span(other),
            severity=severity,
        )


def _words(claim: Claim, quantity: Quantity) -> str:
    return claim.source.text[quantity.span.start : quantity.span.end]


def _span(quantity: Quantity) -> tuple[int, int]:
    return quantity.span.start, quantity.span.end


def _slot(claim: Claim, k: int) -> int | None:
    """The source quantity that the claim's surroundings point at: its aligned token, else one in the gap."""
    if claim.match[k] != UNMATCHED:
        return claim.match[k]
    left = next(
        (claim.match[j] for j in range(k - 1, max(-1, k - 4), -1) if claim.match[j] != UNMATCHED), UNMATCHED
    )
    right = next((m for m in claim.match[k + 1 : k + 4] if m != UNMATCHED), UNMATCHED)
    tokens = claim.source.tokens
    if left != UNMATCHED and right != UNMATCHED and 0 < right - left <= 8:
        return next((p for p in range(left + 1, right) if tokens[p].symbol == NUMBER), None)
    return None


def _rivals(claim: Claim, k: int, quantity: Quantity) -> list[_Rival]:
    found = []
    for p, token in enumerate(claim.source.tokens):
        other = token.fact
        if isinstance(other, Quantity) and other.value == quantity.value and other.ordinal == quantity.ordinal:
            found.append(_rival(claim, k, p))
    return found


def _rival(claim: Claim, k: int, p: int) -> _Rival:
    other = claim.source.tokens[p].fact
    assert isinstance(other, Quantity)
    return _Rival(p, other, _fit(claim, k, p, -1), _fit(claim, k, p, 1))


def _fit(claim: Claim, k: int, p: int, step: int) -> float:
    """Share of the claim's near tokens on one side that stand near the source token on that side.

    The nearer, the heavier. 0.5 when the claim has nothing there.
    """
    limit = _LEFT_TOKENS if step < 0 else _RIGHT_TOKENS
    mine = _near(claim.tokens, k, step, limit)
    if not mine:
        return 0.5
    tokens, sentence_of = claim.source.tokens, claim.source.sentence_of_token
    theirs: list[str] = []
    q = p + step
    while 0 <= q < len(tokens) and len(theirs) < limit * _WINDOW and sentence_of[q] == sentence_of[p]:
        if not is_mark(tokens[q].symbol):
            theirs.append(tokens[q].symbol)
        q += step
    total = got = 0.0
    at = 0
    for distance, symbol in enumerate(mine):
        weight = 1 / (2 + distance)
        total += weight
        if symbol in theirs[at : at + 4 + distance]:
            at = theirs.index(symbol, at)
            got += weight / (1 + max(0, at - distance) / 4)
            at += 1
    return got / total


def _near(tokens: list, k: int, step: int, limit: int) -> list[str]:
    near: list[str] = []
    j = k + step
    while 0 <= j < len(tokens) and len(near) < limit:
        symbol = tokens[j].symbol
        if symbol in "。；":
            break
        if not is_mark(symbol):
            near.append(symbol)
        j += step
    return near

"""How much the words around a claim's figure or date are those around a source's."""

from __future__ import annotations

from collections.abc import Sequence

from briefing.check.claims import Claim, Token, is_mark

_LEFT_TOKENS, _RIGHT_TOKENS = 12, 6
_WINDOW = 2  # the source may say it with twice as many tokens
# One place fits better than another when it leads by this much.
MIN_LEAD = 0.15


def fit(claim: Claim, k: int, p: int) -> float:
    """0–1: how well the surroundings of source token `p` are those of claim token `k`, mean of both sides."""
    return (_side(claim, k, p, -1) + _side(claim, k, p, 1)) / 2


def _side(claim: Claim, k: int, p: int, step: int) -> float:
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
        weight = 1 / (3 + distance)
        total += weight
        if symbol in theirs[at : at + 4 + distance]:
            at = theirs.index(symbol, at)
            got += weight / (1 + max(0, at - distance) / 4)
            at += 1
    return got / total


def _near(tokens: Sequence[Token], k: int, step: int, limit: int) -> list[str]:
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

"""One character changed inside words that are otherwise the source's own: a slip, or another word.

Catches misspelt names (潘志立 as 潘志明), titles (建设 as 建立) and terms that no list knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from briefing.check.claims import DATE, NUMBER, Claim, is_mark
from briefing.records import Finding, Span
from briefing.text.alignment import UNMATCHED

NAME = "wording"
# Editors put 并 for ，, 及 for 、, 到 for 来 … : in 1,700 references of gold/train a single character between
# two aligned pairs was exchanged 51 times, each time one of these or for one of these.
_FUNCTION = set(
    "的了和与及在于为是到来去就都也并而等把被让使对从向自其该此这那每各所以之还又再更才将已曾会要可能应须由给同与或们着过中上下内里前后时我你他她它您刚出好也"
)
_VARIANTS = (
    {"做", "作"},
    {"象", "像"},
    {"帐", "账"},
    {"二", "两"},
    {"戴", "带"},
    {"须", "需"},
    {"唯", "惟"},
    {"砂", "沙"},
    {"座", "坐"},
)


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on single exchanged characters."""
    match = claim.match
    for k in range(2, len(match) - 1):
        left, right = match[k - 1], match[k + 1]
        if match[k] != UNMATCHED or left == UNMATCHED or match[k - 2] != left - 1:
            continue
        if right == UNMATCHED and _both_end(claim, k + 1, left + 2):
            right = left + 2
        if right != left + 2 or claim.tokens[k - 1].symbol == NUMBER:
            continue
        if k + 2 < len(match) and match[k + 2] != right + 1 and not is_mark(claim.tokens[k + 1].symbol):
            continue
        mine, theirs = claim.tokens[k].symbol, claim.source.tokens[left + 1].symbol
        if _plays_no_part(mine) or _plays_no_part(theirs) or any({mine, theirs} == v for v in _VARIANTS):
            continue
        said = claim.text[claim.tokens[k - 2].start : claim.tokens[k + 1].end]
        start, end = claim.source.tokens[left - 1].start, claim.source.tokens[right].end
        there = claim.source.text[start:end]
        token = claim.tokens[k]
        yield claim.finding(
            NAME, Span(token.start, token.end), f"“{said}”与原文“{there}”一字之差", evidence=(start, end)
        )


def _both_end(claim: Claim, k: int, p: int) -> bool:
    """A mark follows in the claim and in the source, aligned or not."""
    tokens = claim.source.tokens
    return is_mark(claim.tokens[k].symbol) and (p >= len(tokens) - 1 or is_mark(tokens[p].symbol))


def _plays_no_part(symbol: str) -> bool:
    return symbol in _FUNCTION or is_mark(symbol) or symbol in (NUMBER, DATE)

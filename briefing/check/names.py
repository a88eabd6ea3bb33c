"""Persons: nobody is invented, misspelt, or put in another's place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.check.claims import Claim
from briefing.check.slots import rival
from briefing.records import Finding, Span
from briefing.text.alignment import UNMATCHED
from briefing.text.names import SURNAMES, TITLES, Mention, find_people

NAME = "names"
_MAX_SHORTENED_TOKENS = 8
_BETWEEN = re.compile(
    rf"(?:{TITLES})([\u4e00-\u9fff·]{{2,10}}?)(?=表示|指出|强调|认为|会见|会谈|通电话|致电|致唁电|主持|出席|举行|发表|抵达|宣布|签署)"
)


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on the persons of `claim`."""
    source = claim.source
    yield from _replaced(claim)
    yield from _unknown(claim)
    for mention in find_people(claim.text, source.people_names):
        if mention.text not in source.text:
            if _shortened(claim, mention):
                continue
            other = rival(claim, mention.span, source.people, titled=True)
            there = f"，原文此处为“{other.text}”" if other else ""
            evidence = (other.span.start, other.span.end) if other else None
            yield claim.finding(NAME, mention.span, f"原文没有人名“{mention.text}”{there}", evidence=evidence)
            continue
        other = rival(claim, mention.span, source.people, titled=True)
        if other is not None and other.text not in claim.text:
            yield claim.finding(
                NAME, mention.span, f"人名“{mention.text}”与原文不符，原文此处为“{other.text}”",
                evidence=(other.span.start, other.span.end),
            )  # fmt: skip


def _shortened(claim: Claim, mention: Mention) -> bool:
    """Not a name: the characters stand in the source in this order, close together (马来西亚国防部 as 马国防),
    or the first two of three are a name of the source (李某曾).
    """
    if len(mention.text) == 3 and mention.text[:2] in claim.source.people_names:
        return True
    first, end = claim.token_at(mention.span.start), claim.token_at(mention.span.end - 1) + 1
    places = claim.match[first:end]
    if UNMATCHED in places:
        return False
    return places == sorted(places) and places[-1] - places[0] <= _MAX_SHORTENED_TOKENS


def _replaced(claim: Claim) -> Iterator[Finding]:
    """Two or three characters from a surname on, where the source has two to four others from a surname on,
    between the same words: a name without a cue that was exchanged.
    """
    match, tokens = claim.match, claim.source.tokens
    for k in range(1, len(match) - 2):
        left = match[k - 1]
        if left == UNMATCHED or match[k] == left + 1 or claim.tokens[k].symbol not in SURNAMES:
            continue
        for size in (2, 3):
            if k + size >= len(match):
                break
            right = match[k + size]
            if (
                right == UNMATCHED
                or not 3 <= right - left <= 5
                or any(left < m < right for m in match[k : k + size])
            ):
                continue
            mine, theirs = claim.tokens[k : k + size], tokens[left + 1 : right]
            if theirs[0].symbol not in SURNAMES or not all(_is_han(t.symbol) for t in (*mine, *theirs)):
                continue
            there = claim.source.text[theirs[0].start : theirs[-1].end]
            if there not in claim.source.people_names:
                continue
            span = Span(mine[0].start, mine[-1].end)
            name = claim.text[span.start : span.end]
            yield claim.finding(
                NAME,
                span,
                f"人名“{name}”与原文不符，原文此处为“{there}”",
                evidence=(theirs[0].start, theirs[-1].end),
            )
            break


def _is_han(symbol: str) -> bool:
    return "\u4e00" <= symbol <= "\u9fff"


def _unknown(claim: Claim) -> Iterator[Finding]:
    """A title and a verb with a name between them, known surname or not, that the source does not have."""
    for match in _BETWEEN.finditer(claim.text):
        span = Span(*match.span(1))
        if match[1] in claim.source.text or any(c in "的了是和与在对等文访方先后分代" for c in match[1]):
            continue
        first, end = claim.token_at(span.start), claim.token_at(span.end - 1) + 1
        if sum(m == UNMATCHED for m in claim.match[first:end]) * 2 > end - first:
            yield claim.finding(NAME, span, f"原文没有人名“{match[1]}”")

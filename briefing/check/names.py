"""Persons: nobody is invented, misspelt, or put in another's place."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.check.alignment import UNMATCHED
from briefing.check.claims import Claim
from briefing.check.slots import rival
from briefing.records import Finding
from briefing.text.names import Mention, find_people

NAME = "names"
_MAX_SHORTENED_TOKENS = 8


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on the persons of `claim`."""
    source = claim.source
    for mention in find_people(claim.text, source.people_names):
        if mention.text not in source.text:
            if _shortened(claim, mention):
                continue
            other = rival(claim, mention.span, source.people)
            there = f"，原文此处为“{other.text}”" if other else ""
            evidence = (other.span.start, other.span.end) if other else None
            yield claim.finding(NAME, mention.span, f"原文没有人名“{mention.text}”{there}", evidence=evidence)
            continue
        other = rival(claim, mention.span, source.people)
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

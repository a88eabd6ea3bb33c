"""Organisations and places: the source's own, or an abbreviation that can be read off the source's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.check.claims import Claim
from briefing.check.slots import joined, replaced, rival
from briefing.records import Finding, Span
from briefing.text.alignment import UNMATCHED
from briefing.text.names import SUFFIXES, Mention, find_organisations, find_places

NAME = "organisations"


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on the organisations and places of `claim`."""
    source = claim.source
    for mention in find_organisations(claim.text):
        yield from _one(claim, mention, source.organisations, "机构")
    for mention in find_places(claim.text):
        yield from _one(claim, mention, source.places, "地名")


def _one(claim: Claim, mention: Mention, others: tuple[Mention, ...], label: str) -> Iterator[Finding]:
    if mention.text in claim.source.text:
        if label == "机构":
            yield from _cut(claim, mention)
        if joined(claim, mention.span):
            return
        other = rival(claim, mention.span, others)
        place = (other.span.start, other.span.end) if other and other.text not in claim.text else None
        if label == "机构":
            place = place or replaced(claim, mention.span)
        if place is not None:
            there = claim.source.text[slice(*place)]
            message = f"{label}“{mention.text}”与原文不符，原文此处为“{there}”"
            yield claim.finding(NAME, mention.span, message, evidence=place)
        return
    if _derivable(claim, mention):
        return
    other = rival(claim, mention.span, others)
    there = f"，原文此处为“{other.text}”" if other else ""
    evidence = (other.span.start, other.span.end) if other else None
    yield claim.finding(NAME, mention.span, f"原文没有{label}“{mention.text}”{there}", evidence=evidence)


_ARM = re.compile("办公[厅室]|研究室|分公司|分行|分局|分院|附属|党组|党委|工会|委员会|新闻办|下属|所属")


def _cut(claim: Claim, mention: Mention) -> Iterator[Finding]:
    """省政府 for 省政府办公厅: the source has the body's name only in that of an arm of it."""
    text = claim.source.text
    places = [m.start() for m in re.finditer(re.escape(mention.text), text)]
    arms = [_ARM.match(text, at + len(mention.text)) for at in places]
    if not places or not all(arms) or _ARM.match(claim.text, mention.span.end):
        return
    arm = arms[0]
    assert arm is not None
    place = places[0], arm.end()
    message = f"“{mention.text}”在原文中是“{text[slice(*place)]}”"
    yield claim.finding(NAME, mention.span, message, evidence=place)


def _derivable(claim: Claim, mention: Mention) -> bool:
    """The words are the source's in a few pieces, or its characters stand in order in one source name."""
    if _tail(claim, mention) or _pieces(claim, mention.span):
        return True
    pattern = re.compile("[^，。；：！？\n]{0,4}?".join(map(re.escape, mention.text)))
    return bool(pattern.search(claim.source.text))


def _tail(claim: Claim, mention: Mention) -> bool:
    """The end of the mention is in the source, two characters beyond the kind of body it names.

    Where a mention begins is a guess (据中国铁路北京局); the check of places sees to a changed 省 or 市.
    """
    kind = re.search(f"(?:{SUFFIXES})$", mention.text)
    if kind and mention.text[: kind.start()][-1:] in "上家个多等各的些类小大":
        return True  # 净资产3亿元以上公司: a sort, not a name
    needed = (len(kind.group()) if kind else 1) + 2
    return len(mention.text) > needed and mention.text[-needed:] in claim.source.text


def _pieces(claim: Claim, span: Span) -> bool:
    """All but the function words of the mention are in the source, in at most four pieces."""
    text, source = claim.text[span.start : span.end], claim.source.text
    i = pieces = 0
    while i < len(text):
        size = next((n for n in range(len(text) - i, 1, -1) if text[i : i + n] in source), 0)
        if not size:
            aligned = claim.match[claim.token_at(span.start + i)] != UNMATCHED
            if not aligned and text[i] not in "和与及的等在由向对并为至将省市县区":
                return False
            size = 1
        pieces += 1
        i += size
    return pieces <= 4

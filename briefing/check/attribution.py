"""Who said it: what X表示 introduces was said by X, and a forecast keeps its 据…… or 预计."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.check.claims import Claim
from briefing.records import Finding, Span
from briefing.text.alignment import UNMATCHED
from briefing.text.names import find_people

NAME = "attribution"
_VERB = (
    r"表示|指出|强调|介绍|认为|坦言|透露|说(?!明|法|服|到|起)|称(?!号|为|职|作|赞|重)|要求|呼吁|宣布|致辞|建议"
)
_REPORT = re.compile(rf"(?:{_VERB})")


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on reporting verbs whose speaker in the source is somebody else."""
    for match in _REPORT.finditer(claim.text):
        speaker = next(
            (m for m in reversed(_people(claim)) if m[1] <= match.start() and match.start() - m[1] <= 6), None
        )
        if speaker is None:
            continue
        name = claim.text[speaker[0] : speaker[1]]
        first = _content_after(claim, match.end())
        if first is None:
            continue
        there = _speaker_in_source(claim, first)
        if there is None or there[2] == name or there[2] in name or name in there[2]:
            continue
        if there[2] in claim.text[: match.start()]:
            continue
        yield claim.finding(
            NAME, Span(*speaker), f"这番话原文中是“{there[2]}”说的，不是“{name}”", evidence=(there[0], there[1])
        )


def _people(claim: Claim) -> list[tuple[int, int]]:
    return [(m.span.start, m.span.end) for m in find_people(claim.text, claim.source.people_names)]


def _content_after(claim: Claim, position: int) -> int | None:
    """Source token of the first aligned run of three tokens after the verb."""
    start = claim.token_at(position)
    for k in range(start, min(len(claim.match) - 2, start + 20)):
        m = claim.match[k]
        if (
            m != UNMATCHED
            and claim.match[k + 1] == m + 1
            and claim.match[k + 2] == m + 2
            and claim.tokens[k].start >= position
        ):
            return m
    return None


def _speaker_in_source(claim: Claim, p: int) -> tuple[int, int, str] | None:
    """The nearest named speaker before source token `p`, in its paragraph, or right after its quotation."""
    source = claim.source
    at = source.tokens[p].start
    lo = source.text.rfind("\n", 0, at) + 1
    hi = source.text.find("\n", at)
    hi = len(source.text) if hi < 0 else hi
    before = [
        (m.span.start, m.span.end, m.text)
        for m in source.people
        if lo <= m.span.start < at and _REPORT.match(source.text, m.span.end)
    ]
    quote_open = source.text.rfind("“", lo, at)
    if quote_open >= 0 and source.text.find("”", quote_open, at) < 0:
        close = source.text.find("”", at, hi)
        for m in source.people:
            beside = (
                close >= 0
                and close < m.span.start <= close + 40
                and "。" not in source.text[close : m.span.start]
            )
            if beside and _REPORT.match(source.text, m.span.end):
                return m.span.start, m.span.end, m.text
    return before[-1] if before else None

"""Titles in 《》 and document numbers (文号) stand in the source exactly as they are printed here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.check.claims import Claim
from briefing.records import Finding, Span
from briefing.text.alignment import UNMATCHED

NAME = "documents"
_TITLE = re.compile(r"《([^《》]+(?:《[^《》]*》[^《》]*)*)》")
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,8}[〔\[【（(](?:19|20)\d\d[〕\]】）)]\d+号|(?:令|公告)第?\d+号|第\d+号(?:令|公告)?"
)
_BRACKETS = str.maketrans("[【（(]】）)〈〉", "〔〔〔〔〕〕〕〕《》")


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on titles and numbers of documents that the source does not have."""
    plain = _plain(claim.source.text)
    titles = [_plain(m[1]) for m in _TITLE.finditer(claim.source.text)]
    for match in _TITLE.finditer(claim.text):
        title = _plain(match[1])
        cut = any(title in t for t in titles)
        if any(_shortened(title, t) for t in titles) or (title in plain and not cut):
            continue
        yield claim.finding(NAME, Span(*match.span()), _message(claim, match), evidence=_slot(claim, match))
    for match in _NUMBER.finditer(claim.text):
        number = _plain(match.group())
        # Where the issuer's word begins is not marked: 印发安民发〔2024〕15号.
        if not any(number[i:] in plain for i in range(max(1, number.find("〔") - 1))):
            yield claim.finding(NAME, Span(*match.span()), f"原文没有文号“{match.group()}”")


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text).translate(_BRACKETS).replace("“", '"').replace("”", '"')


def _shortened(title: str, full: str) -> bool:
    """The whole title, or the title without a bracket at its end, its subtitle, or its issuer in front."""
    return (
        title == full
        or title in (re.sub(r"〔[^〕]*〕$", "", full), re.split("——|：", full)[0])
        or (full.endswith(title) and len(title) >= 6)
    )


def _slot(claim: Claim, match: re.Match[str]) -> tuple[int, int] | None:
    """The source's 《》 that the inner words of the claim's title are aligned with."""
    inside = [
        claim.match[k]
        for k in range(claim.token_at(match.start()), claim.token_at(match.end() - 1))
        if claim.match[k] != UNMATCHED
    ]
    if not inside:
        return None
    at = claim.source.tokens[inside[len(inside) // 2]].start
    for there in _TITLE.finditer(claim.source.text):
        if there.start() <= at < there.end():
            return there.span()
    return None


def _message(claim: Claim, match: re.Match[str]) -> str:
    slot = _slot(claim, match)
    if slot is None:
        return f"原文没有{match.group()}"
    return f"文件名“{match[1]}”与原文{claim.source.text[slot[0] : slot[1]]}不符"

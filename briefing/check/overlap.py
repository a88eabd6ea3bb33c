"""A sentence shares its words with its own article; if not, it stands under the wrong headline."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.check.claims import Claim
from briefing.records import HEADLINE, Finding, Severity, Span
from briefing.text.alignment import UNMATCHED

NAME = "overlap"
MIN_OVERLAP = 0.34
_MIN_TOKENS = 6


def share(claim: Claim) -> float:
    """Share (0–1) of the claim's content tokens that stand in its source in runs of at least two."""
    good = total = 0
    for k in range(len(claim.tokens)):
        if not claim.is_content(k):
            continue
        total += 1
        m = claim.match[k]
        if m == UNMATCHED:
            continue
        before = k > 0 and claim.match[k - 1] == m - 1
        after = k + 1 < len(claim.match) and claim.match[k + 1] == m + 1
        good += before or after
    return good / total if total else 1.0


def check(claim: Claim) -> Iterator[Finding]:
    """One finding when the whole claim has too little in common with its source."""
    if sum(claim.is_content(k) for k in range(len(claim.tokens))) < _MIN_TOKENS:
        return
    value = share(claim)
    if value < MIN_OVERLAP:
        severity = Severity.WARNING if claim.index == HEADLINE else Severity.ERROR
        yield claim.finding(
            NAME,
            Span(0, len(claim.text)),
            f"与原文相同的字词只有{value:.0%}，可能不是这篇文章的内容",
            severity=severity,
        )

"""What stands in quotation marks stands in the source word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.check.claims import Claim
from briefing.records import Finding, Span

NAME = "quotations"
_QUOTED = re.compile(r"“([^“”]+)”|‘([^‘’]+)’|「([^「」]+)」")
_IGNORED = re.compile(r"[\s“”‘’「」『』\"'，。、；：！？,.;:!?…·—-]")


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on quoted words that the source does not have in this order."""
    plain = _IGNORED.sub("", claim.source.text)
    for match in _QUOTED.finditer(claim.text):
        words = next(g for g in match.groups() if g)
        quoted = _IGNORED.sub("", words)
        if quoted and quoted not in plain:
            yield claim.finding(NAME, Span(*match.span()), f"引号中的“{words}”与原文不是逐字一致")

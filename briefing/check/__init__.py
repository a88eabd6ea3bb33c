"""The gate: proves every sentence of a summary against its source, and replaces what fails.

    CHECKS: dict[str, Check]
    Source(articles) -> what a story's articles say, read once for the two functions below
    check_summary(summary, source) -> findings: those of the headline first, then sentence by sentence
    fall_back(summary, findings, source, max_chars) -> the summary with every failed sentence replaced

Deterministic; no model, no network. A new check is one file with a `check(claim)` and one line in `table.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from briefing.check.claims import Claim, Source
from briefing.check.fallback import fall_back
from briefing.check.table import CHECKS, Check, run_checks
from briefing.records import HEADLINE, Article, Finding, Severity, Span, Summary

__all__ = ["CHECKS", "ENGINE", "Check", "Source", "check_summary", "fall_back"]

# `Finding.check` of what the engine itself reports (a part of the source that it could not read).
ENGINE = "engine"


def check_summary(summary: Summary, source: Source | Sequence[Article]) -> tuple[Finding, ...]:
    """What the checks say of `summary`, given the articles of its story (the lead first).

    A sentence with `sources` is held against the source sentences that they name; one without is aligned
    with all the articles. Never raises, whatever the text.
    """
    source = source if isinstance(source, Source) else Source(source)
    found = [Finding(ENGINE, Severity.WARNING, HEADLINE, Span(0, 0), zh) for zh in summary.warnings]
    if summary.headline:
        found.extend(run_checks(Claim(summary.headline, HEADLINE, source)))
    for index, sentence in enumerate(summary.sentences):
        found.extend(run_checks(Claim(sentence.text, index, source, sentence.sources)))
    return tuple(found)

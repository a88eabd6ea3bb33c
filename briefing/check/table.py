"""The table of checks and the one function that runs them over a claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from briefing.check import (
    attribution,
    contrasts,
    dates,
    documents,
    integrity,
    mapping,
    names,
    negation,
    numbers,
    omission,
    organisations,
    overlap,
    quotations,
    scope,
    status,
    wording,
)
from briefing.check.claims import Claim
from briefing.records import Finding, Severity


@dataclass(frozen=True, slots=True)
class Check:
    """`label`: what a reader is shown; `run`: findings of one claim."""

    name: str
    label: str
    run: Callable[[Claim], Iterable[Finding]]


_TABLE = (
    Check(numbers.NAME, "数字", numbers.check),
    Check(dates.NAME, "日期", dates.check),
    Check(names.NAME, "人名", names.check),
    Check(organisations.NAME, "机构地名", organisations.check),
    Check(documents.NAME, "文件", documents.check),
    Check(status.NAME, "完成状态", status.check),
    Check(negation.NAME, "否定", negation.check),
    Check(omission.NAME, "前提限定", omission.check),
    Check(mapping.NAME, "对应关系", mapping.check),
    Check(scope.NAME, "范围程度", scope.check),
    Check(contrasts.NAME, "相反词语", contrasts.check),
    Check(quotations.NAME, "引语", quotations.check),
    Check(attribution.NAME, "说话人", attribution.check),
    Check(wording.NAME, "一字之差", wording.check),
    Check(overlap.NAME, "与原文相符", overlap.check),
    Check(integrity.NAME, "句子完整", integrity.check),
)
CHECKS: dict[str, Check] = {check.name: check for check in _TABLE}


def run_checks(claim: Claim) -> list[Finding]:
    """Findings of every check on `claim`, by position.

    A whole source sentence, word for word, can only be damaged as the source is: marks are looked at alone.
    """
    checks = (CHECKS[integrity.NAME],) if claim.verbatim else _TABLE
    found = [f for check in checks for f in check.run(claim)]
    return sorted(found, key=lambda f: (f.span, f.check, f.message))


def has_error(findings: Iterable[Finding]) -> bool:
    return any(f.severity is Severity.ERROR for f in findings)

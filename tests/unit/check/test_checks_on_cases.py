"""Each made error of `material.py` is found by the check that is meant to; what is right is left alone."""

from __future__ import annotations

import pytest

from briefing.check import CHECKS, check_summary
from briefing.records import Severity, Summary, SummarySentence
from tests.unit.check.material import RIGHT, WRONG, Case, article


def _summary(name: str, text: str) -> Summary:
    return Summary(name, "", (), (SummarySentence(text, ()),), "test")


@pytest.mark.parametrize("case", [pytest.param(c, id=c.id) for c in WRONG])
def test_made_error_is_found_where_it_stands(case: Case) -> None:
    findings = check_summary(_summary(case.source, case.text), [article(case.source)])
    errors = [f for f in findings if f.severity is Severity.ERROR]
    assert case.check in {f.check for f in errors}, [f.message for f in findings]
    at = case.text.index(case.words)
    pointed = [f for f in errors if f.span.start < at + len(case.words) and at < f.span.end]
    assert pointed, [(f.check, case.text[f.span.start : f.span.end]) for f in errors]


@pytest.mark.parametrize(("source", "text"), [pytest.param(s, t, id=f"{s}-{i}") for s, i, t in RIGHT])
def test_right_sentence_is_left_alone(source: str, text: str) -> None:
    findings = check_summary(_summary(source, text), [article(source)])
    assert [f.message for f in findings if f.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    ("headline", "severity"),
    [
        pytest.param("西岭县86户完成签约", Severity.ERROR, id="reads-as-done"),
        pytest.param("西岭县86户6月底前完成签约", Severity.WARNING, id="names-the-time"),
    ],
)
def test_headline_without_will_is_wrong_only_where_it_reads_as_done(headline: str, severity: Severity) -> None:
    findings = check_summary(Summary("rail", headline, (), (), "test"), [article("rail")])
    assert {f.severity for f in findings if f.check == "status"} == {severity}


def test_every_check_has_cases() -> None:
    assert {c.check for c in WRONG} == set(CHECKS)

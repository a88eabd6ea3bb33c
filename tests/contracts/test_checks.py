"""What every check promises, on any text: no crash, spans inside the text, the same findings again."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefing.check import CHECKS, check_summary, fall_back
from briefing.check.claims import Claim, Source
from briefing.records import HEADLINE, Article, Finding, Severity, SourceRef, Span, Summary, SummarySentence
from briefing.text.sentences import split_sentences
from tests.unit.check.material import SOURCES, WRONG, article

_ALPHABET = st.sampled_from(
    "甲乙市县局长张王说表示将已拟不未没有增长下降同比约近超0123456789万亿元%人年月日“”《》（），"
    "。、；：！？\n 第一二三十abc-—〔〕\u200b😀"
)
TEXTS = st.one_of(st.text(_ALPHABET, max_size=120), st.text(max_size=60))
_SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _article(text: str, title: str = "") -> Article:
    return Article("a", "test", title, text, split_sentences(text), ())


def _summary(*texts: str, headline: str = "") -> Summary:
    return Summary("a", headline, (), tuple(SummarySentence(t, ()) for t in texts), "test")


def _inside(finding: Finding, summary: Summary, source: Article) -> bool:
    text = summary.headline if finding.sentence == HEADLINE else summary.sentences[finding.sentence].text
    parts = {"text": source.text, "title": source.title}
    evidence = all(
        ref.article_id == source.id and ref.span.end <= len(parts[ref.part]) for ref in finding.evidence
    )
    return finding.span.end <= len(text) and evidence


@_SETTINGS
@given(text=TEXTS, headline=TEXTS, body=TEXTS, title=TEXTS)
def test_any_summary_of_any_text_is_checked(text: str, headline: str, body: str, title: str) -> None:
    summary, source = _summary(text, headline=headline), _article(body, title)
    found = check_summary(summary, [source])
    assert all(_inside(f, summary, source) for f in found)
    assert check_summary(summary, [source]) == found


@_SETTINGS
@given(text=TEXTS, body=TEXTS, room=st.integers(0, 200))
def test_fall_back_keeps_the_limit_or_prints_one_source_sentence(text: str, body: str, room: int) -> None:
    source = _article(body)
    summary = _summary(text)
    repaired = fall_back(summary, check_summary(summary, [source]), [source], room)
    if repaired.sentences != summary.sentences:
        assert len(repaired.text) <= room or len(repaired.sentences) == 1


@_SETTINGS
@given(body=TEXTS)
def test_sentence_copied_from_its_source_is_never_an_error(body: str) -> None:
    source = _article(body)
    for sentence in source.sentences:
        text = body[sentence.span.start : sentence.span.end]
        copied = Summary("a", "", (), (SummarySentence(text, (SourceRef("a", sentence.span),)),), "test")
        assert [f.message for f in check_summary(copied, [source]) if f.severity is Severity.ERROR] == []


@pytest.mark.parametrize("name", [pytest.param(n, id=n) for n in SOURCES])
def test_whole_source_sentences_pass(name: str) -> None:
    source = article(name)
    texts = [source.text[s.span.start : s.span.end] for s in source.sentences]
    summary = Summary(name, source.title, (), tuple(SummarySentence(t, ()) for t in texts), "test")
    assert [f.message for f in check_summary(summary, [source]) if f.severity is Severity.ERROR] == []


@pytest.mark.parametrize("check", [pytest.param(c, id=n) for n, c in CHECKS.items()])
def test_findings_bear_the_name_of_their_check_and_chinese_words(check) -> None:  # type: ignore[no-untyped-def]
    found = [
        finding
        for case in WRONG
        if case.check == check.name
        for finding in check.run(Claim(case.text, 0, Source([article(case.source)])))
    ]
    assert found
    assert {f.check for f in found} == {check.name}
    assert all(any("\u4e00" <= c <= "\u9fff" for c in f.message) for f in found)
    assert any("\u4e00" <= c <= "\u9fff" for c in check.label)


def test_stated_sources_bind_the_claim() -> None:
    source = article("rail")
    at = source.text.index("会议审议了")
    elsewhere = SourceRef("rail", Span(at, at + 10))
    summary = Summary(
        "rail", "", (), (SummarySentence("线路全长126.8公里，设计时速200公里。", (elsewhere,)),), "test"
    )
    assert any(f.severity is Severity.ERROR for f in check_summary(summary, [source]))


def test_source_that_names_no_article_is_not_trusted() -> None:
    summary = Summary(
        "rail", "", (), (SummarySentence("线路全长126.8公里。", (SourceRef("gone", Span(0, 5)),)),), "test"
    )
    assert [f for f in check_summary(summary, [article("rail")]) if f.severity is Severity.ERROR] == []


def test_summary_without_articles_is_not_proved() -> None:
    found = check_summary(_summary("全市实现产值54.5亿元，增长23.7%。"), [])
    assert any(f.severity is Severity.ERROR for f in found)

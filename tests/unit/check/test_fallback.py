"""What failed is replaced by the source's words, within the limit, and says which check it failed."""

from __future__ import annotations

import pytest

from briefing.check import check_summary, fall_back
from briefing.records import HEADLINE, Severity, Summary, SummarySentence
from tests.unit.check.material import WRONG, Case, article


def _summary(name: str, *texts: str, headline: str = "") -> Summary:
    return Summary(name, headline, (), tuple(SummarySentence(t, ()) for t in texts), "test")


def _repaired(summary: Summary, max_chars: int = 150) -> Summary:
    source = [article(summary.article_id)]
    return fall_back(summary, check_summary(summary, source), source, max_chars)


@pytest.mark.parametrize("case", [pytest.param(c, id=c.id) for c in WRONG])
def test_nothing_wrong_is_left(case: Case) -> None:
    repaired = _repaired(_summary(case.source, case.text))
    left = check_summary(repaired, [article(case.source)])
    assert [f.message for f in left if f.severity is Severity.ERROR] == []
    assert case.text not in [s.text for s in repaired.sentences]


def test_replacement_names_the_failed_check_and_its_source() -> None:
    repaired = _repaired(_summary("rail", "中铁青山集团有限公司中标先导段工程，中标价178亿元。"))
    [sentence] = repaired.sentences
    assert sentence.fallback == "numbers"
    assert sentence.text == "中铁青山集团有限公司中标先导段工程，中标价6.3亿元。"
    [ref] = sentence.sources
    assert article("rail").text[ref.span.start : ref.span.end] == sentence.text


def test_right_sentences_stay_as_they_are() -> None:
    right = "县水利局表示，石门水库没有出现险情。"
    repaired = _repaired(_summary("rescue", right, "岚山县未遭遇强降雨。"))
    assert repaired.sentences[0] == SummarySentence(right, ())


def test_dateline_is_left_out_of_the_replacement() -> None:
    repaired = _repaired(_summary("industry", "10月20日，青泽市统计局发布前三季度工业运行情况。"))
    assert repaired.text == "10月21日，青泽市统计局发布前三季度工业运行情况。"


def test_long_source_sentence_is_cut_to_whole_clauses() -> None:
    repaired = _repaired(_summary("industry", "今年1—9月，全市规模以上工业实现产值54.6亿元。"), max_chars=50)
    assert 10 <= len(repaired.text) <= 50
    assert repaired.text.endswith("。")
    assert "54.6" not in repaired.text


@pytest.mark.parametrize("room", [pytest.param(n, id=str(n)) for n in (40, 80, 150)])
def test_limit_is_kept(room: int) -> None:
    texts = ["县水利局表示，石门水库没有出现险情。", "山洪已造成2人死亡、3人失联。", "岚山县未遭遇强降雨。"]
    assert len(_repaired(_summary("rescue", *texts), max_chars=room).text) <= room


def test_same_source_sentence_is_not_printed_twice() -> None:
    right = "县水利局表示，石门水库没有出现险情。"
    repaired = _repaired(_summary("rescue", right, "石门水库出现险情。"))
    assert repaired.text == right


def test_wrong_headline_gives_way_to_the_articles_own() -> None:
    summary = _summary(
        "rail", "中铁青山集团有限公司中标先导段工程。", headline="临川至西岭城际铁路已于明年开工"
    )
    assert any(f.sentence == HEADLINE for f in check_summary(summary, [article("rail")]))
    assert _repaired(summary).headline == article("rail").title


def test_summary_without_errors_is_returned_unchanged() -> None:
    summary = _summary("rail", "中铁青山集团有限公司中标先导段工程，中标价6.3亿元。")
    assert _repaired(summary) == summary

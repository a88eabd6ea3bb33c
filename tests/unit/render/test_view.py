"""What a briefing says before any format lays it out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from briefing.errors import RenderError
from briefing.records import (
    Briefing,
    BriefingItem,
    Finding,
    RunReport,
    RunStatus,
    Section,
    Severity,
    Skip,
    SourceRef,
    Span,
)
from briefing.render.view import BriefingView, build_view
from tests.fixtures_briefing import (
    PAGE,
    hostile_item,
    ledger_item,
    make_briefing,
    park_item,
    plain_briefing,
    quote,
)


def only(*items: BriefingItem) -> Briefing:
    return replace(make_briefing(), sections=(Section("甲", items),))


@pytest.fixture(scope="module")
def view() -> BriefingView:
    return build_view(make_briefing())


def test_headings_are_numbered_as_official_documents_are(view: BriefingView) -> None:
    assert [s.heading for s in view.sections] == ["一、改革开放", "二、民生社会", "三、<s>领域</s>"]
    assert [(i.number, i.ordinal) for i in view.items] == [
        (1, "（一）"),
        (2, "（一）"),
        (3, "（二）"),
        (4, "（一）"),
    ]


def test_every_publisher_stands_in_the_source_line_and_is_counted(view: BriefingView) -> None:
    line = "（来源：《江城日报》2026年3月5日第2版；江城新闻网2026年3月5日；共2家刊发）"
    assert view.items[1].source_line == line


def test_two_pages_of_one_paper_are_one_publisher() -> None:
    item = park_item()
    again = replace(item.story.lead, id="again", page_label="3")
    item = replace(item, story=replace(item.story, reports=(again,)))
    assert build_view(only(item)).items[0].source_line == (
        "（来源：《江城日报》2026年3月5日第2版；《江城日报》2026年3月5日第3版）"
    )


def test_many_sources_are_cut_in_the_line_but_not_in_the_appendix() -> None:
    item = park_item()
    more = tuple(replace(item.story.lead, id=str(n), outlet=f"第{n}日报") for n in range(8))
    made = build_view(only(replace(item, story=replace(item.story, reports=more)))).items[0]
    assert made.source_line.endswith("等；共9家刊发）")
    assert len(made.articles) == 9


def test_marks_show_exactly_the_cited_characters(view: BriefingView) -> None:
    marked = [s for p in view.items[1].articles[0].paragraphs for s in p if "2-1" in s.keys]
    assert "".join(s.text for s in marked) == "江城拟在三年内建设18处口袋公园，总投资约2.06亿元。"


def test_a_sentence_leads_to_the_characters_of_the_page_as_it_came(view: BriefingView) -> None:
    sentence = view.items[1].sentences[1]
    start = PAGE.index("首批5处选址已经公示")
    end = PAGE.index("前完工。") + len("前完工。")
    assert sentence.trace.places == (f"jiangcheng.txt第{start + 1}—{end}字",)
    pieces = [s for w in view.documents[0].windows for s in w.segments if "2-2" in s.keys]
    assert "".join(s.text for s in pieces) == PAGE[start:end]


def test_clauses_parted_by_a_mark_are_shown_as_one_stretch() -> None:
    item = park_item()
    lead = item.story.lead
    item = replace(item, summary=replace(item.summary, sentences=(quote(lead, "采纳64条", "公园建成后"),)))
    assert build_view(only(item)).items[0].sentences[0].trace.excerpts == ("采纳64条。公园建成后",)


def test_a_replaced_sentence_says_which_check_it_failed(view: BriefingView) -> None:
    sentence = view.items[0].sentences[0]
    assert (sentence.mark, sentence.mark_reason) == (
        "【据原文】",
        "原摘要句未通过“完成状态”核验，改用原文句",
    )
    assert [(f.level, f.words) for f in sentence.findings] == [("错误已替换", "")]


def test_a_sentence_without_a_source_is_flagged(view: BriefingView) -> None:
    assert view.items[0].sentences[1].mark == "【未注出处】"
    assert view.items[0].marks[1].place == "第2句"


def test_findings_name_the_words_and_what_the_source_says(view: BriefingView) -> None:
    (finding,) = view.items[1].findings
    assert (finding.place, finding.check, finding.level) == ("第1句", "数字", "存疑")
    assert (finding.words, finding.evidence) == ("总投资约2.06亿", ("总投资约2.06亿元",))


def test_too_little_material_is_said_openly(view: BriefingView) -> None:
    assert view.items[2].insufficient.startswith("【材料不足】")
    assert not view.items[1].insufficient


def test_left_out_material_names_the_item_it_was_merged_into(view: BriefingView) -> None:
    assert [(e.title, e.reason, e.item_number) for e in view.left_out] == [
        ("口袋公园为何受欢迎", "重复", 2),
        ("（无标题）", "广告", 0),
        ("<b>花</b>|絮", "篇幅", 0),
    ]


def test_dropped_blocks_are_summed_up_by_kind(view: BriefingView) -> None:
    assert [d.kinds for d in view.drops] == [("报头1处", "编辑署名1处")]


@pytest.mark.parametrize(
    ("status", "headline"),
    [
        pytest.param(RunStatus.OK, "", id="ok"),
        pytest.param(RunStatus.PARTIAL, "本期不完整：有1项材料未能处理", id="partial"),
        pytest.param(RunStatus.FAILED, "本期生成失败：有1项材料未能处理", id="failed"),
    ],
)
def test_an_incomplete_issue_says_so(status: RunStatus, headline: str) -> None:
    report = RunReport(status, (Skip("a/b.pdf", "ingest", "无法读取", "unreadable"),))
    made = build_view(replace(make_briefing(), report=report))
    assert made.notice.headline == headline
    assert [(s.source, s.stage) for s in made.notice.skips] == [("b.pdf", "读取")]


def test_what_nobody_supplied_prints_as_pending() -> None:
    made = build_view(replace(make_briefing(), office="", issue_number="", colophon=(("签发", ""),)))
    assert (made.office, made.issue, made.colophon) == ("【待补】编印", "第【待补】期", (("签发", "【待补】"),))


def test_the_check_statement_counts_what_the_record_holds(view: BriefingView) -> None:
    assert view.check_statement == "摘要共5句，4句注明原文出处；据原文替换1句；核验提示4条。"


def test_a_clean_copy_is_refused_while_an_error_stands() -> None:
    item = park_item()
    error = Finding("numbers", Severity.ERROR, 1, Span(0, 2), "数字与原文不符")
    briefing = only(ledger_item(), replace(item, findings=(error,)))
    assert "未处理的错误1处" in build_view(briefing).check_statement
    with pytest.raises(RenderError, match="item 2 still has an error") as caught:
        build_view(briefing, clean=True)
    assert "第2条第2句" in caught.value.zh


def test_an_error_that_the_source_sentence_replaced_does_not_stop_a_clean_copy() -> None:
    assert build_view(only(ledger_item()), clean=True).clean


def test_a_finding_on_words_edited_since_is_cut_to_what_there_is() -> None:
    late = Finding("numbers", Severity.WARNING, 0, Span(20, 900), "x")
    gone = Finding("numbers", Severity.WARNING, 7, Span(0, 3), "y")
    findings = build_view(only(replace(park_item(), findings=(late, gone)))).items[0].findings
    assert findings[0].words == "约2.06亿元。"
    assert (findings[1].words, findings[1].place) == ("", "第8句")


@pytest.mark.parametrize(
    "ref",
    [
        pytest.param(SourceRef("nobody", Span(0, 1)), id="unknown article"),
        pytest.param(SourceRef("", Span(0, 9999)), id="outside the text"),
        pytest.param(SourceRef("", Span(0, 1), "margin"), id="unknown part"),
    ],
)
def test_a_source_that_points_at_nothing_is_an_error(ref: SourceRef) -> None:
    item = park_item()
    ref = replace(ref, article_id=ref.article_id or item.story.lead.id)
    sentence = replace(item.summary.sentences[0], sources=(ref,))
    broken = replace(item, summary=replace(item.summary, sentences=(sentence,)))
    with pytest.raises(RenderError) as caught:
        build_view(only(broken))
    assert "第1条第1句" in caught.value.zh


def test_an_origin_outside_the_page_is_an_error() -> None:
    briefing = make_briefing()
    short = tuple(replace(d, text=d.text[:20]) for d in briefing.documents)
    with pytest.raises(RenderError, match="outside its document"):
        build_view(replace(briefing, documents=short))


def test_a_page_that_is_not_kept_leaves_the_article_to_show() -> None:
    made = build_view(replace(make_briefing(), documents=()))
    assert made.items[0].sentences[0].trace.places == ()
    assert made.items[0].sentences[0].trace.excerpts


def test_of_a_long_document_only_the_neighbourhood_is_kept() -> None:
    item = hostile_item()
    briefing = only(item)
    text = item.story.lead.text + "长" * 100_000
    documents = tuple(
        replace(d, text=text) if d.source == item.story.lead.source else d for d in briefing.documents
    )
    shown = build_view(replace(briefing, documents=documents)).documents[3].windows
    assert sum(len(s.text) for w in shown for s in w.segments) < 5_000


def test_two_hundred_items_are_numbered_through() -> None:
    assert [i.number for i in build_view(plain_briefing(200)).items] == list(range(1, 201))

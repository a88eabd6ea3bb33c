"""What stands around a model that writes: windows, drafts, sources, the extract where nothing usable came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing import pipeline
from briefing.check import CHECKS, ENGINE, check_summary
from briefing.errors import ArticleError
from briefing.records import Article, Severity
from briefing.render.wording import ENGINE_LABELS
from briefing.summarise import SummaryOptions, load_engine
from briefing.summarise.drafts import read_draft
from briefing.summarise.traces import Tracer
from briefing.summarise.units import read_document
from briefing.summarise.windows import cut_windows
from briefing.summarise.writing import ENGINE_FAILED, Reply, Request, WritingEngine
from briefing.text.normalise import normalise
from briefing.text.sentences import split_sentences

NEWS = (
    "本报讯（记者 林一苇）4月8日，青禾市政府召开新闻发布会，介绍一季度重点项目建设情况。"
    "一季度全市150个市级重点项目开工112个，完成投资86.4亿元，占年度计划的27.5%。\n"
    "市发展和改革委员会副主任陈松表示，二季度拟新开工项目30个，力争上半年完成年度投资计划的55%。"
    "对进度滞后的项目，实行周调度、月通报。"
)
RIGHT = "一季度青禾市市级重点项目开工112个，完成投资86.4亿元。二季度拟新开工项目30个。"
WRONG = "一季度青禾市市级重点项目开工120个，完成投资96.4亿元。"


def make(text: str, title: str = "青禾介绍重点项目建设情况", id_: str = "a") -> Article:
    text = normalise(text).text.strip()
    return Article(id_, "test", title, text, split_sentences(text), ())


@dataclass
class Scripted:
    """A writer that says what it is told to: a model's own replies come by chance, and what stands around it has
    to be right for every one of them. Real models are run in tests/unit/models."""

    say: Callable[[Request], Reply]
    max_input_tokens: int = 400
    max_windows: int = 16
    batch: int = 2
    name: str = "scripted"
    revision: str = "1"
    prompt: str = "brief@1#0"
    asked: list[Request] = field(default_factory=list)

    def count(self, text: str) -> int:
        return len(text)

    def write(self, requests: Sequence[Request]) -> list[Reply]:
        self.asked += requests
        return [self.say(r) for r in requests]


def engine(say: Callable[[Request], Reply] | str, **options: int) -> tuple[WritingEngine, Scripted]:
    given = Reply(say) if isinstance(say, str) else None
    writer = Scripted(say if callable(say) else lambda r: given or Reply(""), **options)
    return WritingEngine(writer, load_engine("extract")), writer


# --- sources and the gate ---


def test_each_written_sentence_is_traced_to_the_clauses_it_came_from() -> None:
    article = make(NEWS)
    [summary] = engine(RIGHT)[0].summarise([article], SummaryOptions())
    first, second = (
        "".join(article.text[r.span.start : r.span.end] for r in s.sources) for s in summary.sentences
    )
    assert "开工112个" in first
    assert "86.4亿元" in first
    assert "周调度" not in first
    assert "拟新开工项目30个" in second
    assert (summary.engine, summary.prompt) == ("scripted@1", "brief@1#0")


def test_what_is_right_passes_and_what_is_wrong_gives_way_to_the_extract_marked() -> None:
    article = make(NEWS)
    right, wrong = (engine(text)[0].summarise([article], SummaryOptions())[0] for text in (RIGHT, WRONG))
    extract = load_engine("extract")
    spare = lambda: extract.summarise([article], SummaryOptions())[0]  # noqa: E731
    proved, findings = pipeline.prove(right, (article,), 150, spare)
    assert [s.fallback for s in proved.sentences] == ["", ""]
    assert not findings
    proved, findings = pipeline.prove(wrong, (article,), 150, spare)
    assert proved.sentences
    assert all(s.fallback == "numbers" for s in proved.sentences)
    assert "120" not in proved.text
    assert not any(f.severity is Severity.ERROR for f in findings)
    assert proved.engine == "scripted@1"


def test_one_wrong_sentence_of_two_is_replaced_and_the_other_stays() -> None:
    article = make(NEWS)
    [summary] = engine("二季度拟新开工项目30个。" + WRONG)[0].summarise([article], SummaryOptions())
    proved, _ = pipeline.prove(summary, (article,), 150, lambda: pytest.fail("the extract was asked for"))
    assert [bool(s.fallback) for s in proved.sentences] == [False, True]
    assert proved.sentences[0].text == "二季度拟新开工项目30个。"


def test_a_status_told_as_done_is_caught() -> None:
    article = make(NEWS)
    [summary] = engine("二季度已新开工项目30个。")[0].summarise([article], SummaryOptions())
    assert any(f.severity is Severity.ERROR for f in check_summary(summary, (article,)))


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("", id="nothing"),
        pytest.param("好的。", id="chatter"),
        pytest.param("抱歉，我无法完成这个请求。", id="refusal"),
        pytest.param("<think>先看材料，材料说的是项目建设", id="reasoning that never ends"),
        pytest.param("。。。！！！", id="marks"),
    ],
)
def test_a_reply_without_a_sentence_gives_the_extract_marked_and_reported(reply: str) -> None:
    article = make(NEWS)
    [summary] = engine(reply)[0].summarise([article], SummaryOptions())
    [extract] = load_engine("extract").summarise([article], SummaryOptions())
    assert summary.text == extract.text
    assert {s.fallback for s in summary.sentences} == {"engine"}
    assert any("改用原文摘取" in w for w in summary.warnings)


def test_warnings_become_findings_that_a_reader_sees() -> None:
    article = make(NEWS)
    [summary] = engine("")[0].summarise([article], SummaryOptions())
    assert [f.check for f in check_summary(summary, (article,))] == ["engine"] * len(summary.warnings)


def test_what_a_model_wrote_too_much_is_reported() -> None:
    [summary] = engine(RIGHT)[0].summarise([make(NEWS)], SummaryOptions(max_chars=40))
    assert [s.text for s in summary.sentences] == [RIGHT.split("。", maxsplit=1)[0] + "。"]
    assert summary.warnings == ("模型写得超出上限或没有写完，去掉了13字",)


def test_a_short_text_is_not_sent_to_a_model() -> None:
    made, writer = engine("乱说。")
    [summary] = made.summarise([make("4月9日，青禾市图书馆新馆开放。")], SummaryOptions())
    assert writer.asked == []
    assert summary.text == "4月9日，青禾市图书馆新馆开放。"
    assert not summary.prompt


def test_an_empty_article_is_insufficient() -> None:
    [summary] = engine("乱说一句话。")[0].summarise([make("")], SummaryOptions())
    assert summary.insufficient
    assert not summary.sentences


def test_a_writer_that_fails_three_times_in_a_row_is_not_asked_again() -> None:
    failed = Reply("", error=ArticleError("超时", "timed out"))
    made, writer = engine(lambda r: failed, batch=1)
    summaries = made.summarise([make(NEWS, id_=f"a{i}") for i in range(6)], SummaryOptions())
    assert len(writer.asked) == 3
    assert [s.article_id for s in summaries] == [f"a{i}" for i in range(6)]
    assert all(s.sentences and s.sentences[0].fallback == "engine" for s in summaries)
    assert "超时" in "".join(summaries[0].warnings)
    assert "不再询问" in "".join(summaries[5].warnings)


def test_one_failure_between_answers_costs_only_its_article() -> None:
    replies = iter([Reply(RIGHT), Reply("", error=ArticleError("超时", "timed out")), Reply(RIGHT)] * 2)
    made, writer = engine(lambda r: next(replies), batch=1)
    summaries = made.summarise([make(NEWS, id_=f"a{i}") for i in range(6)], SummaryOptions())
    assert len(writer.asked) == 6
    assert [s.sentences[0].fallback for s in summaries] == ["", "engine", ""] * 2


def test_what_an_engine_reports_has_a_name_for_readers() -> None:
    assert {ENGINE, ENGINE_FAILED} == set(ENGINE_LABELS)
    assert not set(ENGINE_LABELS) & set(CHECKS)


# --- windows ---


def long_article(sentences: int) -> Article:
    lines = [f"青禾市第{i}号重点项目完成投资{i}.5亿元，年底前拟建成投产。" for i in range(1, sentences + 1)]
    return make("\n".join("".join(lines[i : i + 3]) for i in range(0, len(lines), 3)))


@pytest.mark.parametrize("max_tokens", [pytest.param(n, id=f"{n} tokens") for n in (5, 40, 90, 400, 5000)])
def test_windows_hold_every_word_in_order_and_fit(max_tokens: int) -> None:
    document = read_document(long_article(40))
    windows = cut_windows(document, max_tokens, len, 10_000)
    assert "".join(windows.texts).replace("\n", "") == "".join(u.text + u.mark for u in document.units)
    assert all(len(w) <= max_tokens for w in windows.texts)
    assert windows.left_chars == 0


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="市县已将不，。；：“”（）12%\n a", max_size=200), st.integers(1, 60))
def test_windows_of_any_text_lose_nothing(text: str, max_tokens: int) -> None:
    document = read_document(make(text))
    windows = cut_windows(document, max_tokens, len, 10_000)
    usable = "".join(u.text + u.mark for u in document.units if u.usable)
    assert "".join(windows.texts).replace("\n", "") == usable


def test_a_long_article_is_read_in_windows_and_its_drafts_are_condensed_once_more() -> None:
    made, writer = engine(lambda r: Reply(r.text.split("。")[0] + "。"), max_input_tokens=200)
    article = long_article(24)
    [summary] = made.summarise([article], SummaryOptions(max_chars=60))
    first = [r for r in writer.asked if r.parts > 1]
    assert len(first) >= 3
    assert [r.part for r in first] == list(range(1, len(first) + 1))
    assert writer.asked[-1].parts == 1
    # What was asked about last are the drafts of all windows.
    assert [line.split("。")[0] for line in writer.asked[-1].text.split("\n")] == [
        r.text.split("。")[0] for r in first
    ]
    assert summary.sentences[0].text in article.text
    assert not summary.warnings


def test_what_lies_beyond_the_last_window_is_reported_with_its_size() -> None:
    made, _ = engine(RIGHT, max_input_tokens=100, max_windows=2)
    document = read_document(long_article(24))
    [summary] = made.summarise([long_article(24)], SummaryOptions())
    left = cut_windows(document, 100, len, 2).left_chars
    assert left > 0
    assert f"末尾{left}字没有读入模型" in summary.warnings[-1]


def test_one_window_without_an_answer_is_reported_and_the_others_count() -> None:
    def say(request: Request) -> Reply:
        if request.part == 2:
            return Reply("", error=ArticleError("服务出错", "failed"))
        return Reply(request.text.split("。")[0] + "。")

    made, _ = engine(say, max_input_tokens=200)
    [summary] = made.summarise([long_article(24)], SummaryOptions())
    assert summary.sentences[0].fallback == ""
    assert any("有1段没有得到模型答复：服务出错" in w for w in summary.warnings)


# --- drafts ---


@pytest.mark.parametrize(
    ("reply", "sentences"),
    [
        pytest.param("摘要：项目已经开工。", ["项目已经开工。"], id="label"),
        pytest.param("**摘要：**项目已经开工。", ["项目已经开工。"], id="bold label"),
        pytest.param("以下是这篇报道的摘要：\n项目已经开工。", ["项目已经开工。"], id="announcement"),
        pytest.param(
            "1. 项目已经开工。\n2. 计划年底建成。", ["项目已经开工。", "计划年底建成。"], id="numbered list"
        ),
        pytest.param(
            "- 项目已经开工\n- 计划年底建成", ["项目已经开工。", "计划年底建成。"], id="bullets without stops"
        ),
        pytest.param("<think>想一想。</think>项目已经开工。", ["项目已经开工。"], id="reasoning"),
        pytest.param("```\n项目已经开工。\n```", ["项目已经开工。"], id="code fence"),
        pytest.param("项目已经开工。项目已经开工。", ["项目已经开工。"], id="said twice"),
        pytest.param("项目已经开工,投资3.5亿元.", ["项目已经开工，投资3.5亿元。"], id="half-width marks"),
        pytest.param("好的，以下内容供参考。项目已经开工。", ["项目已经开工。"], id="chatter before"),
        pytest.param("项目已经开工。（注：字数约8字。）", ["项目已经开工。"], id="note after"),
        pytest.param("2026年项目开工112个。", ["2026年项目开工112个。"], id="a figure is no list number"),
        pytest.param("3.5亿元投资已经到位。", ["3.5亿元投资已经到位。"], id="a decimal is no list number"),
    ],
)
def test_only_the_summary_is_taken_from_a_reply(reply: str, sentences: list[str]) -> None:
    assert list(read_draft(reply, cut=False, options=SummaryOptions()).sentences) == sentences


@pytest.mark.parametrize(
    ("reply", "cut", "sentences"),
    [
        pytest.param(
            "项目已经开工。计划年底建成并投入使", True, ["项目已经开工。"], id="unfinished last one is dropped"
        ),
        pytest.param(
            "项目已经开工，计划年底建成并投入使", True, ["项目已经开工。"], id="the only one ends at a clause"
        ),
        pytest.param("项目已经开工计划年底建成", True, [], id="no clause to keep"),
        pytest.param(
            "项目已经开工，计划年底建成",
            False,
            ["项目已经开工，计划年底建成。"],
            id="not cut: only the stop lacks",
        ),
        pytest.param(
            "项目已经开工。计划年底建成。", True, ["项目已经开工。", "计划年底建成。"], id="cut after a stop"
        ),
    ],
)
def test_output_cut_in_the_middle_never_ends_in_the_middle(reply: str, cut: bool, sentences: list[str]) -> None:
    draft = read_draft(reply, cut=cut, options=SummaryOptions())
    assert list(draft.sentences) == sentences
    assert bool(draft.dropped_chars) == ("".join(sentences).rstrip("。") != reply.rstrip("。"))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="市县已将不，。；：“”（）12%.,-*#<think>/\n a", max_size=160), st.booleans())
def test_any_reply_keeps_the_limits(reply: str, cut: bool) -> None:
    options = SummaryOptions(max_chars=40, max_sentences=2)
    draft = read_draft(reply, cut=cut, options=options)
    assert sum(map(len, draft.sentences)) <= 40
    assert len(draft.sentences) <= 2


# --- traces ---


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="市县项目开工投资亿元将不，。12%", max_size=60))
def test_sources_of_any_sentence_lie_in_the_article(text: str) -> None:
    article = make(NEWS)
    for ref in Tracer(article).sources(text):
        assert 0 <= ref.span.start < ref.span.end <= len(article.text)
        assert ref.article_id == article.id


def test_words_that_stand_nowhere_have_no_source() -> None:
    assert Tracer(make(NEWS)).sources("鲸鱼游过北冰洋") == ()

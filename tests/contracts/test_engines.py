"""One suite over every entry of ENGINES: what the pipeline relies on whichever summariser it runs."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.errors import ConfigError
from briefing.records import Article, DropReason, Sentence
from briefing.summarise import ENGINES, Engine, SummaryOptions, load_engine
from briefing.text.normalise import normalise
from briefing.text.sentences import split_sentences

NEWS = (
    "本报讯（记者 林一苇 通讯员 高远）4月8日，青禾市政府召开新闻发布会，介绍一季度重点项目建设情况。"
    "市发展和改革委员会副主任陈松介绍，一季度全市150个市级重点项目开工112个，完成投资86.4亿元，占年度计划的27.5%。"
    "其中，产业类项目完成投资52.1亿元，同比增长18.6%。\n"
    "发布会上，与会记者认真记录，气氛热烈。“项目早开工一天，企业就早一天见效。”一名企业负责人高兴地说。\n"
    "陈松表示，二季度将新开工项目30个，力争上半年完成年度投资计划的55%；对进度滞后的项目，实行周调度、月通报。"
    "此外，全市还将开展项目用地专项清理，计划盘活存量土地1200亩。"
)
SHORT = "4月9日，青禾市图书馆新馆开放。"
QUOTES = "“太好了！”“真不错！”"
POLICY = (
    "第一条 为了规范养老服务，根据有关法律，结合本市实际，制定本办法。\n第二条 本办法适用于本市行政区域内的养老服务活动。\n"
    "第三条 市民政部门负责全市养老服务工作的指导和监督。\n第四条 新建居住区应当按照每百户不少于30平方米配建养老服务设施，与住宅同步交付。"
)


def make(text: str, title: str = "", id_: str = "a") -> Article:
    text = normalise(text).text.strip()
    return Article(id_, "test", title, text, split_sentences(text), ())


CASES = [
    pytest.param(NEWS, "青禾一季度重点项目完成投资86.4亿元", id="news"),
    pytest.param(NEWS, "", id="news without a title"),
    pytest.param(SHORT, "", id="one short line"),
    pytest.param(POLICY, "养老服务办法", id="articles of a regulation"),
    pytest.param("", "", id="empty"),
    pytest.param("，。；", "", id="marks only"),
    pytest.param(QUOTES, "", id="exclamations only"),
    pytest.param("<script>{{ 7*7 }}</script>，{% raw %}项目已建成。", "", id="template syntax"),
    pytest.param("全市" * 400, "", id="no mark at all"),
    pytest.param("“" * 50 + "未闭合的引号，一直没有结束。市里已批复。", "", id="quotes never closed"),
]


@pytest.fixture(params=[pytest.param(name, id=name) for name in ENGINES], scope="module")
def engine(request: pytest.FixtureRequest) -> Engine:
    return load_engine(request.param)


@pytest.mark.parametrize(("text", "title"), CASES)
def test_sources_lie_in_the_article_and_every_printed_word_stands_there(
    engine: Engine, text: str, title: str
) -> None:
    article = make(text, title)
    [summary] = engine.summarise([article], SummaryOptions())
    assert summary.article_id == article.id
    assert summary.engine == f"{engine.name}@{engine.revision}"
    for sentence in summary.sentences:
        source = "".join(article.text[r.span.start : r.span.end] for r in sentence.sources)
        assert sentence.sources
        assert all(r.part == "text" and r.span.end <= len(article.text) for r in sentence.sources)
        assert sorted(re.findall(r"\w", sentence.text)) == sorted(re.findall(r"\w", source))
    where = {"text": article.text, "title": article.title}
    assert summary.headline == "".join(
        where[r.part][r.span.start : r.span.end] for r in summary.headline_sources
    )


@pytest.mark.parametrize(("text", "title"), CASES)
@pytest.mark.parametrize("max_chars", [pytest.param(n, id=f"{n} characters") for n in (40, 80, 150)])
def test_limits_hold(engine: Engine, text: str, title: str, max_chars: int) -> None:
    options = SummaryOptions(max_chars=max_chars, max_sentences=2, min_source_chars=0)
    [summary] = engine.summarise([make(text, title)], options)
    assert len(summary.text) <= max_chars
    assert len(summary.sentences) <= 2


@pytest.mark.parametrize(("text", "title"), CASES)
def test_insufficient_means_no_sentence(engine: Engine, text: str, title: str) -> None:
    [summary] = engine.summarise([make(text, title)], SummaryOptions())
    assert summary.insufficient == (not summary.sentences)


def test_same_number_and_order_out_as_in(engine: Engine) -> None:
    texts = [NEWS, "", SHORT, POLICY] * 10
    articles = [make(t, id_=f"a{i}") for i, t in enumerate(texts)]
    done: list[int] = []
    summaries = engine.summarise(articles, SummaryOptions(), done.append)
    assert [s.article_id for s in summaries] == [a.id for a in articles]
    assert sum(done) == len(articles)


def test_alone_or_in_a_batch_and_twice_the_result_is_the_same(engine: Engine) -> None:
    articles = [make(NEWS, "项目建设", "n"), make(POLICY, "", "p"), make(SHORT, "", "s")]
    together = engine.summarise(articles, SummaryOptions())
    assert together == [engine.summarise([a], SummaryOptions())[0] for a in articles]
    assert together == load_engine(engine.name).summarise(articles, SummaryOptions())


def test_dropped_sentences_are_not_used(engine: Engine) -> None:
    article = make("广告：全场五折起售，仅限三天。" + NEWS)
    first, *rest = article.sentences
    marked = Sentence(first.span, first.clauses, first.paragraph, DropReason.ADVERTISEMENT)
    article = Article("a", "test", "", article.text, (marked, *rest), ())
    [summary] = engine.summarise([article], SummaryOptions())
    assert all(r.span.start >= first.span.end for s in summary.sentences for r in s.sources)


def test_dateline_and_reporters_are_left_out_and_the_date_stays(engine: Engine) -> None:
    [summary] = engine.summarise([make("本报讯（记者 林一苇）" + SHORT)], SummaryOptions())
    assert summary.text == SHORT


def test_a_sentence_of_thousands_of_clauses_is_no_trap(engine: Engine) -> None:
    started = time.process_time()
    engine.summarise([make("全市新建学校，" * 3000)], SummaryOptions())
    assert time.process_time() - started < 10


def test_nothing_in_nothing_out(engine: Engine) -> None:
    assert engine.summarise([], SummaryOptions()) == []


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="市县已将不未拟说表示，。；：“”（）《》、12%\n 我该其在为后的 a", max_size=150))
def test_any_text_gives_a_balanced_summary_within_the_limit(text: str) -> None:
    for name in ENGINES:
        [summary] = load_engine(name).summarise([make(text)], SummaryOptions(max_chars=60, min_source_chars=0))
        assert len(summary.text) <= 60
        if name == "extract":
            for opening, closing in ("“”", "（）", "《》"):
                assert summary.text.count(opening) == summary.text.count(closing)


def test_unknown_engine_names_the_allowed_values() -> None:
    with pytest.raises(ConfigError) as caught:
        load_engine("gpt")
    assert "lead" in caught.value.zh
    assert "extract" in caught.value.en


@pytest.mark.parametrize(
    ("field", "value"),
    [pytest.param("max_chars", 5, id="too few characters"), pytest.param("max_sentences", 0, id="no sentence")],
)
def test_impossible_limits_are_refused(field: str, value: int) -> None:
    with pytest.raises(ConfigError, match=field):
        SummaryOptions(**{field: value})

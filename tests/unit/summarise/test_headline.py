"""The item's headline: the paper's own when it informs, else one that stands in the text."""

from __future__ import annotations

import pytest

from briefing.records import Article
from briefing.summarise import SummaryOptions, load_engine
from briefing.summarise.headline import MAX_MADE_CHARS, own_headline
from briefing.summarise.words import load_lexicon
from briefing.text.sentences import split_sentences

TEXT = "4月8日，青禾市政府召开新闻发布会。青禾市一季度开工重点项目112个，完成投资86.4亿元，占年度计划的27.5%。市里还将开展用地清理。"


def article(title: str, text: str = TEXT) -> Article:
    return Article("a", "test", title, text, split_sentences(text), ())


@pytest.mark.parametrize(
    ("title", "want"),
    [
        pytest.param(
            "青禾一季度重点项目完成投资86.4亿元", "青禾一季度重点项目完成投资86.4亿元", id="informative"
        ),
        pytest.param("【高质量发展】青禾市新建学校8所", "青禾市新建学校8所", id="rubric in front"),
        pytest.param("青禾市新建学校8所（新春走基层）", "青禾市新建学校8所", id="rubric behind"),
        pytest.param("3. 青禾市新建学校8所", "青禾市新建学校8所", id="number of the item"),
        pytest.param("青禾市新建学校8所——教育强市系列报道之三", "青禾市新建学校8所", id="second headline"),
        pytest.param(
            "青禾市农村供水管理办法（试行）", "青禾市农村供水管理办法（试行）", id="name of a document"
        ),
        pytest.param("林远在青禾市调研时强调", "林远在青禾市调研", id="kicker that hangs"),
    ],
)
def test_own_headline(title: str, want: str) -> None:
    found = own_headline(article(title), load_lexicon())
    assert found is not None
    words, (ref,) = found
    assert words == want == title[ref.span.start : ref.span.end]


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("聚力攻坚突破 推进强市建设", id="slogan"),
        pytest.param("简讯", id="label"),
        pytest.param("体育课效果如何？", id="question"),
        pytest.param("加强合作 分享经验 推进发展", id="nobody acts"),
        pytest.param("“让老百姓更方便”", id="quotation only"),
        pytest.param("", id="none"),
    ],
)
def test_titles_that_do_not_inform(title: str) -> None:
    assert own_headline(article(title), load_lexicon()) is None


def test_made_headline_is_a_whole_clause_with_its_subject() -> None:
    [summary] = load_engine("extract").summarise([article("聚力攻坚")], SummaryOptions())
    assert summary.headline in ("青禾市一季度开工重点项目112个", "青禾市政府召开新闻发布会")
    assert len(summary.headline) <= MAX_MADE_CHARS
    assert {r.part for r in summary.headline_sources} == {"text"}

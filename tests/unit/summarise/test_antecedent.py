"""Sentences without a subject of their own, and pronouns: what may stand for the sentence before."""

from __future__ import annotations

import pytest

from briefing.summarise.grammar import analyse
from briefing.summarise.phrases import has_subject
from tests.unit.summarise.material import reading_of, summary_of

CHAIN = (
    "青禾乡建有农家书屋6个。丰富书屋的书籍种类，满足不同群众需求。依托书屋的阅读环境，开展读书活动40场。"
    "全乡道路全部硬化。"
)


def test_a_sentence_without_subject_may_skip_others_that_share_it() -> None:
    found = summary_of(CHAIN, "农家书屋6个 读书活动40场")
    assert found == "青禾乡建有农家书屋6个。依托书屋的阅读环境，开展读书活动40场。"


def test_a_sentence_without_subject_brings_the_clause_that_names_it() -> None:
    found = summary_of(CHAIN, "读书活动40场 道路")
    assert found.startswith("青禾乡建有农家书屋6个。依托书屋")


def test_a_sentence_with_another_subject_ends_the_chain() -> None:
    text = CHAIN.replace("丰富书屋的书籍种类", "乡党委调查需求、县图书馆送来新书")
    found = summary_of(text, "农家书屋6个 读书活动40场")
    assert "读书活动" not in found or "乡党委" in found


@pytest.mark.parametrize(
    ("text", "wanted", "with_it"),
    [
        pytest.param(
            "青禾大学发布量子传输实验成果。会上还举行了座谈。该实验把传输距离提高到1200公里。",
            "1200",
            "青禾大学",
            id="该实验 and the clause that names it",
        ),
        pytest.param(
            "中国总理在京会见法国总统。会见在友好气氛中进行。会场布置得庄重简朴。两国签署农业、航空等8项合作文件。",
            "8项",
            "法国总统",
            id="两国 and the clause that names the country",
        ),
    ],
)
def test_a_pronoun_stands_with_the_clause_that_names_it(text: str, wanted: str, with_it: str) -> None:
    assert wanted not in summary_of(text, wanted) or with_it in summary_of(text, wanted)
    both = summary_of(text, f"{wanted} {with_it}")
    assert wanted in both
    assert with_it in both


def test_both_of_three_countries_keep_the_sentence_before() -> None:
    reading = reading_of("中国总理会见法国总统。当天还会见了德国总统。会场布置得庄重。两国签署8项合作文件。")
    last = reading.document.units[-1].index
    assert analyse(reading).needs_previous_sentence[last]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("反映脱贫成就的图片展10日在青禾市展出。", True, id="a verb that describes the subject"),
        pytest.param("以智能制造为代表的新兴产业增长10%。", True, id="以…为代表的"),
        pytest.param("推广以商标估值为核心的中小企业质押贷款模式。", False, id="an object"),
        pytest.param("以商标估值为核心的中小企业质押贷款模式。", False, id="a noun phrase"),
        pytest.param("营业总收入和利润总额分别增长8%和6%。", False, id="whose income"),
        pytest.param("全国规模以上工业企业利润同比增长6.2%。", True, id="the whole country's profits"),
        pytest.param("市委组织部、市新闻传媒中心聚力攻坚突破。", True, id="two offices"),
        pytest.param(
            "收看由市委组织部、市新闻传媒中心联合制作的专题栏目。", False, id="offices that made the object"
        ),
    ],
)
def test_a_clause_names_its_subject(text: str, named: bool) -> None:
    assert has_subject(reading_of(text), 0) is named

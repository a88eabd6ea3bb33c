"""What governs a clause is printed with it: a target stays a target, a rule keeps its exception."""

from __future__ import annotations

import numpy as np
import pytest

from briefing.records import Article
from briefing.summarise import SummaryOptions, load_engine
from briefing.summarise.decode import Decoder
from briefing.summarise.features import read_words
from briefing.summarise.grammar import analyse
from briefing.summarise.realise import group_lines, lines_of, write_summary
from briefing.summarise.scope import (
    CAVEAT_SCORE,
    HEADLINE_FIGURE_SCORE,
    is_report_of_reporter,
    is_time,
    scope_of,
)
from briefing.summarise.scoring import shared_tables
from briefing.summarise.units import Document, read_document
from briefing.text.sentences import split_sentences
from briefing.words import load_lexicon


def document(text: str, **heads: str) -> Document:
    return read_document(Article("a", "test", heads.pop("title", ""), text, split_sentences(text), (), **heads))


def summary_of(text: str, wanted: str) -> str:
    """The summary when a scorer wants exactly the clauses that contain a word of `wanted`."""
    reading = read_words(document(text), load_lexicon(), shared_tables())
    words = wanted.split()
    scores = np.array([0.95 if any(w in u.text for w in words) else 0.05 for u in reading.document.units])
    grammar = analyse(reading)
    parts = Decoder().decode(reading, grammar, scores, SummaryOptions())
    groups = group_lines(reading.document, lines_of(parts), 3)
    posts = {i: (spans, grammar.introduced_by[i]) for i, spans in enumerate(grammar.introduction) if spans}
    return write_summary(reading.document, groups, ("", ()), "test", posts).text


@pytest.mark.parametrize(
    ("text", "wanted", "with_it"),
    [
        pytest.param(
            "对守法企业，除投诉举报线索外，一年内不开展现场检查。", "检查", "除投诉举报线索外", id="exception"
        ),
        pytest.param("10月15日前，各地要完成防火隔离带清理。", "清理", "10月15日前", id="deadline"),
        pytest.param("改造后，管网热损失率由18%降到12%以下。", "热损失率", "改造后", id="not so yet"),
        pytest.param(
            "到2025年，产业规模明显扩大。全市新增规模以上企业120家。",
            "120",
            "到2025年",
            id="target of a paragraph",
        ),
        pytest.param("经批准用火的，应当设置隔离带。", "隔离带", "经批准用火的", id="condition"),
        pytest.param("在青禾市，住房公积金贷款实现全程网上办理。", "网上", "在青禾市", id="place"),
        pytest.param(
            "针对12类小微企业，青禾市推行承诺制，审批时限由30天压缩为1天。",
            "时限",
            "针对12类",
            id="whom it is for",
        ),
        pytest.param(
            "去年，青禾市举办招商活动2次，走访企业13家。青禾市还签约项目6个，合同外资4000万美元。",
            "签约",
            "去年",
            id="time of the sentence before",
        ),
    ],
)
def test_a_clause_brings_what_governs_it(text: str, wanted: str, with_it: str) -> None:
    found = summary_of(text, wanted)
    assert wanted in found
    assert with_it in found


def test_the_reporters_day_is_not_the_day_of_the_news() -> None:
    text = "9月17日，记者从市住建局获悉，青禾市今年计划投资1.46亿元，改造管网38公里。"
    assert summary_of(text, "9月17日 计划 改造").startswith("青禾市今年计划")


def test_an_adverb_that_adds_goes_when_nothing_stands_before_it() -> None:
    text = "会场气氛热烈，大家踊跃发言。\n青禾市还组织企业参加展会，签约项目2个。"
    assert summary_of(text, "组织 签约") == "青禾市组织企业参加展会，签约项目2个。"


def test_a_bare_noun_is_printed_only_after_its_name() -> None:
    text = "青禾药业公司投产新药3种。\n天气晴好。\n企业还将新建生产线8条。"
    found = summary_of(text, "生产线")
    assert "企业" not in found or "青禾药业公司" in found


def test_a_speaker_is_introduced_when_the_post_stands_elsewhere() -> None:
    text = "“很好。”青禾公司副总经理高远说。\n高远介绍，近3年，总研发投入超3亿元。"
    assert summary_of(text, "总研发").startswith("青禾公司副总经理高远介绍，近3年，总研发投入超3亿元")


def test_a_judgment_that_is_not_final_says_so() -> None:
    scope = scope_of(document("青禾市法院判处林某有期徒刑3年。林某当庭上诉，判决尚未生效。"))
    assert scope.least[-1] == CAVEAT_SCORE


def test_a_figure_of_the_kicker_counts_for_the_clause_that_repeats_it() -> None:
    scope = scope_of(
        document("青禾公司开工。总研发投入超3亿元。", title="科研投入再刷新", kicker="3年突破3亿元")
    )
    assert scope.least[0] == 0.0
    assert scope.least[1] >= HEADLINE_FIGURE_SCORE


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("2023年", True, id="year"),
        pytest.param("截至9月15日", True, id="up to a day"),
        pytest.param("今年上半年", True, id="half year"),
        pytest.param("近日", False, id="recently bounds nothing"),
        pytest.param("他在车站工作了7年", False, id="a statement that ends in years"),
    ],
)
def test_is_time(text: str, want: bool) -> None:
    assert is_time(text) is want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("记者从市应急局获悉", True, id="reporter"),
        pytest.param("青禾市获悉情况后立即处置", False, id="news"),
    ],
)
def test_is_report_of_reporter(text: str, want: bool) -> None:
    assert is_report_of_reporter(text) is want


@pytest.mark.parametrize(
    ("text", "never"),
    [
        pytest.param(
            "（一）压实责任。县级政府负总责，9月底前完成划分任务。", "（一）", id="number of a section"
        ),
        pytest.param(
            "为做好防火工作，现将有关事项通知如下：\n县级政府负总责，9月底前完成划分任务。",
            "通知如下",
            id="formula",
        ),
        pytest.param(
            "本办法所称机构，是指依法登记的组织。\n县级政府负总责，9月底前完成划分。", "是指", id="definition"
        ),
    ],
)
def test_a_document_does_not_talk_about_itself(text: str, never: str) -> None:
    assert never not in summary_of(text, "责任 负总责 通知 所称 是指 划分")


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param(
            "国务院总理林一苇26日上午在人民大会堂会见青禾国总统高远，双方就经贸合作深入交换意见。",
            "林一苇会见青禾国总统高远",
            id="without office, day and hall",
        ),
        pytest.param(
            "作为全国蔬菜大县，莘县立足资源优势，大手笔谋划推动设施蔬菜产业全链条发展，带动农民增收致富奔小康。",
            "莘县大手笔谋划推动设施蔬菜产业全链条发展",
            id="subject fetched from its clause",
        ),
    ],
)
def test_made_headline(text: str, want: str) -> None:
    [summary] = load_engine("extract").summarise(
        [Article("a", "test", "", text, split_sentences(text), ())], SummaryOptions(min_source_chars=0)
    )
    assert summary.headline == want

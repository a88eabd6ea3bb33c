"""The headline's figures are told in the text under it."""

from __future__ import annotations

import pytest

from briefing.records import Article
from briefing.summarise import SummaryOptions, load_engine
from briefing.summarise.promised import headline_figures, promised_shares
from briefing.summarise.units import read_document
from briefing.text.sentences import split_sentences

TEXT = (
    "青河药业产业园总投资15亿元，占地300亩。园区共有规模以上企业8家，产业链重点企业3家。"
    "公司副总经理介绍，近3年，公司大力引进高层次人才，总研发投入超3亿元。"
    "去年，全县医药产业实现产值54.5亿元、营业收入48.9亿元、利润12亿元，分别增长23.7%、19.5%、77%。"
    "下一步，青河县将围绕医药产业链招引项目20个。"
)


def article(title: str, kicker: str = "", text: str = TEXT) -> Article:
    return Article("a", "", title, text, split_sentences(text), (), kicker=kicker)


@pytest.mark.parametrize(
    ("title", "kicker", "count"),
    [
        pytest.param("青河药业投入再刷新", "3年突破3亿元", 1, id="money of the kicker, no span of time"),
        pytest.param("全县新增12家企业 增长8.5%", "", 2, id="two figures"),
        pytest.param("第三届青河论坛11月3日开幕", "", 0, id="ordinal and date promise nothing"),
    ],
)
def test_figures_of_the_heads(title: str, kicker: str, count: int) -> None:
    assert len(headline_figures(article(title, kicker))) == count


def test_only_clauses_with_the_promised_figure_have_a_share() -> None:
    document = read_document(article("青河药业投入再刷新", "3年突破3亿元"))
    shares = promised_shares(document)
    told = [u.text for u in document.units if shares[u.index]]
    assert told == ["总研发投入超3亿元"]


def test_the_summary_tells_what_the_headline_counts() -> None:
    [summary] = load_engine("clauses").summarise(
        [article("青河药业投入再刷新", "3年突破3亿元")], SummaryOptions()
    )
    assert "总研发投入超3亿元" in summary.text


def test_a_notice_is_named_by_its_title_so_what_it_rules_can_be_told() -> None:
    text = (
        "9月18日，青河市公积金中心印发《关于调整住房公积金贷款政策的通知》，自10月1日起施行。"
        "通知明确，多子女家庭最高可贷84万元。购买第二套住房的，最低首付款比例下调至25%。"
        "公积金中心主任介绍，截至8月底，全市实缴职工28.7万人，今年累计发放贷款3126笔、12.9亿元，个贷率为81.3%。"
    )
    [summary] = load_engine("clauses").summarise(
        [article("多子女家庭最高可贷84万元", text=text)], SummaryOptions(max_chars=100)
    )
    assert "通知明确，多子女家庭最高可贷84万元" in summary.text


def test_a_teaser_is_not_printed() -> None:
    text = TEXT + "让产业扎下根来，园区党委书记李明有自己的办法。他牵头组建服务队，走访企业120家。"
    [summary] = load_engine("clauses").summarise([article("园区党委书记李明", text=text)], SummaryOptions())
    assert "办法" not in summary.text

"""What stands for something named elsewhere is printed with its name: whose figure, which document, whose side."""

from __future__ import annotations

import pytest

from briefing.records import Article, Span
from briefing.summarise import SummaryOptions, load_engine
from briefing.text.sentences import split_sentences
from tests.unit.summarise.material import summary_of


def make_article(text: str, title: str, outlet: str) -> Article:
    return Article("a", "test", title, text, split_sentences(text), (), outlet=outlet)


@pytest.mark.parametrize(
    ("text", "wanted", "named"),
    [
        pytest.param(
            "青石省软件产业规模突破9000亿元。\n望川区今年引进企业13家。软件业务收入15.74亿元，增长31.2%。",
            "9000 15.74",
            "望川区",
            id="a figure of the place told before",
        ),
        pytest.param(
            "园区迎来客人。\n生物医药产业是安澜县着力打造的产业。大家很忙。生物医药产业规模以上工业实现产值54.5亿元。",
            "54.5",
            "安澜县",
            id="an industry whose county opens the paragraph",
        ),
        pytest.param(
            "湖北小麦收获5.5万亩，吉林增放鱼苗。\n重庆高粱分布在渝西地带，今年全市高粱种植面积达到26.25万亩。",
            "5.5 26.25",
            "重庆",
            id="全市 of the city named in its sentence",
        ),
        pytest.param(
            "青禾市印发《青禾市干部日常行为规范》，共七章。\n市里开展学习。\n《规范》提出52项禁止内容。",
            "52",
            "《青禾市干部日常行为规范》",
            id="short name of a document",
        ),
        pytest.param(
            "林一苇同马尔代夫外长通电话。\n大家交流经验。\n林一苇表示，愿根据马方需要提供帮助。",
            "帮助",
            "马尔代夫",
            id="a side called by one character",
        ),
    ],
)
def test_no_reference_without_its_name(text: str, wanted: str, named: str) -> None:
    found = summary_of(text, wanted)
    word = wanted.rsplit(maxsplit=1)[-1]
    assert word not in found or named in found
    assert named in summary_of(text, f"{wanted} {named}")


def test_a_court_is_called_by_the_name_that_the_reporter_gives() -> None:
    text = "9月17日，记者从青禾市望川区人民法院获悉，近日，法院审结一起行政诉讼案。法院驳回诉讼请求。"
    found = summary_of(text, "审结 驳回")
    assert found == "青禾市望川区人民法院审结一起行政诉讼案。法院驳回诉讼请求。"


@pytest.mark.parametrize(
    ("text", "wanted", "want"),
    [
        pytest.param(
            "3月28日晚，居民林一苇看了节目。当晚，《青禾党建》节目在青禾电视台首播。",
            "首播",
            "3月28日晚，《青禾党建》节目在青禾电视台首播。",
            id="that evening",
        ),
        pytest.param(
            "7月30日，青禾市气象台发布暴雨预警。当日，望川机场取消航班67架次。",
            "预警 67",
            "7月30日，青禾市气象台发布暴雨预警。当日，望川机场取消航班67架次。",
            id="the date is printed already",
        ),
    ],
)
def test_that_day_is_told_as_a_date(text: str, wanted: str, want: str) -> None:
    assert summary_of(text, wanted) == want


def test_another_time_between_leaves_that_day_as_it_is() -> None:
    text = "7月30日，青禾机场迎来强降雨。昨天雨停。当天，青禾机场恢复运行。"
    assert "7月30日，青禾机场恢复" not in summary_of(text, "恢复")


@pytest.mark.parametrize(
    ("outlet", "want"),
    [
        pytest.param("青禾日报", "去年，青禾市筹划招商活动2次。", id="the city's paper"),
        pytest.param("", "去年，我市筹划招商活动2次。", id="paper unknown"),
        pytest.param("望川日报", "去年，我市筹划招商活动2次。", id="another city's paper"),
    ],
)
def test_our_city_is_named_when_the_paper_and_the_text_tell_it(outlet: str, want: str) -> None:
    text = "去年，我市筹划招商活动2次。\n青禾人脉资源丰富。"
    assert summary_of(text, "筹划", outlet=outlet) == want


def test_our_city_is_named_and_traced_to_the_title_when_only_the_title_has_it() -> None:
    article = make_article("2023年，我市新开工项目31个。", title="青禾以改革促投资", outlet="青禾日报")
    (sentence,) = load_engine("extract").summarise([article], SummaryOptions())[0].sentences
    assert sentence.text == "2023年，青禾市新开工项目31个。"
    assert [r.span for r in sentence.sources if r.part == "title"] == [Span(0, 2)]


def test_last_years_figures_do_not_open_a_summary_that_ends_with_this_years() -> None:
    text = "去年1—7月，青禾市举办招商活动2次。\n今年，青禾市计划举办招商活动20次以上。"
    assert summary_of(text, "2次 20次").startswith("今年，")


def test_they_are_the_firm_whose_manager_speaks() -> None:
    text = "青禾药业有限公司副总经理林一苇介绍，近3年，他们引进博士12人，总投入超3亿元。"
    found = summary_of(text, "介绍 他们 3亿元")
    assert found == text.replace("他们", "公司")


def test_they_stay_when_the_speaker_has_no_firm() -> None:
    text = "青禾村村民林一苇介绍，近3年，他们修路12公里，总投入超300万元。"
    assert "他们修路" in summary_of(text, "介绍 他们 300万元")


def test_an_office_of_the_city_is_no_place_that_owns_figures() -> None:
    text = "记者9月17日从市交通运输局获悉，今年全市安排交通建设项目50个，年度计划投资92亿元。1—8月，总投资完成63.5亿元。"
    assert "63.5" in summary_of(text, "50 63.5")


def test_parts_of_a_total_follow_the_total() -> None:
    text = "今年安排项目50个。\n1—8月，青禾市完成投资63.5亿元。\n其中，公路项目31个，完成投资38.2亿元。"
    found = summary_of(text, "38.2")
    assert "38.2" not in found or "1—8月" in found

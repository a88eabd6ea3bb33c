"""What was printed is not printed again, unless there is something new; then that is what is printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from briefing.dedupe import PairScorer, load_scorer, merge_stories, recall
from briefing.dedupe.earlier import Known
from briefing.records import (
    Article,
    BriefingItem,
    DropReason,
    EarlierItem,
    LeftOutReason,
    Story,
    Summary,
)
from briefing.text.sentences import split_sentences

DAY = date(2026, 3, 5)
BRIDGE = (
    "3月4日上午，临河市黄河大桥改扩建工程正式开工。大桥全长3.2公里，总投资18.6亿元，计划2028年10月建成通车。"
    "项目采用双向六车道标准，设计时速80公里，建成后主城区到高铁站的时间将由40分钟缩短到15分钟。"
    "市交通运输局负责人介绍，工程分两期实施，一期先建设北岸引桥和主墩，二期完成主桥合龙。"
)
BRIDGE_RETOLD = (
    "记者从临河市交通运输局获悉，临河市黄河大桥改扩建工程日前正式开工。该桥全长3.2公里，总投资18.6亿元，"
    "双向六车道，设计时速80公里，计划2028年10月建成通车，届时主城区到高铁站只需15分钟。"
)
NEWS = "截至3月6日，大桥已完成桩基12根，北岸引桥进场设备46台。"
OTHER = "青禾县财政局3月5日公布，今年全县安排村级公益事业奖补资金2150万元，支持37个村修建灌溉水渠和文化广场。"


@pytest.fixture(scope="module")
def scorer() -> PairScorer:
    return load_scorer()


def article(name: str, text: str, title: str = "", day: date = DAY) -> Article:
    return Article(
        name, f"{name}.txt", title, text, split_sentences(text), (), outlet="临河日报", published_on=day
    )


def printed(
    text: str, title: str = "黄河大桥改扩建工程开工", days_ago: int = 1
) -> tuple[EarlierItem, BriefingItem]:
    lead = article(f"old{days_ago}", text, title, DAY - timedelta(days=days_ago))
    summary = Summary(lead.id, title, (), (), "test@1")
    item = BriefingItem(Story(lead), summary, (), "经济运行", 3.0, 3.0)
    return EarlierItem(DAY - timedelta(days=days_ago), "daily", title, "第9期", lead.id), item


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param(BRIDGE, "黄河大桥改扩建工程开工", id="the same copy"),
        pytest.param(BRIDGE, "临河黄河大桥动工", id="under another headline"),
        pytest.param(BRIDGE_RETOLD, "总投资18.6亿元，临河黄河大桥开工", id="told by another reporter"),
    ],
)
def test_a_story_without_new_facts_is_left_out_and_says_when_it_was_printed(
    text: str, title: str, scorer: PairScorer
) -> None:
    found = recall([Story(article("new", text, title))], [printed(BRIDGE)], 0.7, 0.75, scorer)
    assert found.stories == ()
    assert [x.reason for x in found.left_out] == [LeftOutReason.PRINTED]
    assert "2026年3月4日" in found.left_out[0].detail
    assert "黄河大桥改扩建工程开工" in found.left_out[0].detail


def test_new_facts_are_what_is_left_to_summarise_and_point_to_the_earlier_item(scorer: PairScorer) -> None:
    new = article("new", BRIDGE + NEWS, "黄河大桥改扩建工程进展顺利", DAY + timedelta(days=1))
    found = recall([Story(new)], [printed(BRIDGE)], 0.7, 0.75, scorer)
    assert found.left_out == ()
    lead = found.stories[0].lead
    left = [lead.text[s.span.start : s.span.end] for s in lead.sentences if not s.dropped]
    assert left == [NEWS]
    assert {s.dropped for s in lead.sentences if s.dropped} == {DropReason.PRINTED}
    assert lead.text == new.text
    assert found.earlier[lead.id].headline == "黄河大桥改扩建工程开工"


def test_another_account_with_new_facts_leads_the_story(scorer: PairScorer) -> None:
    story = Story(
        article("same", BRIDGE, "大桥开工"), reports=(article("more", BRIDGE_RETOLD + NEWS, "大桥进展"),)
    )
    found = recall([story], [printed(BRIDGE)], 0.7, 0.75, scorer)
    assert found.stories[0].lead.id == "more"
    assert [a.id for a in found.stories[0].reports] == ["same"]


def test_an_unlike_story_and_the_order_stay(scorer: PairScorer) -> None:
    stories = [
        Story(article("o1", OTHER, "青禾安排奖补资金")),
        Story(article("b", BRIDGE)),
        Story(article("o2", OTHER.replace("青禾", "白石").replace("2150", "930").replace("37", "12"))),
    ]
    found = recall(stories, [printed(BRIDGE)], 0.7, 0.75, scorer)
    assert [s.lead.id for s in found.stories] == ["o1", "o2"]
    assert found.stories[0] == stories[0]
    assert found.earlier == {}


def test_the_newest_item_is_pointed_to_and_all_of_them_are_known(scorer: PairScorer) -> None:
    before = [printed(BRIDGE + NEWS, "大桥完成桩基12根", 1), printed(BRIDGE, days_ago=3)]
    later = "截至3月8日，大桥已完成桩基20根。"
    found = recall([Story(article("new", BRIDGE + NEWS + later, "大桥桩基过半"))], before, 0.7, 0.75, scorer)
    lead = found.stories[0].lead
    assert [lead.text[s.span.start : s.span.end] for s in lead.sentences if not s.dropped] == [later]
    assert found.earlier[lead.id].headline == "大桥完成桩基12根"


@pytest.mark.parametrize(
    ("sentence", "new"),
    [
        pytest.param("大桥总投资18.6亿元。", False, id="known figure"),
        pytest.param("大桥总投资近19亿元。", False, id="known figure, rounded"),
        pytest.param("大桥总投资增至21.4亿元。", True, id="another figure"),
        pytest.param("3月5日，记者来到施工现场。", False, id="a date is no news"),
        pytest.param("主城区到高铁站的时间将由40分钟缩短到15分钟。", False, id="the same again"),
        pytest.param("因上游来水偏大，施工单位暂停水上作业并撤离全部船只和人员。", True, id="another matter"),
        pytest.param("主城区到高铁站的黄河大桥已建成通车。", True, id="a plan come true"),
        pytest.param("记者了解到。", False, id="a transition"),
    ],
)
def test_a_sentence_is_new_when_it_tells_a_fact_that_was_not_printed(sentence: str, new: bool) -> None:
    assert Known.of([article("old", BRIDGE)]).lacks(sentence) is new


NOTICE = (
    "{}市人力资源和社会保障局3月5日发布消息，今年春季全市举办招聘活动{}场，组织企业{}百家，提供岗位{}万个。"
    "活动重点面向高校毕业生和返乡农民工。凡签订一年以上劳动合同的企业，可申请一次性吸纳就业补贴。"
)


def test_the_notice_of_another_city_is_neither_printed_before_nor_the_same_story(scorer: PairScorer) -> None:
    here = article("here", NOTICE.format("安丘", 91, 12, "3.9"), "安丘开展91场春季招聘活动")
    there = article("there", NOTICE.format("长岭", 60, 7, "1.8"), "长岭开展60场春季招聘活动")
    found = recall([Story(here)], [printed(there.text, there.title)], 0.7, 0.75, scorer)
    assert found.stories == (Story(here),)
    assert found.earlier == {}
    stories = merge_stories([here, replace(there, outlet="临河晚报")], None, scorer)
    assert [len(story.articles) for story in stories] == [1, 1]


def test_another_months_figures_are_no_continued_story(scorer: PairScorer) -> None:
    june = (
        "市统计局发布，{}，全市规模以上工业增加值同比增长{}%，固定资产投资增长{}%，社会消费品零售总额增长{}%。"
    )
    old = printed(june.format("6月份", "5.1", "6.3", "4.8"), "6月份规模以上工业增长5.1%")
    new = article("new", june.format("7月份", "5.4", "6.3", "4.9"), "7月份规模以上工业增长5.4%")
    assert recall([Story(new)], [old], 0.7, 0.75, scorer).earlier == {}


STEP = "3月12日，临河市黄河大桥改扩建工程北岸主墩浇筑完成，比计划提前20天。施工单位投入工人160名，下月转入引桥架设。"


def test_the_next_step_of_a_matter_is_printed_whole_with_a_pointer(scorer: PairScorer) -> None:
    step = article("new", STEP, "黄河大桥改扩建工程北岸主墩浇筑完成", DAY + timedelta(days=7))
    found = recall([Story(step)], [printed(BRIDGE)], 0.7, 0.75, scorer)
    assert [s.lead for s in found.stories] == [step]
    assert found.earlier[step.id].headline == "黄河大桥改扩建工程开工"
    assert found.left_out == ()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param(
            STEP.replace("临河市黄河", "青禾市青河"), "青河大桥改扩建工程北岸主墩浇筑完成", id="another bridge"
        ),
        pytest.param(OTHER, "青禾县2150万元支持村级公益事业", id="another matter"),
        pytest.param(
            "3月4日，临河市黄河湿地公园改扩建工程开工，总投资2.6亿元，计划2027年5月开园。",
            "黄河湿地公园改扩建工程开工",
            id="another work of the town",
        ),
    ],
)
def test_another_matter_of_the_same_kind_gets_no_pointer(text: str, title: str, scorer: PairScorer) -> None:
    other = article("new", text, title)
    found = recall([Story(other)], [printed(BRIDGE)], 0.7, 0.75, scorer)
    assert found.earlier == {}
    assert [s.lead for s in found.stories] == [other]


def test_a_plan_that_has_come_true_is_printed_though_the_words_are_the_same(scorer: PairScorer) -> None:
    names = "青禾县第一中学、白石镇中心小学、东阁镇中心小学、南浦街道第二小学、西坪乡中学、长岭镇中学、安丘镇中心小学。"
    text = f"3月4日，临河市教育局公布全市文明校园名单：{names}各校要珍惜荣誉，继续做好各项工作。"
    for title, kept in (("临河市文明校园拟命名名单", 0), ("临河市文明校园名单", 1)):
        old = printed(text, "临河市文明校园拟命名名单")
        found = recall([Story(article("new", text, title))], [old], 0.7, 0.75, scorer)
        assert len(found.stories) == kept, title
        assert len(found.left_out) == 1 - kept
        assert list(found.earlier) == ["new"] * kept

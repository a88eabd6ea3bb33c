"""Conditions under which a clause may be printed, on whole summaries: what a reader must never see."""

from __future__ import annotations

import numpy as np
import pytest

from briefing.records import Article
from briefing.summarise import SummaryOptions
from briefing.summarise.decode import Decoder
from briefing.summarise.features import Reading, read_words
from briefing.summarise.forms import balanced, is_attribution
from briefing.summarise.grammar import analyse
from briefing.summarise.realise import group_lines, lines_of, write_summary
from briefing.summarise.scoring import shared_tables
from briefing.summarise.units import read_document
from briefing.text.sentences import split_sentences
from briefing.words import load_lexicon


def read(text: str, title: str = "") -> Reading:
    article = Article("a", "test", title, text, split_sentences(text), ())
    return read_words(read_document(article), load_lexicon(), shared_tables())


def summary_of(text: str, wanted: str, max_chars: int = 150) -> str:
    """The summary when a scorer wants exactly the clauses that contain a word of `wanted`."""
    reading = read(text)
    words = wanted.split()
    scores = np.array([0.95 if any(w in u.text for w in words) else 0.05 for u in reading.document.units])
    options = SummaryOptions(max_chars=max_chars)
    parts = Decoder().decode(reading, analyse(reading), scores, options)
    groups = group_lines(reading.document, lines_of(parts), options.max_sentences)
    return write_summary(reading.document, groups, ("", ()), "test").text


@pytest.mark.parametrize(
    ("text", "wanted", "with_it"),
    [
        pytest.param(
            "青禾市教育局投入2.3亿元，新建学校8所，增加学位9600个。",
            "9600",
            "青禾市教育局",
            id="subject of the sentence",
        ),
        pytest.param(
            "陈松表示，二季度将新开工项目30个，争取全年投资增长一成。", "一成", "陈松表示", id="who says it"
        ),
        pytest.param(
            "省级安排专项资金，对购买改造服务的费用，按30%的比例给予补助，单个企业最高300万元。",
            "300万元",
            "对购买改造服务的费用",
            id="what a grant is for",
        ),
        pytest.param("虽然雨量大于常年，但全市水库蓄水安全。", "蓄水", "虽然雨量", id="both halves of 虽然…但"),
        pytest.param(
            "全市粮食总产量达到286万吨，比上年增长3.1%。", "3.1%", "286万吨", id="what a growth rate is of"
        ),
        pytest.param(
            "数据显示，上半年，在支持创新的政策上，减税16526亿元，有力支持发展。",
            "有力支持",
            "减税16526亿元",
            id="a phrase and the clause right after it",
        ),
        pytest.param(
            "青禾市气温30度，居民走进巷弄，却是42度。", "走进", "却是42度", id="the turn of a sentence"
        ),
        pytest.param(
            "统计局称，通胀放缓范围虽然较广，但主因是基数较高。",
            "放缓",
            "主因是基数",
            id="虽然 inside a clause",
        ),
        pytest.param(
            "青禾市选聘的村官中，毕业于青禾大学的有2000多人。", "2000", "选聘的村官中", id="of which these are"
        ),
        pytest.param(
            "基金经理林一苇，青禾大学金融学硕士，具有从业资格。",
            "从业资格",
            "林一苇",
            id="a name before a comma",
        ),
        pytest.param(
            "林某自8月起，在未取得医师资格证书，美发中心未取得执业许可证的情况下，从事医疗美容活动。",
            "资格证书",
            "的情况下",
            id="a frame with a comma inside",
        ),
        pytest.param("青禾市旅游局预计，今年游客将达2500万人次。", "2500", "预计", id="who expects it"),
        pytest.param(
            "林一苇提出四点建议：第一，坚持合作。\n第二，坚持团结。要坚持人民至上，加强抗疫。",
            "至上",
            "林一苇",
            id="speech goes on in the next paragraph",
        ),
        pytest.param(
            "据大楼内的记者透露，高远哽咽着表示自己有错。", "有错", "记者透露", id="hearsay stays hearsay"
        ),
        pytest.param(
            "会议提出三项任务：一是稳就业；二是保供应；三是防风险。", "二是", "一是", id="a numbered list"
        ),
        pytest.param(
            "青禾大会是青禾人的传统节日，在青禾人的生活中占有重要地位。",
            "占有重要",
            "青禾大会是",
            id="what has a role in something",
        ),
        pytest.param(
            "市里推动立法既是为了维护安全，也是为了保障民生。",
            "维护安全",
            "保障民生",
            id="both halves of 既…也",
        ),
        pytest.param(
            "高远表示，这项收费不是为了增加收入，而是为了治理拥堵。",
            "增加收入",
            "治理拥堵",
            id="both halves of 不是…而是",
        ),
        pytest.param(
            "青禾坚持合作共享，从建成一号系统服务全市，到建成二号系统服务全省，再到建成三号系统服务全国，青禾系统走上舞台。",
            "二号",
            "一号系统",
            id="a ladder of 从…到…再到",
        ),
    ],
)
def test_a_clause_brings_what_it_leans_on(text: str, wanted: str, with_it: str) -> None:
    found = summary_of(text, wanted)
    assert wanted in found
    assert with_it in found


@pytest.mark.parametrize(
    ("text", "wanted", "never"),
    [
        pytest.param(
            "市里新建公园12个。“太方便了！”居民王某高兴地说。",
            "12 方便 高兴",
            "王某",
            id="speaker without the quotation",
        ),
        pytest.param("青禾市图书馆新馆开放。此外，还有两个分馆。", "新馆 此外", "此外", id="connective"),
        pytest.param(
            "青禾市图书馆新馆开放。青禾人以阅读赋能乡村的生动实践。",
            "新馆 实践",
            "实践",
            id="a noun phrase for a sentence",
        ),
        pytest.param(
            "青禾市图书馆新馆开放。走在湖边，或许你会有更直接的体会。",
            "新馆 体会",
            "体会",
            id="speaking to the reader",
        ),
        pytest.param("青禾市图书馆新馆开放。这样好的条件，谁不喜欢？", "新馆 喜欢", "喜欢", id="question"),
        pytest.param("一、关于供水问题\n青禾市水厂日供水能力提高到8万吨。", "供水", "一、", id="sub-heading"),
        pytest.param(
            "青禾市图书馆新馆开放。大家说这次活动很好。希望今后多开展此类活动。",
            "新馆 希望",
            "希望",
            id="a hope of nobody",
        ),
        pytest.param("青禾市图书馆新馆开放。一位护士推着老人走出电梯。", "新馆 护士", "护士", id="a scene"),
        pytest.param(
            "会议指出，一要推动青禾市下放权限。在试验区全面实现“证照分离”。\n青禾市经济平稳。",
            "证照 平稳",
            "证照",
            id="what is demanded told as done",
        ),
        pytest.param(
            "“他学得很好。”基金会工作人员说。\n青禾市救助23人。进一步增强了防范意识，活动持续3天。",
            "23 增强 3天",
            "工作人员说",
            id="speech that is over",
        ),
        pytest.param(
            "青禾市图书馆新馆开放。花开廊道“风景美”。", "新馆 花开", "花开", id="sub-heading with a stop"
        ),
        pytest.param(
            "有记者问：林某称网络很干净，有何评论？\n发言人高远表示，青禾市网络安全有保障。",
            "干净 保障",
            "干净",
            id="the question of a reporter",
        ),
        pytest.param("青禾市图书馆新馆开放。各位观众，这里是新馆。", "新馆", "各位", id="an address"),
        pytest.param("青禾市图书馆新馆开放。他质疑。", "新馆 质疑", "质疑", id="two words"),
        pytest.param("青禾市图书馆新馆开放。我们每天都来看书。", "新馆 我们", "我们", id="first person"),
    ],
)
def test_what_is_never_printed(text: str, wanted: str, never: str) -> None:
    found = summary_of(text, wanted)
    assert found
    assert never not in found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("为方便群众办事，青禾市政务中心开通夜间窗口。", "方便", id="aim"),
        pytest.param("在全市三级干部大会召开之际，青禾县发布招商清单。", "之际", id="time"),
        pytest.param("市水利局局长陈松介绍，今年新建水库2座。", "介绍", id="who speaks"),
    ],
)
def test_a_summary_never_ends_on_an_opening(text: str, wanted: str) -> None:
    assert not summary_of(text, wanted).rstrip("。").endswith(wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(
            "青禾大学于10月推出的《以实干为引领培养新人》，被授予优秀报告。",
            "推出",
            id="a document without verb",
        ),
        pytest.param("文章指出，他们以暴力恐怖行为，破坏社会秩序。", "行为", id="what is done with it"),
        pytest.param(
            "根据要求，在境内从事互联网信息服务的应用程序主办者，应当履行备案手续。",
            "主办者",
            id="long subject",
        ),
    ],
)
def test_a_noun_phrase_is_no_sentence(text: str, wanted: str) -> None:
    found = summary_of(text, wanted)
    assert wanted not in found or any(w in found for w in ("授予", "履行", "破坏", "中止", "服务队"))


def test_what_introduces_a_list_on_new_lines_may_stand_alone() -> None:
    text = "林一苇根据决定任免下列驻外大使：\n一、任命高远为青禾国大使。\n二、任命陈松为望川国大使。"
    assert summary_of(text, "任免 高远").startswith("林一苇根据决定任免下列驻外大使。")


def test_a_demand_that_a_document_makes_is_news() -> None:
    text = "青禾市印发行为规范，明确13个方面规范，提出“52个不得”刚性要求。"
    assert "52个不得" in summary_of(text, "印发 明确 不得")


def test_a_list_of_names_is_not_cut_after_its_first() -> None:
    text = "节目29日首播，讲述了劳动模范、新村书记高远，奖章获得者、林场场长林一苇等同志的事迹，反响热烈。"
    assert "高远。" not in summary_of(text, "首播 高远")


def test_a_pronoun_sentence_follows_what_it_points_at() -> None:
    text = "青禾大桥6月底通车。\n该桥全长2.1公里，双向六车道。"
    assert "该桥" not in summary_of(text, "2.1") or "青禾大桥" in summary_of(text, "2.1")
    assert summary_of(text, "通车 2.1").startswith("青禾大桥6月底通车。该桥全长2.1公里")


def test_at_most_three_sentences_joined_by_semicolons() -> None:
    text = (
        "青石县新建学校11所。\n望川县高速公路12日通车。\n南屏区引进企业13家。\n"
        "临岭县粮食亩产提高14公斤。\n安澜市区公交线路增加15条。"
    )
    found = summary_of(text, "县 区")
    assert found.count("。") == 3
    assert found.count("；") == 2
    assert [n for n in range(11, 16) if str(n) in found] == list(range(11, 16))


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("会议指出", True, id="meeting"),
        pytest.param("国家统计局数据显示", True, id="figures"),
        pytest.param("新馆开放", False, id="statement"),
        pytest.param("“一定办好”", False, id="quotation"),
    ],
)
def test_is_attribution(text: str, want: bool) -> None:
    assert is_attribution(text) is want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("《办法（试行）》", True, id="nested"),
        pytest.param("“一件事", False, id="open"),
        pytest.param("一件事”“", False, id="wrong order"),
    ],
)
def test_balanced(text: str, want: bool) -> None:
    assert balanced(text) is want


def test_an_announcement_stands_when_nothing_else_can() -> None:
    rest = "、".join(f"青禾县第{k}乡" for k in range(40))
    text = f"青禾市水利局8月12日20时联合发布蓝色山洪灾害气象风险预警：预计{rest}可能发生。"
    assert summary_of(text, "预警").startswith("青禾市水利局8月12日20时联合发布蓝色山洪灾害气象风险预警")

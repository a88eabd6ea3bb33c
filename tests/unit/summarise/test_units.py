"""What an article gives to be summarised: bylines, datelines and asides left out, nothing rewritten."""

from __future__ import annotations

import pytest

from briefing.records import Article
from briefing.summarise.units import Document, read_document, spans_text
from briefing.text.sentences import split_sentences


def read(text: str) -> Document:
    return read_document(Article("a", "test", "", text, split_sentences(text), ()))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("本报讯（记者 林一苇）4月8日，市里开会。", "4月8日", id="本报讯 and reporters"),
        pytest.param("新华社青禾4月8日电（记者高远）全市开工。", "全市开工", id="agency dateline"),
        pytest.param("本报青禾4月8日电 全市开工。", "全市开工", id="dateline and space"),
        pytest.param("据新华社青禾4月8日电全市开工。", "全市开工", id="quoted agency"),
        pytest.param("中新网青禾4月8日电（林一苇）全市开工。", "全市开工", id="names in brackets"),
        pytest.param(
            "孩子们学剪纸青禾晚报记者林一苇近日，社区办班。", "近日", id="headline and reporter run in"
        ),
        pytest.param("央视网消息（新闻联播）：全市开工。", "全市开工", id="site and programme"),
        pytest.param("新青报讯（记者 林一苇）4月8日，市里开会。", "4月8日", id="a paper called 报"),
        pytest.param("摘要：全市开工。", "全市开工", id="label of an abstract"),
        pytest.param(
            "原标题：青禾市书展今日开启青禾市书展将于8月16日在青禾展览馆举办。",
            "青禾市书展将于8月16日在青禾展览馆举办",
            id="printed headline that runs into the text",
        ),
        pytest.param(
            "原标题：青禾市开展防火检查为规范用火，青禾市近日检查了12个乡镇。",
            "青禾市开展防火检查为规范用火",
            id="printed headline whose end cannot be told",
        ),
        pytest.param(
            "13号线东延伸工程13号线东延伸工程全长4.52公里。",
            "13号线东延伸工程全长4.52公里",
            id="heading run in",
        ),
        pytest.param("封面新闻记者 林苇 高远同8月10日，青禾发布财报。", "8月10日", id="two reporters run in"),
        pytest.param(
            "现场为军人义诊（图片由主办方提供）义诊月由青禾县举办。", "义诊月由青禾县举办", id="caption run in"
        ),
        pytest.param(
            "小心假货青禾在线8月13日讯 青禾市查获假货。", "青禾市查获假货", id="headline and site run in"
        ),
        pytest.param(
            "原标题：青禾艺术团走进梅河口为传递关心，丰富生活。8月16日，青禾艺术团走进梅河口。",
            "为传递关心",
            id="printed headline said again later",
        ),
        pytest.param(
            "原标题：紧急救援！事发青禾近日，青禾市一名男子落水。",
            "近日",
            id="end of a printed headline before the time",
        ),
        pytest.param(
            "原标题：南湖警方三小时破获盗窃案中新网青禾新闻8月15日电南湖县公安局五山镇派出所近日破获一起盗窃案，五山派出所追回财物。",
            "南湖县公安局五山镇派出所近日破获一起盗窃案",
            id="agency after a printed headline ends the headline",
        ),
        pytest.param(
            "原标题：青禾急诊再陷困境 医院经历“最难夏天”海外网8月7日电青禾多家医院无法接待病人。",
            "青禾多家医院无法接待病人",
            id="headline with a quotation, then an agency",
        ),
        pytest.param(
            "原标题：三艘渔船越界，包括一艘大船【青禾网报道】据海警6日通报，渔船均已驶离。",
            "据海警6日通报",
            id="headline, then the outlet in brackets",
        ),
        pytest.param(
            "原标题：男童车站走失 民警找到时他在看火车8月19日，一名4岁男童在青禾站走失。",
            "8月19日",
            id="headline, then the day",
        ),
        pytest.param(
            "原标题：要求更严 青禾区推进大气治理为进一步改善空气质量，青禾区检查工地35个。",
            "为进一步改善空气质量",
            id="headline, then the aim",
        ),
        pytest.param(
            "为提高安全意识，打造平安青禾街道，7月26日上午，青禾街道举办演练。",
            "为提高安全意识",
            id="an aim before the day is no headline",
        ),
        pytest.param(
            "青禾银行总部 资料7月27日，青禾银行总部发布上半年数据。",
            "7月27日",
            id="caption said again after the day",
        ),
        pytest.param("青禾县8月3日，开工项目12个。", "青禾县8月3日", id="a subject before the day stays"),
        pytest.param(
            "红网时刻青禾8月9日讯（通讯员 高远 林一）近日，警方查获一辆货车。",
            "近日",
            id="outlet, place and day",
        ),
        pytest.param("青禾消费报南湖讯（记者高远）日前，两市出台措施。", "日前", id="outlet and place"),
        pytest.param(
            "中新网青禾8月3日电（高小军李国林杨佳）3日，市里开工12个项目。",
            "3日",
            id="three names without blanks",
        ),
        pytest.param(
            "极目新闻记者 高远通讯员 林一实习生 杨小禾8月17日，市里征集意见。",
            "8月17日",
            id="reporter, correspondent and intern",
        ),
        pytest.param(
            "高远日前在接受本报记者采访时说，青禾县今年开工12个项目。",
            "高远日前说",
            id="whose reporter it was told",
        ),
        pytest.param(
            "参赞高远对本报记者表示，合作前景广阔。", "参赞高远表示", id="to whose reporter it was said"
        ),
        pytest.param(
            "高远婉拒接受本报记者采访，并已离开。",
            "高远婉拒接受本报记者采访",
            id="an interview that is news stays",
        ),
        pytest.param("报告全文已公布，可以查阅。", "报告全文已公布", id="报 alone is no dateline"),
        pytest.param("记者证换发工作启动，月底完成。", "记者证换发工作启动", id="记者 alone is no byline"),
    ],
)
def test_what_stands_before_the_news_is_left_out(text: str, first: str) -> None:
    assert next(u for u in read(text).units if u.text not in ("紧急救援", "原标题")).text == first


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("水库（资料图片）已蓄水。", "水库已蓄水", id="picture note"),
        pytest.param("省厅（以下简称省厅）已批复。", "省厅已批复", id="short form"),
        pytest.param(
            "今天（10月24日）上午，全会召开。", "10月24日上午", id="bracketed date takes the place of 今天"
        ),
        pytest.param(
            "《供水办法（试行）》已施行。", "《供水办法（试行）》已施行", id="part of a document's name"
        ),
        pytest.param("全市（含县）增长3%。", "全市（含县）增长3%", id="a bracket that says something"),
    ],
)
def test_asides(text: str, want: str) -> None:
    assert read(text).units[0].text == want


def test_a_units_text_is_its_pieces() -> None:
    text = "本报讯（记者 林一苇）水库（资料图片）已蓄水，今天（10月24日）放水；镇里说“够用”。\n第二段。"
    document = read(text)
    assert [u.text for u in document.units] == [spans_text(text, u.pieces) for u in document.units]
    assert [u.mark for u in document.units] == ["，", "；", "。", "。"]
    assert document.sentences == ((0, 3), (3, 4))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("责任编辑：林一苇。", id="credits"),
        pytest.param("| 县区 | 面积 | 进度 |", id="table row"),
        pytest.param("未经授权不得转载。", id="copyright"),
    ],
)
def test_page_furniture_is_not_usable(text: str) -> None:
    assert not any(u.usable for u in read("市里开会。\n" + text).units[1:])


def test_the_caption_before_a_photographer_is_not_usable() -> None:
    document = read("青禾市发生爆炸。4月30日，一名女子走在老城区。新华社记者林一苇摄卫生部门说，3人受伤。")
    assert [u.text for u in document.units if u.usable] == ["青禾市发生爆炸", "卫生部门说", "3人受伤"]


def test_a_clause_longer_than_a_summary_keeps_two_members_of_its_list() -> None:
    offices = "、".join(f"青禾市第{k}办公室（含所属单位）" for k in "一二三四五六七八九十")
    text = f"经批准，第五轮巡察将对{offices}等10个单位开展巡察。"
    unit = read(text).units[1]
    assert (
        unit.text
        == "第五轮巡察将对青禾市第一办公室（含所属单位）、青禾市第二办公室（含所属单位）等10个单位开展巡察"
    )
    assert unit.text == spans_text(text, unit.pieces)


def test_a_text_without_marks_is_taken_apart_at_its_blanks() -> None:
    text = " ".join(f"青禾市第{k}小学新建教室12间增加学位600个方便附近居民子女入学" for k in "一二三四五六七")
    assert len(read(text).units) == 7

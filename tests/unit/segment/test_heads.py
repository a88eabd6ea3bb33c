from __future__ import annotations

import pytest

from briefing.segment.heads import BodyIndex, HeadStack, place_heads, read_stack, without_list_marks

BODY = (
    "本报讯 9月16日，全县重点项目建设推进会召开。前8个月，46个县级重点项目完成投资61.3亿元，占年度计划的七成。"
)


@pytest.mark.parametrize(
    ("lines", "stack"),
    [
        pytest.param(
            ["全县重点项目完成投资61.3亿元"], HeadStack("全县重点项目完成投资61.3亿元"), id="one line"
        ),
        pytest.param(
            ["实干争先", "前8个月46个重点项目完成投资61.3亿元", "——未开工的项目9月底前全部开工"],
            HeadStack("前8个月46个重点项目完成投资61.3亿元", "实干争先", "——未开工的项目9月底前全部开工"),
            id="kicker and subtitle",
        ),
        pytest.param(
            ["王远在全县重点项目建设推进会上强调", "咬定目标抓项目 全力以赴促投资"],
            HeadStack("咬定目标抓项目 全力以赴促投资", "王远在全县重点项目建设推进会上强调"),
            id="kicker that leads over",
        ),
        pytest.param(
            ["全县重点项目建设推进会召开", "（2025年9月16日）"],
            HeadStack("全县重点项目建设推进会召开", "", "（2025年9月16日）"),
            id="date in brackets",
        ),
        pytest.param([], HeadStack(""), id="no head"),
    ],
)
def test_stack_is_read_as_an_editor_reads_it(lines: list[str], stack: HeadStack) -> None:
    assert read_stack(lines, BODY) == stack


BODIES = [
    BODY,
    "县气象局发布消息，未来三天有小到中雨，气温下降4度左右，请农户及时晾晒秋粮。",
    "青石水库管理所职工罗长河三十二年守着大坝，记下12万个水位数据，被称为活地图。",
]


@pytest.mark.parametrize(
    ("heads", "candidates", "want"),
    [
        pytest.param(
            ["一本“活地图”守大坝三十二年", "——记青石水库管理所职工罗长河"], [0, 2], [2, 2], id="one stack"
        ),
        pytest.param(["未来三天有雨 气温下降", "三十二年守大坝"], [1, 2], [1, 2], id="two stacks"),
        pytest.param(["航空航天博览会开幕"], [1, 2], [-1], id="fits none"),
        pytest.param(["三十二年守大坝"], [], [-1], id="no article without a headline"),
    ],
)
def test_displaced_heads_go_to_the_body_they_speak_of(
    heads: list[str], candidates: list[int], want: list[int]
) -> None:
    assert [p.body for p in place_heads(heads, candidates, BodyIndex(BODIES))] == want


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        pytest.param("1. 秋粮收获过六成", "秋粮收获过六成", id="1."),
        pytest.param("③秋粮收获过六成", "秋粮收获过六成", id="③"),
        pytest.param("二、秋粮收获过六成", "秋粮收获过六成", id="二、"),
        pytest.param("（4）秋粮收获过六成", "秋粮收获过六成", id="（4）"),
        pytest.param("▲ 秋粮收获过六成", "秋粮收获过六成", id="▲"),
        pytest.param("5.【秋粮收获过六成】", "秋粮收获过六成", id="5.【】"),
        pytest.param("- **秋粮收获过六成**：", "秋粮收获过六成", id="bold"),
        pytest.param("1.5万亩秋粮收获", "1.5万亩秋粮收获", id="figure"),
        pytest.param("12345热线受理2.86万件", "12345热线受理2.86万件", id="name"),
        pytest.param("【秋收】进度过六成", "【秋收】进度过六成", id="column name"),
        pytest.param("二、", "二、", id="nothing else"),
    ],
)
def test_list_marks_are_no_part_of_a_headline(line: str, bare: str) -> None:
    assert without_list_marks(line) == bare

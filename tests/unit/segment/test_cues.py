from __future__ import annotations

import time

import pytest

from briefing.records import DropReason
from briefing.segment import cues
from briefing.text.datelines import DATELINE


@pytest.mark.parametrize(
    "text",
    [
        "■ 本报记者 赵琦",
        "□ 本报记者 孙亚飞 邹辉",
        "本报记者 王鹏",
        "本报记者 周砚秋 通讯员 何立新",
        "文/本报记者 李明",
        "记者 张 晨 摄影报道",
        "本报评论员",
    ],
    ids=str,
)
def test_bylines_are_known(text: str) -> None:
    assert cues.BYLINE.match(text)


@pytest.mark.parametrize(
    "text",
    ["记者在现场看到，大坝已经加固。", "聊城以点式改革获链式成效", "记者节：向一线新闻工作者致敬"],
    ids=str,
)
def test_other_lines_are_no_bylines(text: str) -> None:
    assert not cues.BYLINE.match(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("聊城日报 2024年4月2日 星期二", DropReason.MASTHEAD, id="masthead"),
        pytest.param("第23期（总第417期）", DropReason.MASTHEAD, id="issue"),
        pytest.param("新闻热线：8277092 广告热线：8277111", DropReason.HOTLINE, id="hotline"),
        pytest.param("责任编辑：李静 版式：王宁", DropReason.CREDIT, id="credit"),
        pytest.param("（下转第3版）", DropReason.JUMP, id="jump"),
        pytest.param("（上接第一版）", DropReason.JUMP, id="continued"),
        pytest.param("公益广告", DropReason.ADVERTISEMENT, id="advertisement"),
        pytest.param("聚力攻坚突破 推进强市建设", DropReason.SLOGAN, id="slogan"),
        pytest.param("一线见闻", DropReason.RUBRIC, id="rubric"),
        pytest.param("版权所有 未经授权不得转载", DropReason.BOILERPLATE, id="web notice"),
        pytest.param("�?~^`|\\@#$%&*_=+<>{}", DropReason.UNREADABLE, id="unreadable"),
    ],
)
def test_dropped_lines_get_their_reason(text: str, reason: DropReason) -> None:
    assert cues.drop_reason(text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "本报记者 " + "张 " * 30,
        "记者" * 30,
        "本报讯（" * 15,
        "■ " + "文/图 " * 12 + "！",
        "（" * 60,
        "张、" * 30 + "。",
    ],
    ids=["names", "roles", "datelines", "marks", "brackets", "list"],
)
def test_no_line_takes_the_patterns_long(text: str) -> None:
    start = time.perf_counter()
    for pattern in (
        cues.BYLINE,
        cues.BYLINE_MARKED,
        cues.BYLINE_TAIL,
        DATELINE,
        cues.CAPTION_END,
        cues.JUMP,
    ):
        pattern.search(text)
    assert time.perf_counter() - start < 0.5

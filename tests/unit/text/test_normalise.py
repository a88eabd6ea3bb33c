"""What the normaliser changes, what it leaves, and the way back."""

from __future__ import annotations

import time

import pytest

from briefing.records import Span
from briefing.text.normalise import normalise
from briefing.text.spans import to_origin

CHANGED = [
    ("增长１２．５％，ＧＤＰ", "增长12.5%，GDP"),
    ("今年,全市(县)共有:三家;是吗?是!", "今年，全市（县）共有：三家；是吗？是！"),
    ("本报讯(记者 邹辉 通讯员 祝文彬)4月1日,", "本报讯（记者 邹辉 通讯员 祝文彬）4月1日，"),
    ("共5家,其中", "共5家，其中"),
    ("完成3,其中", "完成3，其中"),
    ("(GDP)增长", "（GDP）增长"),
    ("增长5.2%(同比)", "增长5.2%（同比）"),
    ('他说:"好的,"然后走了。', "他说：“好的，”然后走了。"),
    ("称'十四五'规划", "称‘十四五’规划"),
    ("全力推进.", "全力推进。"),
    ("中\u200b国\u202e人\ufeff民\u00ad\ue123", "中国人民"),
    ("⽂件⼀份,⻓⻋⻔⺠", "文件一份，长车门民"),
    ("豈更︵試︶", "豈更（試）"),
    ("一行\r\n二行\r三行\u2028四行\x0b五行\x0c六行\x85七行", "一行\n二行\n三行\n四行\n五行\n六行\n七行"),
    ("\u3000\u3000首行缩进\t \n", "首行缩进\n"),
    ("中\u0301国", "中国"),
    ("项目\ufe0f", "项目"),
    ("｢引｣｡", "「引」。"),
    # OCR spaces in running text
    ("在 推进 全市经济社 会发展中,完成 2 个项目。", "在推进全市经济社会发展中，完成2个项目。"),
    ("使用 AI 技术的企业有 30 家，增长 5 %。", "使用AI技术的企业有30家，增长5%。"),
    ("会议 ， 研究了 《 规划 》 。", "会议，研究了《规划》。"),
    # letter-spaced lines and dates
    ("中 国 人 民 大 会", "中国人民大会"),
    ("通 知", "通知"),
    ("2024 年 4 月 2 日 星期二 第 2 版", "2024年4月2日 星期二 第2版"),
]
KEPT = [
    "投资1,000万元",
    "10:30开会，比分3:2",
    "1 000人",
    "Hello, world! (test)",
    'He said "no".',
    "it's a test",
    "见http://a.cn/x?a=1,2;b=3:4",
    "讲述榜样故事 传播党的声音",
    "筑梦现代化 共绘新图景 稳扎稳打有干头",
    "建设“数字江城” 推动高质量发展",
    "■ 本报记者 郝川 张晨 摄",
    "（记者 王鹏 姬翔 闫振）",
    "记者 邹辉 通讯员 祝文彬",
    "新华社北京4月25日电 国家统计局今天发布数据，增长5%。",
    "第一条 为了规范管理，制定本条例。",
    "发表题为《共圆百年发展梦 同谱合作新华章》的文章。",
    "牢记“不忘初心 牢记使命”的要求，继续前进。",
    "……他说——好",
    "👍🏽好",
    "café",
    "㎡℃①Ⅲ",
    '他说"好',
    "",
]


@pytest.mark.parametrize(
    ("raw", "want"), CHANGED, ids=[raw[:16].encode("unicode_escape").decode() for raw, _ in CHANGED]
)
def test_changed(raw: str, want: str) -> None:
    assert normalise(raw).text == want


@pytest.mark.parametrize("raw", KEPT, ids=[raw[:24] or "empty" for raw in KEPT])
def test_kept(raw: str) -> None:
    assert normalise(raw).text == raw


def test_the_map_leads_back_to_the_characters_that_each_piece_came_from() -> None:
    raw = "\ufeff　　签约项目 2\u200b 个,\r\n合同外资４０００万美元。"
    found = normalise(raw)
    assert found.text == "签约项目 2 个，\n合同外资4000万美元。"
    at = found.text.index("4000")
    assert [raw[s.start : s.end] for s in to_origin(found.runs, Span(at, at + 4))] == ["４０００"]
    at = found.text.index("项目")
    pieces = to_origin(found.runs, Span(at, at + 6))
    assert "".join(raw[s.start : s.end] for s in pieces) == "项目 2 个"


MEBI = 1 << 20
LONG = {
    "spaces": " " * (5 * MEBI),
    "hanzi and spaces": "中 " * (MEBI // 8),
    "commas": "中," * (MEBI // 4),
    "brackets": "(" * MEBI + ")" * MEBI,
    "quotes": "中\"'" * (MEBI // 3),
    "names": "记者 张三 " * (MEBI // 12) + "。",
    "titles": "《中中中 " * (MEBI // 15) + "。",
    "open credits": "（记者" * (MEBI // 3) + "。",
    "marks": "\u0301" * MEBI,
    "addresses": "http://a@" * (MEBI // 9),
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_time_is_linear_on_one_long_line(text: str) -> None:
    # 5 MB take about two seconds; a quadratic rule would take hours.
    start = time.process_time()
    normalise(text)
    assert time.process_time() - start < 8

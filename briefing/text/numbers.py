"""Finds quantities in Chinese text and says what they are worth: value, unit, direction of approximation.

Digits (1,000, 3.5万亿, 26.5%), Chinese numerals before a measure word (十三个, 两次, 百分之五), ordinals
(第三届) and ratios (1∶2). Dates and clock times are `dates.py`'s; it says which spans those are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from briefing.records import Span

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

# Longest first. What a number counts in; a Chinese numeral is a quantity only before one of these.
_UNIT_WORDS = (
    "个百分点 百分点 平方公里 平方千米 平方米 立方米 平方英里",
    "公斤 千克 毫克 微克 公里 千米 厘米 毫米 微米 纳米 英里 海里 公顷",
    "万千瓦时 亿千瓦时 千瓦时 千瓦 兆瓦 吉瓦 兆帕 摄氏度 人民币",
    "美元 欧元 日元 英镑 港元 卢布 韩元 人次 人份 架次 班次 车次",
    "场次 标箱 小时 分钟 秒钟 周年 年级 个月 星期 年度 季度 世纪 年代 日内 学时 课时",
    "部门 方面 元 角 分 吨 克 升(?![至到为级高温入起学任]) 亩 米 度 秒",
    "年 月 日 天 周 岁 倍 成 个 名 人 位 家 户 项 件 条 次 届 期 批 场 座 处 所 间 套 台 辆 架",
    "艘 列 部 本 册 篇 份 张 块 片 棵 株",
    "头 只 匹 尾 口 支 枚 颗 粒 根 门 类 种 级 等 款 代 轮 步 层 栋 幢 省 市 县 区 乡 镇 村 国",
    "队 组 班 团 对 双 把 幅 首 集 点 时",
    "字 站 码 盏 顶 床 袋 箱 瓶 盒 桶 包 车 船 趟 宗 起 例 笔 桩 滴 厘 页 版",
    "号 楼 单 环 局 盘 节 段 道 股 大 线 刻",
)
_UNITS = [unit for line in _UNIT_WORDS for unit in line.split()]
_UNIT = "|".join(sorted(set(_UNITS), key=len, reverse=True))
_NUMERAL = "零〇一二三四五六七八九十百千万亿两"
_BEFORE = (
    "不得超过|不能超过|不超过|不超|不低于|不少于|不高于|不到|不足|超过|突破|高于|多于|低于|少于|将近|接近|大约|至少|最多|"
    "达到|逾|超|破|(?<![最附临邻靠亲])近|(?<![加较更尽最])快|(?<![签合条公节违预邀大和])约|仅|共|达"
)
_OVER = {"超过", "突破", "高于", "多于", "逾", "超", "破", "不低于", "不少于", "至少", "余", "多", "以上"}
_UNDER = {
    "将近", "接近", "近", "快", "不到", "不足", "低于", "少于", "最多", "以下", "以内",
    "不超过", "不超", "不高于", "不得超过", "不能超过",
}  # fmt: skip
_ABOUT = {"大约", "约", "左右", "上下", "许"}
_AFTER = "以上|以下|以内|左右|上下"

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_PATTERN = re.compile(
    rf"(?P<ordinal>第)?(?:(?P<before>{_BEFORE})[了有]?)?(?P<percent>百分之)?"
    rf"(?:(?P<digits>{_DIGITS})(?P<mid>[多余几])?(?P<scale>[十百千万亿]*)|(?P<numeral>[{_NUMERAL}]+(?:点[零〇一二三四五六七八九]+)?))"
    rf"(?P<more>[多余])?(?P<unit>%|‰|℃|{_UNIT})?(?P<after>{_AFTER})?"
)
# Words that look like a numeral and a measure word.
_WORDS = {("十", "分"), ("百", "分"), ("千", "方"), ("万", "方"), ("百", "年"), ("万", "里"), ("十", "度")}
# People, and whole things of no other measure: the references of gold/train exchange counters inside these
# groups (户 for 家, 名 for 人); a change across groups (万 for 亿, 公里 for 米) was not met there.
_SAME_UNIT = {
    **dict.fromkeys(("名", "人", "位", "口"), "人"),
    **dict.fromkeys(("个百分点", "百分点"), "百分点"),
    **dict.fromkeys(
        ("家", "个", "户", "所", "项", "件", "种", "类", "条", "款", "大", "座", "处", "支", "场", "次"), "个"
    ),
    **dict.fromkeys(("公里", "千米"), "公里"),
    **dict.fromkeys(("公斤", "千克"), "公斤"),
    **dict.fromkeys(("日", "天"), "天"),
    **dict.fromkeys(("元", "人民币", "余元"), "元"),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity. `span` is all of it, `core` the numeral with its scale (3.5万), without words around.

    `value` is exact; `bound`: "over" (超、逾、余、以上), "under" (近、不足、以下), "about" (约、左右) or "".
    `unit`: as printed ("%" for 百分之), "" when none follows. `step`: the worth of the last printed digit
    (10**8 * 0.1 for 3.5亿), so that a rounded figure can be told from a changed one.
    """

    span: Span
    core: Span
    value: Fraction
    unit: str
    bound: str
    ordinal: bool
    step: Fraction

    @property
    def unit_group(self) -> str:
        """Units that editors use for one another share a group."""
        return _SAME_UNIT.get(self.unit, self.unit)


def chinese_value(numeral: str) -> Fraction | None:
    """Worth of 十三 (13), 两千零五 (2005), 二〇二〇 (2020), 三点五 (3.5); None when it is no numeral."""
    whole, _, decimals = numeral.partition("点")
    if not whole:
        return None
    if not any(c in _SCALE for c in whole):
        value = Fraction(int("".join(str(_DIGIT[c]) for c in whole)))
    else:
        value = _scaled(whole)
    for k, c in enumerate(decimals, 1):
        value += Fraction(_DIGIT[c], 10**k)
    return value


def _scaled(whole: str) -> Fraction:
    total = section = digit = 0
    for c in whole:
        if c in _DIGIT:
            digit = _DIGIT[c]
            continue
        scale = _SCALE[c]
        if scale >= 10**4:
            total = (
                (total + section + digit) * scale if scale > 10**4 else total + (section + digit or 1) * scale
            )
            section = digit = 0
        else:
            section += (digit or 1) * scale
            digit = 0
    return Fraction(total + section + digit)


def _read(match: re.Match[str]) -> tuple[Fraction, Fraction] | None:
    """Value and step of a match, or None when it is a word, not a quantity (一些, 十分, 万一)."""
    if match["digits"]:
        digits = match["digits"].replace(",", "")
        value = Fraction(digits)
        step = Fraction(1, 10 ** len(digits.partition(".")[2]))
        for c in match["scale"]:
            value *= _SCALE[c]
            step *= _SCALE[c]
        return value, step
    if not (match["unit"] or match["percent"]):
        return None
    numeral = match["numeral"]
    # 几十万、上百个: a bare scale word is an order of magnitude, read as one of it.
    worth = chinese_value(numeral)
    if worth is None or (numeral, match["unit"]) in _WORDS:
        return None
    # 一个、一次 are articles more often than counts, and 一 also ends 统一, 之一.
    if worth == 1 and not (match["ordinal"] or match["percent"]):
        return None
    trailing = next((_SCALE[c] for c in reversed(numeral) if c in _SCALE and numeral.endswith(c)), 1)
    return worth, Fraction(trailing)


def _bound(match: re.Match[str]) -> str:
    words = {match["before"], match["after"], match["more"], match["mid"]} - {None}
    for name, group in (("under", _UNDER), ("over", _OVER), ("about", _ABOUT)):
        if words & group:
            return name
    return ""


def find_quantities(text: str, skip: Sequence[Span] = ()) -> tuple[Quantity, ...]:
    """Quantities of `text` in order. Those that overlap a span of `skip` (dates) are left out."""
    taken = bytearray(len(text))
    for span in skip:
        taken[span.start : span.end] = b"\x01" * len(span)
    found = []
    for match in _PATTERN.finditer(text):
        body = match["digits"] or match["numeral"]
        core_start = match.start("digits") if match["digits"] else match.start("numeral")
        core_end = core_start + len(body) + len(match["mid"] or "") + len(match["scale"] or "")
        if any(taken[core_start:core_end]) or _inside_word(text, core_start):
            continue
        worth = _read(match)
        if worth is None:
            continue
        unit = "%" if match["percent"] else (match["unit"] or "")
        span, core = Span(match.start(), match.end()), Span(core_start, core_end)
        found.append(Quantity(span, core, worth[0], unit, _bound(match), bool(match["ordinal"]), worth[1]))
    return tuple(found)


def _inside_word(text: str, start: int) -> bool:
    """A digit that belongs to a Latin name or a longer decimal: G20, CZ3101, A3."""
    before = text[start - 1] if start else ""
    return before.isascii() and (before.isalpha() or before in "._-") and before != ""

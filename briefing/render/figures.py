"""The table of key figures: indicator, value and change, word for word from sentences that passed every check.

Nothing is computed or put together from two sentences. A figure is left out rather than guessed at: the
table is for looking, the items are for reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from briefing.records import BriefingItem, Severity

# More rows than this fill a page; the first are those of the most important items.
MAX_FIGURES = 12
_COMPARED = (
    "按可比价格计算，同比|按不变价格计算，同比|同比|环比|比上年同期|较上年同期|比去年同期|较去年同期|"
    "比上年末|较上年末|比上年|较上年|比去年|较去年|比上月|较上月|比年初|较年初"
)
_CHANGE = "增长|下降|上升|减少|提高|回落|增加|上涨|下跌|提升|降低|扩大|缩小|下滑|收窄"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_NEAR = "约|近|超过|超|逾|突破|不到|不足|达到|达|超出"
_UNIT = (
    r"[十百千万亿]*[余多]?(?:个百分点|%|倍|美元|元|吨|公斤|千克|亩|公顷|平方公里|平方米|立方米|千瓦时|千瓦|"
    r"人次|人|户|家|个|项|件|辆|台|标箱|架次|公里|只|头)"
)
_FIGURE = re.compile(
    rf"(?P<indicator>[^，。；：、！？（）\d][^，。；：、！？]{{1,29}}?)"
    rf"(?:(?P<value>(?:{_NEAR})?了?{_NUMBER}{_UNIT}(?:以上)?)，?)?"
    rf"(?P<change>(?:{_COMPARED})(?:名义|实际)?(?:{_CHANGE})了?(?:{_NEAR})?{_NUMBER}{_UNIT})(?=[，。；、]|$)"
)
_PERIOD = re.compile(
    r"(?:\d{4}年|今年|去年|上年)?(?:(?:前|第)[一二三]个?季度|[一二三四]季度|上半年|下半年|全年|"
    r"(?:1[0-2]|[1-9])(?:[—至到-](?:1[0-2]|[1-9]))?月份?|前(?:[一二三四五六七八九十]+|\d+)个月|春节期间|国庆假期|假期)|"
    r"\d{4}年(?:末|底)?|今年以来"
)
# A hope, a plan, somebody's word, a comparison of two things in turn or a denial is no figure of the day.
_NO_FACT = re.compile(
    r"预计|力争|计划|拟|目标|将|有望|确保|预期|争取|如果|若|预测|未|没有|分别|依次|或|至少要|称|表示|认为|估计|介绍"
)
_LEADING = re.compile(r"^(?:其中|截至目前|目前|据统计|数据显示|初步核算|经初步核算)?(?:，|：)?")
_VERB = re.compile(r"(?:累计)?(?:实现|完成|达到|达|为|是|共|收入达|总额达)$")
_OPENING_VERB = re.compile(r"^(?:累计|共)?(?:实现|完成)(?=[\u4e00-\u9fff]{3})")
_VERB_INSIDE = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:累计)?(?:实现|完成)(?=[\u4e00-\u9fff]{3})")
# What stands where the indicator's noun should, and names nothing.
_POINTS_BACK = re.compile(
    r"^(?:\d|其|该|这|此|他|它|同|比|较|均|也|并|且|而|从|由|到|在)|[的了和及与在从由比较]$"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. `sentence`: index in the item's summary; `period` and `value` may be ""."""

    item: int
    sentence: int
    indicator: str
    period: str
    value: str
    change: str


def find_figures(items: tuple[BriefingItem, ...]) -> tuple[Figure, ...]:
    """At most `MAX_FIGURES` compared figures of `items` (1-based numbers), in the order of the issue."""
    found: dict[tuple[str, str], Figure] = {}
    for number, item in enumerate(items, 1):
        for index, sentence in enumerate(item.summary.sentences):
            if is_proved(item, index):
                for figure in _of_sentence(number, index, sentence.text):
                    found.setdefault((figure.indicator, figure.change), figure)
    return tuple(found.values())[:MAX_FIGURES]


def is_proved(item: BriefingItem, sentence: int) -> bool:
    """The sentence is traced to its source and no check objects to it, not even with a warning."""
    objected = any(
        f.sentence == sentence and f.severity in (Severity.ERROR, Severity.WARNING) for f in item.findings
    )
    # A fallback is the source's own sentence: the error was found in the words that it replaced.
    return bool(item.summary.sentences[sentence].sources) and (
        not objected or bool(item.summary.sentences[sentence].fallback)
    )


def _of_sentence(item: int, index: int, text: str) -> list[Figure]:
    rows = []
    for match in _FIGURE.finditer(text):
        # Digits may not open an indicator, but a year before it belongs to it.
        opening = max(text.rfind(mark, 0, match.start()) for mark in "，。；：、！？") + 1
        clause = text[max(text.rfind(mark, 0, match.start()) for mark in "。；") + 1 : match.end()]
        indicator, period = _named(text[opening : match.end("indicator")], text[:opening])
        if _NO_FACT.search(clause) or len(indicator) < 3 or _POINTS_BACK.search(indicator):
            continue
        value = re.sub("^(?:达到|达|了)", "", match["value"] or "").removeprefix("了")
        rows.append(Figure(item, index, indicator, period, value, match["change"].replace("计算，", "计算")))
    return rows


def _named(words: str, before: str) -> tuple[str, str]:
    """The indicator's words without the period that opens them and the verb that ends them."""
    words = _LEADING.sub("", words)
    period = ""
    opening = _PERIOD.match(words)
    if opening:
        period, words = opening.group(), words[opening.end() :].lstrip("，")
    else:
        earlier = list(_PERIOD.finditer(before))
        period = earlier[-1].group() if earlier else ""
    words = _OPENING_VERB.sub("", _VERB.sub("", words.strip()))
    return _VERB_INSIDE.sub("", words, count=1), period

"""Finds dates and clock times in Chinese text, absolute and relative; works out nothing that is not stated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from briefing.records import Span
from briefing.text.numbers import chinese_value

_CN = "〇零一二三四五六七八九十"
_YEAR = rf"(?P<year>(?:19|20)\d\d|[12][{_CN}]{{3}}|[一二][九〇零][{_CN}]{{2}})年"
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月"
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9]|二?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九])(?:日|号)"
# 1日3次 is no date; 30日16时 is one.
_NOT_AFTER_DAY = r"(?!\d(?!\d?时)|[间内均夜])"
_ABSOLUTE = re.compile(
    rf"{_YEAR}(?:底|初|末)?(?:{_MONTH}(?:份|底|初|末|上旬|中旬|下旬)?(?:{_DAY})?)?"
    rf"|(?P<m2>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:(?P<d2>[12]\d|3[01]|0?[1-9]|二?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九])[日号]|(?:份|底|初|末|上旬|中旬|下旬)|(?=[，。、至到起—\-]|$|[\u4e00-\u9fff]))"
    rf"|(?<![\d.个])(?P<d3>[12]\d|3[01]|[1-9])(?:日{_NOT_AFTER_DAY}|号(?=[上下中凌早晚，、。将已举召在至到—]))"
    # The first half of 1—7月, 24—25日 and 2021—2023年.
    r"|(?<![\d.])(?P<m4>1[0-2]|0?[1-9])(?=[—\-－~～至到](?:1[0-2]|0?[1-9])月)"
    r"|(?<![\d.])(?P<d4>3[01]|[12]\d|0?[1-9])(?=[—\-－~～至到](?:3[01]|[12]\d|0?[1-9])日(?![间内均夜]))"
    r"|(?<![\d.])(?P<y4>(?:19|20)\d\d)(?=[—\-－~～至到](?:19|20)\d\d年)"
)
_RELATIVE = {
    "今天": 0, "今日": 0, "当日": 0, "当天": 0, "今晚": 0, "今晨": 0, "今早": 0,
    "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1, "前天": -2, "明天": 1, "明日": 1, "后天": 2,
}  # fmt: skip
_YEARS = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "明年": 1, "前年": -2}
_WORDS = re.compile("(?<![目此之以])(?:" + "|".join([*_RELATIVE, *_YEARS]) + ")")
_CLOCK = re.compile(
    r"(?:[01]?\d|2[0-4])(?::[0-5]\d(?::[0-5]\d)?|时(?!间|代|期|常|段)(?:[0-5]?\d分)?)|(?:[01]?\d|2[0-4])点(?:[0-5]?\d分|半|许|整|钟)"
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """`year`, `month`, `day`: what the words themselves state, 0 where they do not.

    `relative`: the words count from the day of publishing (昨天, 去年); then the three are filled from it
    where `find_dates` was given it, else 0. A clock time has `clock` set and the three 0.
    """

    span: Span
    year: int
    month: int
    day: int
    relative: bool = False
    clock: str = ""


def _number(text: str | None) -> int:
    if not text:
        return 0
    if text.isascii():
        return int(text)
    value = chinese_value(text)
    return int(value) if value is not None else 0


def find_dates(text: str, published_on: date | None = None) -> tuple[DateMention, ...]:
    """Dates and clock times of `text`, in order, not overlapping."""
    found: list[DateMention] = []
    for match in _ABSOLUTE.finditer(text):
        if match["year"]:
            parts = (_number(match["year"]), _number(match["month"]), _number(match["day"]))
        else:
            month, day = match["m2"] or match["m4"], match["d2"] or match["d3"] or match["d4"]
            parts = (_number(match["y4"]), _number(month), _number(day))
        found.append(DateMention(Span(match.start(), match.end()), *parts))
    for match in _WORDS.finditer(text):
        year = month = day = 0
        word = match.group()
        if published_on is not None and word in _YEARS:
            year = published_on.year + _YEARS[word]
        elif published_on is not None and word not in ("当日", "当天"):
            # date.min and date.max: a shift past either end states nothing.
            try:
                on = published_on + timedelta(days=_RELATIVE[word])
                year, month, day = on.year, on.month, on.day
            except OverflowError:
                pass
        found.append(DateMention(Span(match.start(), match.end()), year, month, day, relative=True))
    for match in _CLOCK.finditer(text):
        found.append(DateMention(Span(match.start(), match.end()), 0, 0, 0, clock=_clock(match.group())))
    found.sort(key=lambda d: (d.span.start, -d.span.end))
    kept: list[DateMention] = []
    for mention in found:
        if not kept or mention.span.start >= kept[-1].span.end:
            kept.append(mention)
    return tuple(kept)


def _clock(text: str) -> str:
    """ "9时", "9:00", "9点半" -> "9:00", "9:00", "9:30"."""
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    minute = numbers[1] if len(numbers) > 1 else 30 if text.endswith("半") else 0
    return f"{numbers[0]}:{minute:02d}"

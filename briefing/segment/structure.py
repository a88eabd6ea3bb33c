"""What the whole page says against single labels: numbered headlines stand or fall together, and some lines can
be nothing but furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from briefing.segment import cues
from briefing.segment.decode import Label
from briefing.segment.rows import pool_rows
from briefing.segment.units import Unit

Floats = npt.NDArray[np.float64]
# Added log-probability of a label that leaves no doubt.
_CERTAIN = 20.0
# A masthead with an issue number (第23期, 早报) speaks for items, its lack for the sections of one document.
_DIGEST_ODDS = 3.0
_DIGEST_LINES = 6
_MIN_SERIES = 3
_MAX_GREETING_CHARS = 120
_ISSUE_NUMBER = re.compile(r"第 ?[0-9一二三四五六七八九十百]{1,5} ?期")
# An official document, or one matter told in sections: its title, or the sentence that announces them.
_DOCUMENT = re.compile(
    r"关于.{2,80}的?(?:通知|意见|通报|报告|请示|批复|决定|公告|通告|函|方案|办法)$"
    r"|^(?:各|市|县|省).{2,60}[：:]$|(?:如下|以下).{0,8}[：:]$"
)
# A head line that names its subject anew (我市……) is the headline under a kicker or a new item's, not a broken
# line's rest nor a sub-heading.
_NEW_SUBJECT = re.compile(r"我[省市县区]")
_SUBJECT_ODDS = 5.0
_SUBTITLE_ODDS = 6.0
# Two phrases (最高补助300万元 贴息最长2年) are complete: the line below is the headline under this
# kicker. Of the 29,661 head lines of rmrb_2020_jan_sep, 503 have a third phrase that could stand on that line.
_TWO_PHRASES = re.compile(r"[^ ]{5,16} [^ ]{5,16}")
_PHRASES_ODDS = 3.0
_MIN_HEAD_CHARS = 14
# A quotation is no headline: it ends the one above (让党的创新理论 / “飞入寻常百姓家”).
_QUOTATION = re.compile(r"“[^“”]{2,16}”")
_QUOTED_ODDS = 2.0
# A sub-heading of two phrases (一本账，记了12万个数据) is no paragraph broken at its comma.
_COUPLET = re.compile(r"[^，。！？；：“”]{2,8}，[^，。！？；：“”]{3,10}")
_COUPLET_ODDS = 1.5
_MAX_HEAD_CHARS = 50
# A figure or a table's cell (1600, 120（扩招）) is no headline.
_MIN_HEAD_CHINESE = 3
_MAX_SUB_CHARS = 34
_SECTION = re.compile(r"[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）")
# Advertisements of so many characters are known by their title (cues.AD_TITLE).
_MIN_PROSE_CHARS = 160
_CHINESE_CHARS = re.compile(r"[\u4e00-\u9fff]")
_CHINESE = {c: i + 1 for i, c in enumerate("一二三四五六七八九十")}
_CHINESE_ITEM = re.compile(r"^([一二三四五六七八九十]{1,3})、")


def adjust(logs: Floats, units: Sequence[Unit]) -> Floats:
    """A copy of the label log-probabilities with what the page's structure adds."""
    adjusted = logs.copy()
    pool_rows(adjusted, units, digest=_is_digest(units[:_DIGEST_LINES]))
    for series in _series(units):
        _agree(adjusted, units, series)
    for i, unit in enumerate(units):
        if _NEW_SUBJECT.match(unit.text):
            adjusted[i, [Label.HEAD_CONT, Label.SUB]] -= _SUBJECT_ODDS
        if len(_CHINESE_CHARS.findall(unit.text)) < _MIN_HEAD_CHINESE:
            adjusted[i, Label.HEAD] -= _CERTAIN
    for i in range(len(units) - 1):
        if _is_numbered_line(units[i].text):
            adjusted[i + 1, Label.CONT] -= _CERTAIN
        if i and _COUPLET.fullmatch(units[i].text) and cues.STOP_END.search(units[i - 1].text):
            adjusted[i, [Label.PARA, Label.CONT]] -= _COUPLET_ODDS
            adjusted[i + 1, Label.CONT] -= _COUPLET_ODDS
        if not units[i + 1].blank_before and _QUOTATION.fullmatch(units[i + 1].text):
            adjusted[i + 1, Label.HEAD_CONT] += _QUOTED_ODDS
        if _TWO_PHRASES.fullmatch(units[i].text) and len(units[i + 1].text) >= _MIN_HEAD_CHARS:
            adjusted[i + 1, Label.HEAD_CONT] -= _PHRASES_ODDS
        # A subtitle has its headline before it.
        if cues.SUBTITLE.match(units[i + 1].text) and len(units[i].text) <= _MAX_HEAD_CHARS:
            adjusted[i, Label.FURNITURE] -= _SUBTITLE_ODDS
    long = [_is_prose(unit.text) for unit in units]
    adjusted[long, Label.FURNITURE] -= _CERTAIN
    for i in range(len(units) - 1):
        if cues.AD_TITLE.fullmatch(units[i].text) and cues.AD_TEXT.search(units[i + 1].text):
            adjusted[i + 1, Label.FURNITURE] += 2 * _CERTAIN
    sure = [unit.is_list or cues.is_surely_furniture(unit.text) for unit in units]
    adjusted[sure, Label.FURNITURE] += _CERTAIN
    return adjusted


def _is_numbered_line(text: str) -> bool:
    """Whether a line is a numbered sub-heading (一、… or （一）…): the text below begins anew."""
    is_short = (
        len(text) <= _MAX_SUB_CHARS and not cues.STOP_END.search(text) and not cues.COMMA_END.search(text)
    )
    return is_short and bool(_SECTION.match(text))


def _is_prose(text: str) -> bool:
    """Whether a line is too long, and too Chinese, for anything but an article's text."""
    return len(text) >= _MIN_PROSE_CHARS and 2 * len(_CHINESE_CHARS.findall(text)) > len(text)


def _number(text: str) -> tuple[str, int] | None:
    """Kind and number of a numbered line: 三、 → ("chinese", 3), 3. → ("digit", 3)."""
    found = _CHINESE_ITEM.match(text)
    if found:
        digits = found[1]
        if digits in _CHINESE:
            return "chinese", _CHINESE[digits]
        tens, _, ones = digits.partition("十")
        return "chinese", _CHINESE.get(tens, 1) * 10 + _CHINESE.get(ones, 0)
    arabic = cues.ITEM_NUMBER.match(text)
    return ("digit", int(arabic[1])) if arabic else None


def _series(units: Sequence[Unit]) -> list[list[int]]:
    """Runs of short lines numbered 1, 2, 3… (one way of numbering each) with text between them."""
    result = []
    for kind in ("chinese", "digit"):
        series: list[int] = []
        for i, unit in enumerate(units):
            number = _number(unit.text)
            short = len(unit.text) <= _MAX_HEAD_CHARS and not cues.STOP_END.search(unit.text)
            if number is None or number[0] != kind or not short:
                continue
            if number[1] == 1:
                result.append(series)
                series = [i]
            elif series and number[1] == len(series) + 1:
                series.append(i)
        result.append(series)
    return [s for s in result if len(s) >= _MIN_SERIES and all(b - a > 1 for a, b in pairwise(s))]


def _is_digest(opening: Sequence[Unit]) -> bool:
    """Whether a document's first lines are the masthead of a collection of items."""
    texts = [unit.text for unit in opening]
    masthead = any(_ISSUE_NUMBER.search(t) or (len(t) <= 30 and cues.DIGEST_TITLE.search(t)) for t in texts)
    return masthead and not any(_DOCUMENT.search(t) for t in texts)


def _agree(logs: Floats, units: Sequence[Unit], series: Sequence[int]) -> None:
    """The lines of a series are all headlines of items or all sub-headings."""
    odds = float(np.mean([logs[i, Label.HEAD] - logs[i, Label.SUB] for i in series]))
    is_digest = _is_digest(units[: min(series[0], _DIGEST_LINES)])
    odds += _DIGEST_ODDS if is_digest else -_DIGEST_ODDS
    for i in series:
        logs[i, Label.HEAD if odds > 0 else Label.SUB] += _CERTAIN
        if odds > 0 and i + 1 < len(units):
            logs[i + 1, Label.START] += _CERTAIN
    if odds > 0 and is_digest and series[0] <= _DIGEST_LINES:
        # A greeting (早上好！以下是今天的主要新闻。) is no article.
        greeting = [i for i in range(series[0]) if len(units[i].text) <= _MAX_GREETING_CHARS]
        logs[greeting, Label.FURNITURE] += _CERTAIN / 2

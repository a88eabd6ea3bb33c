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
from briefing.segment.units import Unit

Floats = npt.NDArray[np.float64]
# Added log-probability of a label that leaves no doubt.
_CERTAIN = 20.0
# A masthead with an issue number (第23期, 早报) speaks for items, its lack for the sections of one document.
_DIGEST_ODDS = 3.0
_DIGEST_LINES = 6
_MIN_SERIES = 3
# A head line that names its subject anew (我市……) is the headline under a kicker, not a broken line's rest.
_NEW_SUBJECT = re.compile(r"我[省市县区]")
_SUBJECT_ODDS = 5.0
_MAX_HEAD_CHARS = 50
_CHINESE = {c: i + 1 for i, c in enumerate("一二三四五六七八九十")}
_CHINESE_ITEM = re.compile(r"^([一二三四五六七八九十]{1,3})、")


def adjust(logs: Floats, units: Sequence[Unit]) -> Floats:
    """A copy of the label log-probabilities with what the page's structure adds."""
    adjusted = logs.copy()
    for series in _series(units):
        _agree(adjusted, units, series)
    for i, unit in enumerate(units):
        if _NEW_SUBJECT.match(unit.text):
            adjusted[i, Label.HEAD_CONT] -= _SUBJECT_ODDS
    for i in range(len(units) - 1):
        if cues.AD_TITLE.fullmatch(units[i].text) and cues.AD_TEXT.search(units[i + 1].text):
            adjusted[i + 1, Label.FURNITURE] += _CERTAIN
    sure = [unit.is_list or cues.is_surely_furniture(unit.text) for unit in units]
    adjusted[sure, Label.FURNITURE] += _CERTAIN
    return adjusted


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


def _agree(logs: Floats, units: Sequence[Unit], series: Sequence[int]) -> None:
    """The lines of a series are all headlines of items or all sub-headings."""
    odds = float(np.mean([logs[i, Label.HEAD] - logs[i, Label.SUB] for i in series]))
    opening = [unit.text for unit in units[: min(series[0], _DIGEST_LINES)]]
    is_digest = any(cues.ISSUE.search(t) or (len(t) <= 30 and cues.DIGEST_TITLE.search(t)) for t in opening)
    odds += _DIGEST_ODDS if is_digest else -_DIGEST_ODDS
    for i in series:
        logs[i, Label.HEAD if odds > 0 else Label.SUB] += _CERTAIN
        if odds > 0 and i + 1 < len(units):
            logs[i + 1, Label.START] += _CERTAIN
    if odds > 0 and is_digest and series[0] <= _DIGEST_LINES:
        # A greeting (早上好！以下是今天的主要新闻。) is no article.
        logs[: series[0], Label.FURNITURE] += _CERTAIN / 2

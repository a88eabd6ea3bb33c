"""Rows of like blocks (a short line, little text, a short line …): the lines of a row are headlines of items
all together or sub-headings all together, so what the labels say of each is pooled over the row.

Numbered one-line items (1、… 2、…) are pooled in the same way: each is an article, or each a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from briefing.segment.decode import Label
from briefing.segment.shape import is_short_line
from briefing.segment.units import Unit

Floats = npt.NDArray[np.float64]
# Log-odds of one line count no more than this: a sure line among doubtful ones does not decide for all.
_MAX_ODDS = 3.0
# Added to a row's mean log-odds (of headline and opening together). Of 166 made rows that training never saw,
# those of items have a mean of at least 4.4 (95 %), those of sub-headings at most -3.3 (95 %); items of a
# county's news, which no training data has, stand between -1.6 and 2.7. So the border is nearer to the
# sub-headings. made_short_f1 and made_sections_f1 are the same from 0 to 2.4 (95.1-95.4, 95.9).
ROW_PRIOR = 2.3
NUMBERED_PRIOR = 0.5
# What a masthead of a collection adds.
DIGEST_ODDS = 1.0
# The agreed log-odds of every line: this many times the row's, at most so many.
_AGREED_TIMES, _MAX_AGREED = 4.0, 4.0
_MIN_BLOCKS = 3
_MAX_PARAS = 2
# A short line that is likely neither headline nor sub-heading (a rubric, a byline) is in no row.
_MIN_LOG = -2.5
_NUMBERED = re.compile(r"(?:（?\d{1,2}(?:[.．\s](?!\d)|[、）])|[①-⑳])")


def pool_rows(logs: Floats, units: Sequence[Unit], *, digest: bool) -> None:
    """Changes `logs` (log-probabilities, shape (units, labels)) in place. `digest`: the document's masthead is
    that of a collection (要闻速览, 第23期)."""
    known = DIGEST_ODDS if digest else 0.0
    for heads in _head_rows(logs, units):
        odds = [
            _clip(logs, i, Label.HEAD, Label.SUB) + _clip(logs, i + 1, Label.START, Label.PARA)
            for i in heads[1:]
        ]
        agreed = _agreed(odds, ROW_PRIOR + known)
        # The row's first line may be the document's title, a headline above sub-headings too.
        for i in heads if agreed > 0 else heads[1:]:
            _shift(logs, i, Label.HEAD, Label.SUB, agreed)
            _shift(logs, i + 1, Label.START, Label.PARA, agreed)
    for lines in _numbered_rows(units):
        agreed = _agreed([_clip(logs, i, Label.START, Label.PARA) for i in lines], NUMBERED_PRIOR + known)
        for i in lines:
            _shift(logs, i, Label.START, Label.PARA, agreed)


def _agreed(odds: Sequence[float], prior: float) -> float:
    return float(np.clip(_AGREED_TIMES * (float(np.mean(odds)) + prior), -_MAX_AGREED, _MAX_AGREED))


def _clip(logs: Floats, i: int, label: Label, rival: Label) -> float:
    return float(np.clip(logs[i, label] - logs[i, rival], -_MAX_ODDS, _MAX_ODDS))


def _shift(logs: Floats, i: int, label: Label, rival: Label, odds: float) -> None:
    logs[i, label] += odds / 2
    logs[i, rival] -= odds / 2


def _head_rows(logs: Floats, units: Sequence[Unit]) -> list[list[int]]:
    """The short lines of every row of at least _MIN_BLOCKS blocks, each with one or two text lines below."""
    rows: list[list[int]] = [[]]
    i = 0
    while i < len(units):
        is_head = is_short_line(units[i].text) and max(logs[i, Label.HEAD], logs[i, Label.SUB]) > _MIN_LOG
        paras = 0
        while is_head and i + paras + 1 < len(units) and not is_short_line(units[i + paras + 1].text):
            paras += 1
        if is_head and 1 <= paras <= _MAX_PARAS:
            rows[-1].append(i)
        elif rows[-1]:
            rows.append([])
        i += paras + 1
    return [row for row in rows if len(row) >= _MIN_BLOCKS]


def _numbered_rows(units: Sequence[Unit]) -> list[list[int]]:
    """Rows of neighbouring text lines that all bear numbers."""
    rows: list[list[int]] = [[]]
    for i, unit in enumerate(units):
        if not is_short_line(unit.text) and _NUMBERED.match(unit.text):
            rows[-1].append(i)
        elif rows[-1]:
            rows.append([])
    return [row for row in rows if len(row) >= _MIN_BLOCKS]

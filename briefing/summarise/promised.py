"""Figures that the headline promises: the item under it must tell them where the article does."""

from __future__ import annotations

import numpy as np

from briefing.records import Article
from briefing.summarise.features import Floats
from briefing.summarise.units import Document
from briefing.text.numbers import Quantity, find_quantities

Figure = tuple[object, str]
# Spans of time: 3年突破3亿元 promises the money.
_TIMES = frozenset("年月日天时分秒") | {"小时", "分钟", "个月", "季度", "周年", "岁"}


def _figure(quantity: Quantity) -> Figure | None:
    if quantity.ordinal or not quantity.unit or quantity.unit in _TIMES:
        return None
    return quantity.value, quantity.unit_group


def headline_figures(article: Article) -> set[Figure]:
    """Value and unit of what title, kicker and subtitle count; no years, days or ordinals."""
    heads = "。".join((article.kicker, article.title, article.subtitle))
    return {figure for q in find_quantities(heads) if (figure := _figure(q))}


def promised_shares(document: Document) -> Floats:
    """For each unit, which share of the headline's figures it tells; (units,), 0–1."""
    wanted = headline_figures(document.article)
    found = np.zeros(len(document.units))
    if wanted:
        for unit in document.units:
            told = {_figure(q) for q in find_quantities(unit.text)}
            found[unit.index] = len(wanted & told) / len(wanted)
    return found

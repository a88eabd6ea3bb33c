"""Words that mean what another clause named: 《规范》, 马方, 全区, an industry whose county stands earlier.

Each gives a set of clauses, one of which must be printed before; a figure that loses its owner is a wrong figure.
"""

# ruff: noqa: E501  (word lists read better unbroken)
from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.records import Span
from briefing.summarise.features import Reading
from briefing.summarise.units import Document, Unit

# 《规范》 of 《…日常行为规范》.
_SHORT_NAME = re.compile(r"《([\u4e00-\u9fff]{2,8})》")
_FULL_NAME = re.compile(r"《([^》]{6,})》")
# 马方 of 马尔代夫; 警方, 校方 and the like are nobody's abbreviation.
_PARTY = re.compile(r"([\u4e00-\u9fff])方(?![面式案法向针圆便舱言程块米阵位才])")
_NO_PARTY = "中双我对警各多官地军院校资东西南北甲乙丙三四五两买卖厂店村馆园团剧片美"
# A place that owns figures. 全区, 本市, 社区, 超市 name none.
_PLACE = re.compile(
    r"[\u4e00-\u9fff]{1,3}(?<![全各本我该城超社园景小灾库地东西南北郊牧市辖校厂片山老新街矿特林从向由在与和对到为于把将被据各经请让属])(?:自治区|省|市|县|区|州)(?![场民委长级值域内外中])"
)
_WHOLE = re.compile(r"全([省市县区])")
_RELATIVE = re.compile(r"全[省市县区]|^当地(?=有|已|共|将|今年|累计|种植|通过)")
_OURS = re.compile(r"我[省市县区]")
_FIGURE = re.compile(r"\d(?:[\d.]*)(?:多|余)?(?:[万亿]+[美欧日]?元?|%|％|个百分点|家|元|吨|人|户|亩|公顷)")
_LEADING_TIME = re.compile(r"^[^，]{0,10}(?:年|月|日|季度|上半年|下半年|期间|以来|底|初|末)$")
_INDUSTRY = re.compile(
    r"^[\u4e00-\u9fff]{2,8}(?:产业|行业|经济|工业|农业|制造业|服务业|业务收入|总产值|增加值|营业收入|进出口|投资)"
)
_INSTITUTION = re.compile(r"从([\u4e00-\u9fff]{4,24}?)(?:召开的[^，]*|举行的[^，]*)?(?:获悉|了解到)$")
_BARE = re.compile(r"^(法院|医院|学校|公司|集团|银行|检察院|海关|中心)")
_MIN_SUBJECT_CHARS = 4
# With fewer places in the text 全市 can mean but one of them.
MIN_PLACES = 3


def _short_names(units: Sequence[Unit], i: int) -> list[frozenset[int]]:
    found = []
    for match in _SHORT_NAME.finditer(units[i].text):
        short = match.group(1)
        full = [
            k
            for k in range(i)
            if any(
                m.group(1) != short and m.group(1).rstrip("》").endswith(short)
                for m in _FULL_NAME.finditer(units[k].text)
            )
        ]
        if full and not any(
            short in m.group(1) and m.group(1) != short for m in _FULL_NAME.finditer(units[i].text)
        ):
            found.append(frozenset(full))
    return found


def _parties(units: Sequence[Unit], i: int, countries: Sequence[tuple[int, str]]) -> list[frozenset[int]]:
    found = []
    for match in _PARTY.finditer(units[i].text):
        first = match.group(1)
        if first in _NO_PARTY:
            continue
        named = frozenset(k for k, name in countries if k < i and name.startswith(first))
        if named:
            found.append(named)
    return found


def _owner(text: str) -> str:
    match = _PLACE.search(text)
    return match.group() if match else ""


def _owners(document: Document) -> list[list[frozenset[int]]]:
    """For figures told without a place: the clauses that name the place which the sentences before were about."""
    units = document.units
    found: list[list[frozenset[int]]] = [[] for _ in units]
    heads: dict[str, str] = {}
    current, paragraph = "", -1
    for start, end in document.sentences:
        if units[start].paragraph != paragraph:
            current, paragraph, heads = "", units[start].paragraph, {}
        own = next((o for i in range(start, end) if (o := _owner(units[i].text))), "")
        first = next((i for i in range(start, end) if not _LEADING_TIME.match(units[i].text)), start)
        subject = _INDUSTRY.match(units[first].text)
        head = units[first].text[: _MIN_SUBJECT_CHARS + 2]
        if own:
            current = own
            if subject:
                heads[head] = own
            continue
        relative = next((m for i in range(start, end) if (m := _WHOLE.search(units[i].text))), None)
        owner = ""
        if relative:
            owner = current if current.endswith(relative.group(1)) else ""
        elif subject:
            owner = heads.get(head, "") or current
        if owner and any(_FIGURE.search(units[i].text) for i in range(start, end)):
            # The pattern may have taken up a character before the name.
            naming = frozenset(k for k in range(start) if owner[-2:] in units[k].text)
            for i in range(start, end):
                found[i].append(naming)
    return found


def _relative_owners(document: Document, places: Sequence[tuple[int, str]]) -> list[list[frozenset[int]]]:
    """全市 and 当地 mean the place named last in their paragraph, in papers that do not say 我市."""
    units = document.units
    found: list[list[frozenset[int]]] = [[] for _ in units]
    if _OURS.search(document.article.text) or len({name for _, name in places}) < MIN_PLACES:
        return found
    for unit in units:
        own = any(i == unit.index for i, _ in places) or bool(_PLACE.search(unit.text))
        if own or not _RELATIVE.search(unit.text):
            continue
        before = [(i, name) for i, name in places if i < unit.index and units[i].paragraph == unit.paragraph]
        if before:
            last = before[-1][1]
            found[unit.index].append(frozenset(i for i, name in before if name == last))
    return found


def references(reading: Reading) -> list[tuple[frozenset[int], ...]]:
    """For each unit sets of units of which one must be printed before."""
    document = reading.document
    words = [(i, w) for i, ws in enumerate(reading.words) for w in ws if len(w.text) > 1]
    places = [(i, w.text) for i, w in words if w.tag == "ns"]
    # The word list has some countries as names of persons (马尔代夫).
    countries = [
        (i, w.text) for i, w in words if w.tag in ("ns", "nt", "nz", "j") or (w.tag == "nr" and len(w.text) > 2)
    ]
    owners = [a + b for a, b in zip(_owners(document), _relative_owners(document, places), strict=True)]
    return [
        (*_short_names(document.units, i), *_parties(document.units, i, countries), *owners[i])
        for i in range(len(document.units))
    ]


def institution(document: Document, i: int) -> tuple[tuple[Span, ...], int]:
    """法院审结… after 记者从平谷区法院获悉: the words that make a bare noun the name of that institution, and
    the clause that holds them."""
    bare = _BARE.match(document.units[i].text)
    if not bare:
        return (), -1
    for k in range(i - 1, max(-1, i - 8), -1):
        unit = document.units[k]
        told = _INSTITUTION.search(unit.text)
        if told and told.group(1).endswith(bare.group(1)) and len(unit.pieces) == 1:
            begin = unit.pieces[0].start + told.start(1)
            size = len(told.group(1)) - len(bare.group(1))
            if size >= 2:
                return (Span(begin, begin + size),), k
    return (), -1

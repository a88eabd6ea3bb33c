"""Which belongs to which: from and to, the members of a 分别 list, two words that changed places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from briefing.check.claims import Claim, is_mark
from briefing.check.words import sentence_range
from briefing.records import Finding, Span
from briefing.text.alignment import UNMATCHED
from briefing.text.numbers import Quantity, find_quantities

NAME = "mapping"
_CHANGE = (
    "(?:增加|减少|提高|提升|降低|下降|上升|推迟|提前|延迟|缩短|延长|调整|压缩|压减|扩大|缩小|"
    "增|减|降|升|改|变|上调|下调|增长|回升|回落|拓展|精简|扩展|转变)"
)
_FROM_TO = re.compile(rf"[由从](?P<a>[^，。；：]{{1,18}}?){_CHANGE}?(?:为|到|至)(?P<b>[^，。；：由从]{{1,18}})")
_CHANGED = re.compile(f"{_CHANGE}$")
# The two sides of a change are told apart only when they fit their own side this much worse.
_MIN_FIT = 0.34
_RESPECTIVELY = re.compile(
    r"分别(?:同比|环比|比[^，。；]{1,8})?(?P<verb>[\u4e00-\u9fff]{0,6}?)(?=[\d近约超逾第])"
)
# 及 joins more closely than 、 and 和: 航空及航天设备.
_ITEM_JOINTS = re.compile(r"、|和|与|以及")
_MAX_SWAPPED_TOKENS = 4
_MAX_WHAT = 4


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on things that stand in one another's place."""
    yield from _from_to(claim)
    yield from _respectively(claim)
    yield from _changed_places(claim)


def _from_to(claim: Claim) -> Iterator[Finding]:
    """由A提高到B told as 由B提高到A."""
    for mine in _FROM_TO.finditer(claim.text):
        crossing = None
        for s in claim.candidates:
            span = claim.source.sentences[s]
            for theirs in _FROM_TO.finditer(claim.source.text, span.start, span.end):
                straight, crossed = _fits(mine, theirs)
                if straight[0] + straight[1] >= sum(crossed) and min(straight) > _MIN_FIT:
                    break  # the source says it so, here or in another place
                if sum(crossed) > sum(straight) + _MIN_FIT and min(crossed) > _MIN_FIT:
                    crossing = crossing or theirs
            else:
                continue
            crossing = None
            break
        if crossing is not None:
            message = f"“{mine.group()}”与原文“{crossing.group()}”前后相反"
            yield claim.finding(NAME, Span(*mine.span()), message, evidence=crossing.span())


def _fits(mine: re.Match[str], theirs: re.Match[str]) -> tuple[tuple[float, float], tuple[float, float]]:
    """How alike the beginnings and the ends are, and how alike each is to the other's."""
    a, b, c, d = _side(mine["a"]), _side(mine["b"]), _side(theirs["a"]), _side(theirs["b"])
    return (_alike(a, c), _alike(b, d)), (_alike(a, d), _alike(b, c))


def _side(text: str) -> str:
    return _CHANGED.sub("", text)


def _alike(a: str, b: str) -> float:
    """0–1: 1 when one is part of the other, else the Dice share of their figures and characters."""
    if a in b or b in a:
        return 1.0
    mine, theirs = set(re.findall(r"[\d.]+|[^\d.]", a)), set(re.findall(r"[\d.]+|[^\d.]", b))
    return 2 * len(mine & theirs) / max(1, len(mine) + len(theirs))


@dataclass(frozen=True, slots=True)
class _List:
    """n items and their n figures: 产值、收入、利润分别增长23.7%、19.5%、7.1%."""

    items: tuple[str, ...]
    figures: tuple[Quantity, ...]
    start: int
    end: int


def _lists(text: str, start: int, end: int) -> Iterator[_List]:
    for match in _RESPECTIVELY.finditer(text, start, end):
        figures = _figures_after(text, match.end(), end)
        if len(figures) < 2:
            continue
        pieces = _members(_before(text, start, match.start()), len(figures))
        items = tuple(_name(p) for p in pieces)
        # The last one goes on with what is counted of all: 东区、西区、北区完成率分别为.
        items = (*items[:-1], items[-1][: max(map(len, items[:-1]))]) if len(items) > 1 else items
        if len(items) == len(figures) and all(items) and len(set(items)) == len(items):
            yield _List(items, tuple(figures), match.start(), end)


def _members(text: str, count: int) -> list[str]:
    """The `count` members that a list's text names; [] when how it divides is not certain.

    Members with a figure of their own are divided by it; others fill the last clause exactly.
    """
    pieces = [p for p in re.split(r"[、，]|(?<=[元吨人个%家户亩次])(?:和|与|及|以及)", text) if p.strip()]
    if pieces and len(pieces) > count and len(pieces[-1]) <= _MAX_WHAT and not re.search(r"\d", pieces[-1]):
        pieces = pieces[:-1]  # 增幅分别为: what the figures are, not one of those that have them
    if len(pieces) >= count and all(re.search(r"\d", p) for p in pieces[-count:]):
        return pieces[-count:]
    clause = re.split(r"，", text.rstrip("，"))[-1]
    pieces = [p for p in _ITEM_JOINTS.split(clause) if p.strip()]
    return pieces if len(pieces) == count else []


def _before(text: str, start: int, end: int) -> str:
    begin = max(text.rfind(c, start, end) for c in "。；：")
    return text[max(begin + 1, start) : end]


def _figures_after(text: str, start: int, end: int) -> list[Quantity]:
    """Figures from `start` on with nothing but joints between them."""
    found: list[Quantity] = []
    for quantity in find_quantities(text[start:end]):
        at = found[-1].span.end if found else 0
        if not re.fullmatch(r"[、，和与及以为约近超逾]*", text[start + at : start + quantity.span.start]):
            break
        found.append(quantity)
    return found


def _name(piece: str) -> str:
    """The words of an item before its own figure: 营业收入48.9亿元 is 营业收入."""
    plain = re.split(r"[由为达约近超逾]?\d", piece, maxsplit=1)[0].strip("“”（）() ")
    return re.sub(r"^.*(?:其中|实现(?!率)|完成(?!率)|全市|全省|全国|今年)", "", plain)


def _respectively(claim: Claim) -> Iterator[Finding]:
    """A figure of a 分别 list is told of another member of the list."""
    for s in claim.aligned_sentences:
        span = claim.source.sentences[s]
        for listed in _lists(claim.source.text, span.start, span.end):
            values = [q.value for q in listed.figures]
            if len(set(values)) < len(values):
                continue
            for item, quantity in _told(claim, listed):
                right = values.index(quantity.value)
                if listed.items[right] == item:
                    continue
                said = claim.text[quantity.span.start : quantity.span.end]
                message = f"“{said}”在原文中是“{listed.items[right]}”的，不是“{item}”的"
                yield claim.finding(NAME, quantity.span, message, evidence=(listed.start, listed.end))


def _told(claim: Claim, listed: _List) -> Iterator[tuple[str, Quantity]]:
    """What the claim says of the list: (item, figure) pairs whose figure is one of the list's."""
    values = [q.value for q in listed.figures]
    units = {q.unit_group for q in listed.figures}
    for own in _lists(claim.text, 0, len(claim.text)):
        pairs = [(_item_in(i, listed.items), q) for i, q in zip(own.items, own.figures, strict=True)]
        yield from ((i, q) for i, q in pairs if i and q.value in values)
        return
    if "分别" in claim.text:
        return
    at = 0
    for quantity in claim.quantities:
        item = _item_in(claim.text[at : quantity.span.start], listed.items)
        if quantity.value in values and quantity.unit_group in units:
            if item:
                yield item, quantity
            at = quantity.span.end


def _item_in(words: str, items: Sequence[str]) -> str:
    """The only item of the list that the words name by a pair of characters that no other has, or ""."""
    named = []
    for item in items:
        others = "|".join(i for i in items if i != item)
        pairs = [item[k : k + 2] for k in range(max(1, len(item) - 1))]
        own = [p for p in pairs if p not in others]
        if any(p in words for p in own):
            named.append(item)
    return named[0] if len(named) == 1 else ""


def _changed_places(claim: Claim) -> Iterator[Finding]:
    """每月调度、半月通报 told as 半月调度、每月通报: two stretches, each where the source has the other."""
    sites = list(_sites(claim))
    for (span_a, mine_a, theirs_a, p), (span_b, mine_b, theirs_b, q) in combinations(sites, 2):
        if mine_a == theirs_b and mine_b == theirs_a and mine_a != mine_b:
            if sentence_range(claim, p) != sentence_range(claim, q):
                continue
            start, end = claim.source.tokens[min(p, q)].start, claim.source.tokens[max(p, q)].end
            message = f"“{mine_a}”与“{mine_b}”和原文位置互换"
            yield claim.finding(NAME, Span(span_a.start, span_b.end), message, evidence=(start, end))
            return


def _sites(claim: Claim) -> Iterator[tuple[Span, str, str, int]]:
    """Stretches of the claim that differ from what the source has between the same neighbours.

    With the claim's words, the source's words, and a source token there. A clause's beginning and end are
    neighbours too.
    """
    tokens, source = claim.tokens, claim.source.tokens
    k = 0
    while k < len(tokens):
        goes_on = k > 0 and claim.match[k] == claim.match[k - 1] + 1 != UNMATCHED + 1
        if is_mark(tokens[k].symbol) or goes_on:
            k += 1
            continue
        for size in range(1, _MAX_SWAPPED_TOKENS + 1):
            end = k + size
            if end >= len(tokens) or any(is_mark(t.symbol) for t in tokens[k:end]):
                break
            right = claim.match[end]
            if right == UNMATCHED or (is_mark(tokens[end].symbol) and size < 2):
                continue
            left = claim.match[k - 1] if k else UNMATCHED
            if k and left == UNMATCHED and not is_mark(tokens[k - 1].symbol):
                break
            for theirs in range(1, _MAX_SWAPPED_TOKENS + 1):
                p = right - theirs
                if p < 1 or is_mark(source[p].symbol):
                    break
                starts = is_mark(source[p - 1].symbol) or source[p - 1].clause != source[p].clause
                both_start = starts and (not k or is_mark(tokens[k - 1].symbol))
                if p - 1 != left and not both_start:
                    continue
                mine = claim.text[tokens[k].start : tokens[end - 1].end]
                there = claim.source.text[source[p].start : source[right - 1].end]
                if mine != there:
                    yield Span(tokens[k].start, tokens[end - 1].end), mine, there, p
        k += 1

"""Every quantity of a summary is in its source: value, unit, direction of approximation, and its own place.

A value that the source states of something else is as wrong as an invented one, so the context of each
quantity (what it counts, what it follows) is compared with the context of every source quantity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefing.check.claims import NUMBER, Claim, Token, is_mark
from briefing.check.context import MIN_LEAD, fit
from briefing.records import Finding, Severity
from briefing.text.alignment import UNMATCHED
from briefing.text.numbers import Quantity

NAME = "numbers"
# Words between a noun and its figure that change nothing of which figure it is.
_BEFORE_NUMBER = set("达为约超近至到了仅共有是过逾的已经总计累")
_LIMIT = re.compile("不得?超过?|不能超过|不低于|不少于|不高于")
_FROM, _TO = "由从", "到至为达"
_COUNTERS = "家名个户项件所座处支条辆台位"
_MAX_LIST_TOKENS = 24
_LIST_UNITS = "个百分点元人家户次件项吨亩"
_MAX_COUNTED = 12  # nobody lists more in one sentence


@dataclass(frozen=True, slots=True)
class _Rival:
    """A source quantity and how well its surroundings fit the claim's, 0–1."""

    token: int
    quantity: Quantity
    fit: float


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on the quantities of `claim`."""
    for k, token in enumerate(claim.tokens):
        if token.symbol == NUMBER and isinstance(token.fact, Quantity):
            yield from _check_one(claim, k, token.fact)


def _check_one(claim: Claim, k: int, quantity: Quantity) -> Iterator[Finding]:
    said = claim.text[quantity.span.start : quantity.span.end]
    slot = _slot(claim, k)
    equal = _rivals(claim, k, quantity)
    if not equal:
        yield from _not_found(claim, quantity, said, slot)
        return
    best = max(equal, key=lambda r: (r.token == claim.match[k], _unit_fits(claim, quantity, r.quantity), r.fit))
    bound_to = _bound_to(claim, k, quantity) or _counted_by(claim, k, quantity)
    if bound_to is not None:
        yield _elsewhere(claim, quantity, said, bound_to)
        return
    if slot is not None and slot != best.token:
        other = claim.source.tokens[slot].fact
        assert isinstance(other, Quantity)
        if not _rounds_to(other, quantity) and (_exchanged(claim, k, slot) or _moved(claim, k, slot, best)):
            yield _elsewhere(claim, quantity, said, other)
            return
    yield from _check_words(claim, quantity, said, best)


def _moved(claim: Claim, k: int, slot: int, best: _Rival) -> bool:
    if _one_list(claim, slot, best.token) or _other_end(claim, k, slot):
        return False
    there = _rival(claim, k, slot)
    return there.fit > best.fit + MIN_LEAD


def _one_list(claim: Claim, p: int, q: int) -> bool:
    """Only figures, units and joints stand between two source tokens (分别增长23.7%、19.5%和7.1%)."""
    between = claim.source.tokens[min(p, q) + 1 : max(p, q)]
    return len(between) <= _MAX_LIST_TOKENS and all(
        is_mark(t.symbol) or t.symbol in "和与及%" or t.symbol == NUMBER or t.symbol in _LIST_UNITS
        for t in between
    )


def _elsewhere(claim: Claim, quantity: Quantity, said: str, there: Quantity) -> Finding:
    message = f"数字“{said}”在原文中说的是别的事项，原文此处为“{_words(claim, there)}”"
    return claim.finding(NAME, quantity.span, message, evidence=_span(there))


def _exchanged(claim: Claim, k: int, slot: int) -> bool:
    """Another number of the claim stands in its own slot with this slot's value: the two changed places."""
    mine, theirs = claim.tokens[k].fact, claim.source.tokens[slot].fact
    for j, token in enumerate(claim.tokens):
        if j == k or token.symbol != NUMBER or claim.match[j] == UNMATCHED:
            continue
        other, there = token.fact, claim.source.tokens[claim.match[j]].fact
        values = [x.value if isinstance(x, Quantity) else None for x in (mine, theirs, other, there)]
        if None not in values and values[2:] == [values[1], values[0]]:
            return True
    return False


def _bound_to(claim: Claim, k: int, quantity: Quantity) -> Quantity | None:
    """The source's other quantity that directly follows the words which this one directly follows in the claim.

    None when the words are followed by this value too, here or elsewhere, or by a list that holds it.
    """
    j = k - 1
    while j >= 0 and claim.tokens[j].symbol in _BEFORE_NUMBER:
        j -= 1
    if (
        j < 1
        or is_mark(claim.tokens[j].symbol)
        or claim.match[j] == UNMATCHED
        or claim.match[j - 1] != claim.match[j] - 1
    ):
        return None
    tokens = claim.source.tokens
    noun = claim.tokens[j - 1].symbol + claim.tokens[j].symbol
    first: Quantity | None = None
    for p in claim.source.tokens_with(noun[1]):
        if not p or tokens[p - 1].symbol != noun[0]:
            continue
        following = _list_after(claim, p)
        if any(_rounds_to(q, quantity) for q in following):
            return None
        if p == claim.match[j] and following and not _other_end(claim, k, p + 1):
            first = following[0]
    if first is not None and first.unit_group != quantity.unit_group and not _nouns_swapped(claim, k, quantity):
        return None
    return first


def _other_end(claim: Claim, k: int, p: int) -> bool:
    """The claim's figure ends a change (提高到930元), the one at source token `p` begins it (由880元)."""
    mine, theirs = _clause_before(claim.tokens, k), _clause_before(claim.source.tokens, p)
    ends = any(c in mine for c in _TO) and not any(c in mine for c in _FROM)
    return ends and any(c in theirs for c in _FROM)


def _clause_before(tokens: Sequence[Token], p: int) -> str:
    """The symbols from the last figure or mark up to token `p`."""
    j = p
    while j and not is_mark(tokens[j - 1].symbol) and tokens[j - 1].symbol != NUMBER:
        j -= 1
    return "".join(t.symbol for t in tokens[j:p])


def _counted_by(claim: Claim, k: int, quantity: Quantity) -> Quantity | None:
    """The source's other quantity of what this one counts in the claim: 75家机构 where the source has 2家机构.

    None when the source says this value of that noun anywhere, or of no noun.
    """
    noun = _noun_after(claim.tokens, k, quantity)
    if not noun:
        return None
    tokens = claim.source.tokens
    others: list[tuple[int, Quantity]] = []
    for p, figure in claim.source.figures:
        there = _noun_after(tokens, p, figure)
        elliptic = not there and figure.unit == quantity.unit
        if figure.value == quantity.value and (
            elliptic or (there and there[0] == noun[0]) or noun in _after(tokens, p)
        ):
            return None
        if there == noun:
            others.append((p, figure))
    return next((f for p, f in others if p == claim.match[k]), None)


def _after(tokens: Sequence[Token], p: int) -> str:
    """Symbols of the clause after token `p`."""
    end = next((q for q in range(p + 1, len(tokens)) if is_mark(tokens[q].symbol)), len(tokens))
    return "".join(t.symbol for t in tokens[p + 1 : end])


def _noun_after(tokens: Sequence[Token], p: int, quantity: Quantity) -> str:
    """The two characters that a counted quantity (家, 名, 个) is followed by, or ""."""
    if len(quantity.unit) != 1 or quantity.unit not in _COUNTERS:
        return ""
    following = _after(tokens, p).lstrip("多余")
    return following[1:3] if following[:1] == quantity.unit and len(following) >= 3 else ""


def _rounds_to(a: Quantity, b: Quantity) -> bool:
    """One value, or one the other told more coarsely (940万余 for 940.76万)."""
    return abs(a.value - b.value) < max(a.step, b.step) if a.bound or b.bound else a.value == b.value


def _nouns_swapped(claim: Claim, k: int, quantity: Quantity) -> bool:
    """The noun that the source has before this value stands before another value in the claim."""
    tokens = claim.source.tokens
    for p, fact in claim.source.figures:
        if fact.value != quantity.value:
            continue
        noun = _noun_before(tokens, p)
        if not noun:
            continue
        for j, token in enumerate(claim.tokens):
            another = j != k and isinstance(token.fact, Quantity) and token.fact.value != quantity.value
            if another and _noun_before(claim.tokens, j) == noun:
                return True
    return False


def _noun_before(tokens: Sequence[Token], p: int) -> str:
    """The two characters before a figure, 达 and its like skipped; "" when there is a mark."""
    j = p - 1
    while j >= 0 and tokens[j].symbol in _BEFORE_NUMBER:
        j -= 1
    if j < 1 or is_mark(tokens[j].symbol) or is_mark(tokens[j - 1].symbol):
        return ""
    return tokens[j - 1].symbol + tokens[j].symbol


def _list_after(claim: Claim, p: int) -> list[Quantity]:
    """Quantities that follow source token `p`: at once, or after it in a list of bare quantities."""
    tokens = claim.source.tokens
    found: list[Quantity] = []
    gap = 0
    for q in range(p + 1, min(p + 40, len(tokens))):
        fact = tokens[q].fact
        if isinstance(fact, Quantity):
            found.append(fact)
            gap = 0
            continue
        gap += tokens[q].symbol not in _BEFORE_NUMBER and not is_mark(tokens[q].symbol)
        if gap > (3 if found else 0) or tokens[q].symbol in "。；":
            break
    return found


def _unit_fits(claim: Claim, mine: Quantity, theirs: Quantity) -> bool:
    """One unit, or units that stand for each other, or 8个方面 told as 8方面."""
    if mine.unit_group == theirs.unit_group or not mine.unit or not theirs.unit:
        return True
    return mine.unit in claim.source.text[theirs.core.end : theirs.core.end + 5]


def _not_found(claim: Claim, quantity: Quantity, said: str, slot: int | None) -> Iterator[Finding]:
    if _counted(claim, quantity, said) or _rounded(claim, quantity):
        return
    if quantity.unit == "号" and said in claim.source.text:
        return  # a day of the month, read as a date there for what follows it
    if slot is not None:
        other = claim.source.tokens[slot].fact
        assert isinstance(other, Quantity)
        message = f"原文没有“{said}”，原文此处为“{_words(claim, other)}”"
        yield claim.finding(NAME, quantity.span, message, evidence=_span(other))
        return
    severity = Severity.WARNING if _is_count(quantity, said) else Severity.ERROR
    yield claim.finding(NAME, quantity.span, f"原文没有数字“{said}”", severity=severity)


def _is_count(quantity: Quantity, said: str) -> bool:
    """两部门, 四点建议: an editor's own count of what the source lists; a person has to look."""
    return not quantity.ordinal and quantity.value <= _MAX_COUNTED and not any(c.isdigit() for c in said)


def _counted(claim: Claim, quantity: Quantity, said: str) -> bool:
    """A small Chinese numeral that counts what an aligned source sentence lists (江苏、浙江等两省)."""
    if not _is_count(quantity, said):
        return False
    for s in claim.aligned_sentences[:4]:
        span = claim.source.sentences[s]
        text = claim.source.text[span.start : span.end]
        joints = re.findall(r"、|》《|[\u4e00-\u9fff》](?:和|与|及|以及)[\u4e00-\u9fff《]", text)
        if quantity.value - 1 <= len(joints) and (quantity.value > 1):
            return True
    return False


def _rounded(claim: Claim, quantity: Quantity) -> bool:
    """约 and its like before a source value rounded to the digits that are printed."""
    if not quantity.bound:
        return False
    for other in claim.source.quantities:
        off = quantity.value - other.value
        if other.unit_group != quantity.unit_group or abs(off) >= quantity.step or not off:
            continue
        if quantity.bound == "about" and 2 * abs(off) <= quantity.step:
            return True
        if (quantity.bound == "over" and off < 0) or (quantity.bound == "under" and off > 0):
            return True
    return False


def _check_words(claim: Claim, quantity: Quantity, said: str, best: _Rival) -> Iterator[Finding]:
    other = best.quantity
    there = _words(claim, other)
    if not _unit_fits(claim, quantity, other):
        severity = Severity.WARNING if _is_count(quantity, said) else Severity.ERROR
        message = f"“{said}”的单位与原文“{there}”不同"
        yield claim.finding(NAME, quantity.span, message, evidence=_span(other), severity=severity)
    if quantity.bound != other.bound:
        # 200万元 for 不超过200万元 makes a limit a promise; 12亿元 for 近12亿元 is only less exact.
        wrong = quantity.bound or _LIMIT.search(there)
        severity = Severity.ERROR if wrong else Severity.WARNING
        yield claim.finding(
            NAME,
            quantity.span,
            f"“{said}”与原文“{there}”的约数说法不同",
            evidence=_span(other),
            severity=severity,
        )


def _words(claim: Claim, quantity: Quantity) -> str:
    return claim.source.text[quantity.span.start : quantity.span.end]


def _span(quantity: Quantity) -> tuple[int, int]:
    return quantity.span.start, quantity.span.end


def _slot(claim: Claim, k: int) -> int | None:
    """The source quantity that the claim's surroundings point at: its aligned token, else one in the gap."""
    if claim.match[k] != UNMATCHED:
        return claim.match[k]
    left = next(
        (claim.match[j] for j in range(k - 1, max(-1, k - 4), -1) if claim.match[j] != UNMATCHED), UNMATCHED
    )
    right = next((m for m in claim.match[k + 1 : k + 4] if m != UNMATCHED), UNMATCHED)
    tokens = claim.source.tokens
    if UNMATCHED not in (left, right) and 0 < right - left <= 8:
        return next((p for p in range(left + 1, right) if tokens[p].symbol == NUMBER), None)
    return None


def _rivals(claim: Claim, k: int, quantity: Quantity) -> list[_Rival]:
    found = []
    for p, other in claim.source.figures:
        if other.value == quantity.value and _equal(claim, quantity, other):
            found.append(_rival(claim, k, p))
    return found


def _equal(claim: Claim, mine: Quantity, theirs: Quantity) -> bool:
    """The same value; 第 may be left out of a meeting's number (八次全会, 十九大), not elsewhere."""
    if mine.value != theirs.value:
        return False
    meeting = mine.unit == "大" or claim.text[mine.span.end : mine.span.end + 2] in ("全会", "会议", "全国")
    return mine.ordinal == theirs.ordinal or meeting


def _rival(claim: Claim, k: int, p: int) -> _Rival:
    other = claim.source.tokens[p].fact
    assert isinstance(other, Quantity)
    return _Rival(p, other, fit(claim, k, p))

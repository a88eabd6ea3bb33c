"""Which entity of the source stands where the claim has one: for persons, organisations and places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.check.claims import CLAUSE_MARKS, Claim, is_mark
from briefing.records import Span
from briefing.text.alignment import UNMATCHED
from briefing.text.names import Mention

# Aligned neighbours are looked for this many content tokens away from the entity, inside its clause.
_REACH = 3
# Farther apart than this in the source, two entities joined by 、 or 和 are no longer one list.
_MAX_LIST_CHARS = 60
# How far after an entity its clause goes on with the source words that another entity stands before there.
_SUBJECT_REACH = 6
_SUBJECT_CHARS = 14
_MAX_FRAME_TOKENS = 14
_MAX_NESTED_CHARS = 3  # 甘肃省兰州市
_TELLS = re.compile(
    r"[^，。；：、]{0,12}?(?:发布|统计|公布|通报|印发|转发|介绍|表示|宣布|测算|消息|获悉|数据|通知|决定|要求|主办|召开|举行|举办|批准|启动)"
)


def joined(claim: Claim, span: Span) -> bool:
    """The entity is aligned whole, in one piece, and so is a direct neighbour on one side."""
    first, end = claim.token_at(span.start), claim.token_at(span.end - 1) + 1
    a, b = claim.match[first], claim.match[end - 1]
    if a == UNMATCHED or b - a != end - 1 - first:
        return False
    before = claim.match[first - 1] if first else UNMATCHED
    after = claim.match[end] if end < len(claim.match) else UNMATCHED
    return (before != UNMATCHED and before == a - 1) or (after != UNMATCHED and after == b + 1)


def rival(claim: Claim, span: Span, others: Sequence[Mention], *, titled: bool = False) -> Mention | None:
    """The entity among `others` (positions in the source) that stands in the source where the claim's stands.

    What stands before an entity (局长, 市) binds it more than what follows, which a list of several may share.
    `titled`: entities of one list differ by the titles between them (persons).
    None when nothing stands there, when it is the same one, or when one list of the source holds both.
    """
    first, end = claim.token_at(span.start), claim.token_at(span.end - 1) + 1
    mine = claim.text[span.start : span.end]
    left, right = _neighbour(claim, first, -1), _neighbour(claim, end - 1, 1)
    bound = left is not None and left[0] == 1 and claim.match[first] == left[1] + 1
    for other in others:
        if _same(mine, other.text):
            continue
        o_first, o_end = claim.source.token_at(other.span.start), claim.source.token_at(other.span.end - 1) + 1
        beside_left = left is not None and 0 < o_first - left[1] <= left[0] and not bound
        beside_right = right is not None and 0 < right[1] - (o_end - 1) <= right[0]
        if (beside_left or beside_right) and not _listed(claim, mine, other, strict=titled and beside_left):
            return other
    return _other_subject(claim, mine, end, others) or _other_teller(claim, span, others)


def _other_teller(claim: Claim, span: Span, others: Sequence[Mention]) -> Mention | None:
    """Who issues or tells in the source sentence what the claim says that its first-named body issues or tells.

    The claim's body stands nowhere in that sentence nor in the one before it or the heads, and the source's
    nowhere in the claim: 海关总署统计，… told as 商务部统计，….
    """
    mine, source = claim.text[span.start : span.end], claim.source
    if not _TELLS.match(claim.text, span.end) or not claim.aligned_sentences:
        return None
    s = claim.aligned_sentences[0]
    here = source.sentences[s]
    near = source.text[source.sentences[max(0, s - 1)].start : here.end]
    heads = "\n".join(source.text[p.start : p.end] for p in source.parts if p.name != "text")
    if mine in near + heads:
        return None
    tellers = [
        o for o in others
        if here.start <= o.span.start and o.span.end <= here.end and _TELLS.match(source.text, o.span.end)
    ]  # fmt: skip
    if not tellers:
        return None
    other = tellers[0]
    return None if _same(mine, other.text) or other.text in claim.text else other


def _other_subject(claim: Claim, mine: str, end: int, others: Sequence[Mention]) -> Mention | None:
    """The entity that the source's clause begins with, where the claim's clause begins with another one.

    Only when the source sentence does not name the claim's entity at all, and the claim does not name its.
    """
    tokens, source = claim.source.tokens, claim.source
    for k in range(end, min(end + _SUBJECT_REACH, len(claim.tokens))):
        if claim.tokens[k].symbol in CLAUSE_MARKS:
            return None
        p = claim.match[k]
        follows = k + 1 < len(claim.match) and claim.match[k + 1] == p + 1
        if p == UNMATCHED or not claim.is_content(k) or not follows:
            continue
        sentence = source.sentences[source.sentence_of_token[p]]
        if mine in source.text[sentence.start : sentence.end]:
            return None
        at = tokens[p].start
        before = [o for o in others if at - _SUBJECT_CHARS <= o.span.start and o.span.end <= at]
        if before and tokens[source.token_at(before[-1].span.start)].clause == tokens[p].clause:
            other = before[-1]
            return None if _same(mine, other.text) or other.text in claim.text else other
    return None


def replaced(claim: Claim, span: Span) -> tuple[int, int] | None:
    """The source text between the words that stand on both sides of the claim's entity, when that is not
    the entity or a pronoun; None when the two do not frame a short stretch.
    """
    first, end = claim.token_at(span.start), claim.token_at(span.end - 1) + 1
    if not first or end >= len(claim.match):
        return None
    left, right = claim.match[first - 1], claim.match[end]
    if left == UNMATCHED or not 2 <= right - left - 1 <= _MAX_FRAME_TOKENS:
        return None
    source, tokens = claim.source, claim.source.tokens
    if tokens[left].clause != tokens[right].clause or any(is_mark(t.symbol) for t in tokens[left + 1 : right]):
        return None
    start, end = tokens[left + 1].start, tokens[right - 1].end
    mine, there = claim.text[span.start : span.end], source.text[start:end]
    if mine in there or _same(mine, there) or there[0] in "该其本我他她它这两双":
        return None  # it is there, or the source has a pronoun for it
    return start, end


def _same(a: str, b: str) -> bool:
    """One is the other, a part of it, or its abbreviation (characters in order: 人社厅, 人力资源社会保障厅)."""
    short, long = sorted((a, b), key=len)
    rest = iter(long)
    return short in long or all(c in rest for c in short)


def _neighbour(claim: Claim, k: int, step: int) -> tuple[int, int] | None:
    """(distance, source token) of the nearest aligned content token on one side, in the same clause."""
    distance = 0
    j = k + step
    while 0 <= j < len(claim.tokens) and distance < _REACH:
        symbol = claim.tokens[j].symbol
        if symbol in CLAUSE_MARKS:
            return None
        distance += 1
        if claim.match[j] != UNMATCHED and (claim.is_content(j) or symbol in "、"):
            return distance, claim.match[j]
        j += step
    return None


def _listed(claim: Claim, mine: str, other: Mention, *, strict: bool) -> bool:
    """`mine` stands in the same list (、 和 与) as the source's other entity.

    `strict`: with nothing but names and joints between them (a title between them makes it another's).
    """
    text = claim.source.text
    at = text.find(mine)
    while at >= 0:
        lo, hi = sorted((at, other.span.start))
        lo += len(mine) if at == lo else len(other.text)
        between = text[lo:hi]
        if hi - lo <= _MAX_LIST_CHARS and not any(c in "。！？\n" for c in between):
            if strict:
                for name in claim.source.people_names:
                    between = between.replace(name, "")
                if not between.strip("、和与及同，,（）() "):
                    return True
            elif any(c in between for c in "、和与及同") or len(between) <= _MAX_NESTED_CHARS:
                return True
        at = text.find(mine, at + 1)
    return False

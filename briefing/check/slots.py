"""Which entity of the source stands where the claim has one: shared by the checks of names, organisations, places."""

from __future__ import annotations

from collections.abc import Sequence

from briefing.check.alignment import UNMATCHED
from briefing.check.claims import CLAUSE_MARKS, Claim
from briefing.records import Span
from briefing.text.names import Mention

# Aligned neighbours are looked for this many content tokens away from the entity, inside its clause.
_REACH = 3
# Farther apart than this in the source, two entities joined by 、 or 和 are no longer one list.
_MAX_LIST_CHARS = 60


def joined(claim: Claim, span: Span) -> bool:
    """The entity is aligned whole, in one piece, and so is a direct neighbour on one side."""
    first, end = claim.token_at(span.start), claim.token_at(span.end - 1) + 1
    a, b = claim.match[first], claim.match[end - 1]
    if a == UNMATCHED or b - a != end - 1 - first:
        return False
    before = claim.match[first - 1] if first else UNMATCHED
    after = claim.match[end] if end < len(claim.match) else UNMATCHED
    return (before != UNMATCHED and before == a - 1) or (after != UNMATCHED and after == b + 1)


def rival(claim: Claim, span: Span, others: Sequence[Mention]) -> Mention | None:
    """The entity among `others` (positions in the source) that stands in the source where the claim's stands.

    What stands before an entity (局长, 市) binds it more than what follows, which a list of several may share.
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
        if left is not None and 0 < o_first - left[1] <= left[0] and not bound:
            if not _listed(claim, mine, other, strict=True):
                return other
        elif right is not None and 0 < right[1] - (o_end - 1) <= right[0]:
            if not _listed(claim, mine, other, strict=False):
                return other
    return None


def _same(a: str, b: str) -> bool:
    """One is the other, a part of it, or its abbreviation (its characters in order: 人社厅, 人力资源社会保障厅)."""
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
            elif not between or any(c in between for c in "、和与及同") or len(between) <= 2:
                return True
        at = text.find(mine, at + 1)
    return False

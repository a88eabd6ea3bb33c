"""Words that turn a statement round, and whether the source supports, contradicts or lacks them.

Shared by the checks of status, negation and contrasts: each names groups of words; this module finds them in a
claim and in the source, and the word's head (what it governs) that is aligned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from briefing.check.claims import CLAUSE_MARKS, Claim, is_mark
from briefing.records import Span
from briefing.text.alignment import UNMATCHED

# How far after a governing word its head is looked for, in tokens of the same clause.
_HEAD_REACH = 8
_CUT_REACH = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word at tokens [first, end) of a token list, `span` in that list's text."""

    text: str
    span: Span
    first: int
    end: int


def words_of_claim(claim: Claim, pattern: re.Pattern[str]) -> list[Word]:
    return [
        Word(m.group(), Span(*m.span()), claim.token_at(m.start()), claim.token_at(m.end() - 1) + 1)
        for m in pattern.finditer(claim.text)
    ]


def words_of_source(claim: Claim, pattern: re.Pattern[str], start: int, end: int) -> list[Word]:
    """Words in `source.text[start:end]`, tokens and spans of the whole source."""
    source = claim.source
    return [
        Word(m.group(), Span(*m.span()), source.token_at(m.start()), source.token_at(m.end() - 1) + 1)
        for m in pattern.finditer(source.text, start, end)
    ]


def in_place(claim: Claim, word: Word, pattern: re.Pattern[str]) -> bool:
    """The word stands in the source as it does here, joined to a neighbour on at least one side.

    `pattern` must find it there too: 局长 does not stand in 副局长.
    """
    first, last = claim.match[word.first], claim.match[word.end - 1]
    if first == UNMATCHED or last - first != word.end - 1 - word.first:
        return False
    if not pattern.match(claim.source.text, claim.source.tokens[first].start):
        return False
    before = claim.match[word.first - 1] if word.first else UNMATCHED
    after = claim.match[word.end] if word.end < len(claim.match) else UNMATCHED
    return before == first - 1 != UNMATCHED or (after == last + 1 and after != UNMATCHED)


def joined_right(claim: Claim, word: Word) -> bool:
    """The word is aligned and so is what follows it, within three tokens and the same source clause."""
    last = claim.match[word.end - 1]
    if last == UNMATCHED or claim.match[word.first] == UNMATCHED:
        return False
    head = head_after(claim, word)
    if head is None:
        return True
    p = claim.match[head]
    tokens = claim.source.tokens
    return last < p <= last + (head - word.end + 1) + 6 and tokens[p].clause == tokens[last].clause


def head_after(claim: Claim, word: Word) -> int | None:
    """Claim token of the first aligned content run of two after the word, in its clause."""
    for k in range(word.end, min(len(claim.tokens), word.end + _HEAD_REACH)):
        if claim.tokens[k].symbol in CLAUSE_MARKS:
            return None
        if claim.match[k] != UNMATCHED and claim.is_content(k):
            follows = k + 1 < len(claim.match) and claim.match[k + 1] == claim.match[k] + 1
            if follows or k == word.end:
                return k
    return None


def clause_range(claim: Claim, p: int) -> tuple[int, int]:
    """Text range of the source clause that holds source token `p`."""
    tokens = claim.source.tokens
    lo = hi = p
    while lo > 0 and tokens[lo - 1].clause == tokens[p].clause:
        lo -= 1
    while hi + 1 < len(tokens) and tokens[hi + 1].clause == tokens[p].clause:
        hi += 1
    return tokens[lo].start, tokens[hi].end


def sentence_range(claim: Claim, p: int) -> tuple[int, int]:
    span = claim.source.sentences[claim.source.sentence_of_token[p]]
    return span.start, span.end


def anchor(claim: Claim, word: Word) -> int | None:
    """Source token of what the word governs, or else of what stands before it."""
    head = head_after(claim, word)
    if head is not None:
        return claim.match[head]
    for k in range(word.first - 1, max(-1, word.first - 6), -1):
        if claim.match[k] != UNMATCHED and not is_mark(claim.tokens[k].symbol):
            return claim.match[k]
    return None


def cut_out(claim: Claim, word: Word, k: int) -> bool:
    """The claim keeps what stands on either side of the source's word, close together, without the word."""
    before = word.first - 1
    if before < 0 or is_mark(claim.source.tokens[before].symbol):
        return False
    return before in claim.match[max(0, k - _CUT_REACH) : k]


def cut_after(claim: Claim, pattern: re.Pattern[str]) -> list[tuple[Word, int]]:
    """Source words after something the claim keeps, which goes on with what the same sentence says later.

    With the claim token where it goes on: 中联办将贯彻……，支持…… told as 中联办支持…….
    """
    back = claim.back
    found = []
    of = claim.source.sentence_of_token
    for s in claim.aligned_sentences:
        span = claim.source.sentences[s]
        for word in words_of_source(claim, pattern, span.start, span.end):
            k = back.get(word.first - 1)
            if k is None or not claim.is_content(k) or word.first in back:
                continue
            after = next(
                (j for j in range(k + 1, min(k + 5, len(claim.match))) if claim.match[j] != UNMATCHED), None
            )
            if after is None or any(claim.tokens[j].symbol in CLAUSE_MARKS for j in range(k, after + 1)):
                continue
            if claim.match[after] >= word.end and of[claim.match[after]] == s:
                found.append((word, after))
    return found


def stands_there(claim: Claim, word: Word, pattern: re.Pattern[str], chars: int = 3) -> Word | None:
    """The source's word of `pattern` directly before what the claim's word precedes, or directly after what it
    follows: it stands where the claim's word stands.
    """
    tokens = claim.source.tokens
    if word.end < len(claim.match) and claim.match[word.end] != UNMATCHED:
        at = tokens[claim.match[word.end]].start
        found = words_of_source(claim, pattern, max(0, at - chars), at)
        if found and found[-1].span.end == at:
            return found[-1]
    if word.first and claim.match[word.first - 1] != UNMATCHED and claim.is_content(word.first - 1):
        at = tokens[claim.match[word.first - 1]].end
        found = words_of_source(claim, pattern, at, min(len(claim.source.text), at + chars))
        if found and found[0].span.start == at:
            return found[0]
    return None


def dropped(claim: Claim, pattern: re.Pattern[str]) -> list[tuple[Word, int]]:
    """Source words that the claim left out although it kept what follows them; with the claim's head token."""
    back = claim.back
    found = []
    tokens = claim.source.tokens
    for s in claim.aligned_sentences:
        span = claim.source.sentences[s]
        for word in words_of_source(claim, pattern, span.start, span.end):
            # 不得 told as 得 and 并未 told as 并 have lost their negation: that character decides.
            deciding = re.search("[不未没无非]", word.text)
            if word.first + (deciding.start() if deciding else 0) in back:
                continue
            head = next(
                (p for p in range(word.end, min(word.end + 2, len(tokens))) if not is_mark(tokens[p].symbol)),
                None,
            )
            if head is None or head not in back or tokens[head].clause != tokens[word.end - 1].clause:
                continue
            k = back[head]
            # A lone matched character says little: the head goes on for one token at least.
            goes_on = k + 1 < len(claim.match) and claim.match[k + 1] == head + 1
            if goes_on or (_both_end(claim, k + 1, head + 1) and word.first - 1 in back):
                found.append((word, k))
    return found


def _both_end(claim: Claim, k: int, p: int) -> bool:
    """The clause ends in the claim and in the source, with one mark or another."""
    tokens, source = claim.tokens, claim.source.tokens
    return (k >= len(tokens) or is_mark(tokens[k].symbol)) and (p >= len(source) or is_mark(source[p].symbol))


def claim_clause(claim: Claim, k: int) -> tuple[int, int]:
    """Token range of the claim's clause that holds token `k`."""
    lo = hi = k
    while lo > 0 and claim.tokens[lo - 1].clause == claim.tokens[k].clause:
        lo -= 1
    while hi + 1 < len(claim.tokens) and claim.tokens[hi + 1].clause == claim.tokens[k].clause:
        hi += 1
    return lo, hi + 1

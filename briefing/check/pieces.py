"""The clauses of an aligned source sentence and what the claim kept of each, for checks of what was cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from briefing.check.claims import Claim, is_mark
from briefing.records import Span
from briefing.text.alignment import UNMATCHED

# A clause with this share of its content tokens in the claim is kept, one with less than the other left out.
# Between the two it is rewritten, and nothing is said of it.
_KEPT, _LEFT_OUT = 0.6, 0.25
_MIN_KEPT_TOKENS = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """One clause: its range in the source, its tokens [first, end), the claim tokens that stand for it."""

    text: str
    start: int
    stop: int
    first: int
    end: int
    content: int
    claim_tokens: tuple[int, ...]

    @property
    def kept(self) -> bool:
        return len(self.claim_tokens) >= max(_MIN_KEPT_TOKENS, _KEPT * self.content)

    @property
    def left_out(self) -> bool:
        return len(self.claim_tokens) <= _LEFT_OUT * self.content


def sentence_pieces(claim: Claim, sentence: int) -> list[Piece]:
    """The clauses of source sentence `sentence`, in order."""
    source = claim.source
    span = source.sentences[sentence]
    first, last = source.token_at(span.start), source.token_at(span.end - 1)
    found = []
    for _, group in groupby(range(first, last + 1), key=lambda p: source.tokens[p].clause):
        tokens = list(group)
        content = [p for p in tokens if not is_mark(source.tokens[p].symbol)]
        kept = tuple(sorted(claim.back[p] for p in content if p in claim.back))
        start, stop = source.tokens[tokens[0]].start, source.tokens[tokens[-1]].end
        text = source.text[start:stop]
        found.append(Piece(text, start, stop, tokens[0], tokens[-1] + 1, len(content), kept))
    return found


def all_pieces(claim: Claim) -> Iterator[list[Piece]]:
    """The clauses of each source sentence that the claim is aligned with."""
    for sentence in claim.aligned_sentences:
        yield sentence_pieces(claim, sentence)


def span_of(claim: Claim, piece: Piece) -> Span:
    """Where the claim says what `piece` says."""
    tokens = claim.tokens
    return Span(tokens[piece.claim_tokens[0]].start, tokens[piece.claim_tokens[-1]].end)


def first_run(claim: Claim, first: int, end: int, size: int) -> int | None:
    """Claim token where it first repeats `size` source tokens of [first, end) in one run; None when nowhere."""
    for p in range(first, end - size + 1):
        k = claim.back.get(p, UNMATCHED)
        if k != UNMATCHED and all(claim.back.get(p + i) == k + i for i in range(size)):
            return k
    return None

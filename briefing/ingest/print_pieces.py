"""Pieces of printed lines, and headlines made as wide as what they stand over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

# Sizes closer than this are one size: digits and Latin letters shift an estimate by up to 8 %.
SAME_SIZE = 1.13
# A headline is larger than the body by this factor, its text begins within this of it, and the middle of its
# columns is its own middle within this.
MIN_HEAD_RATIO = 1.14
HEAD_REACH_EMS = 12.0
CENTRED_EMS = 1.5


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one printed line without a wide gap."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def size(self) -> float:
        return round(self.top - self.bottom, 1)


def body_size(pieces: Sequence[Piece]) -> float:
    """The type size that most characters are set in."""
    chars: dict[float, int] = {}
    for piece in pieces:
        chars[piece.size] = chars.get(piece.size, 0) + len(piece.text)
    return max(chars, key=lambda size: (chars[size], -size))


def near_size(a: float, b: float) -> bool:
    """Whether two type sizes count as one."""
    return max(a, b) <= SAME_SIZE * min(a, b)


def spread_heads(pieces: Sequence[Piece]) -> list[Piece]:
    """Headlines as wide as the columns that they are centred over.

    Only then does a gutter between those columns end at the headline, and is the headline read before all of
    them instead of with the middle ones.
    """
    body = body_size(pieces)
    return [_spread(p, pieces, body) if p.size >= MIN_HEAD_RATIO * body else p for p in pieces]


def _spread(head: Piece, pieces: Sequence[Piece], body: float) -> Piece:
    below = [p for p in pieces if near_size(p.size, body) and 0 <= head.bottom - p.top <= HEAD_REACH_EMS * body]
    under = [p.top for p in below if p.left < head.right and p.right > head.left]
    if not under:
        return head
    # What stands beside a headline, above the text, is another article's, unless it has the same middle.
    middle = _middle(head)
    beside = [
        p
        for p in pieces
        if p.top > max(under) + 0.3 * body
        and p.bottom < head.top - 0.3 * body
        and abs(_middle(p) - middle) > CENTRED_EMS * body
    ]
    left, right = _span_under(head, _tracks(below, body), beside, body)
    return replace(head, left=left, right=right)


def _middle(piece: Piece) -> float:
    return (piece.left + piece.right) / 2


def _tracks(pieces: Sequence[Piece], body: float) -> list[tuple[float, float]]:
    """Columns that `pieces` stand in, from left to right."""
    tracks: list[tuple[float, float]] = []
    for piece in sorted(pieces, key=lambda p: p.left):
        if tracks and piece.left < tracks[-1][1] + 0.3 * body:
            tracks[-1] = (tracks[-1][0], max(tracks[-1][1], piece.right))
        else:
            tracks.append((piece.left, piece.right))
    return tracks


def _span_under(
    head: Piece, tracks: Sequence[tuple[float, float]], beside: Sequence[Piece], body: float
) -> tuple[float, float]:
    """The widest run of columns that holds `head`, has its middle and nothing `beside`; else its own extent."""
    fitting = [
        (left, right)
        for i, (left, _) in enumerate(tracks)
        for _, right in tracks[i:]
        if left <= head.left + body
        and right >= head.right - body
        and abs((left + right) / 2 - _middle(head)) <= CENTRED_EMS * body
        and not any(p.left < right - 0.5 * body and p.right > left + 0.5 * body for p in beside)
    ]
    if not fitting:
        return head.left, head.right
    left, right = max(fitting, key=lambda t: t[1] - t[0])
    return min(left, head.left), max(right, head.right)

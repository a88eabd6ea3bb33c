"""Recognised lines of a scan made straight and even, so that the layout rules for print apply to them.

A detector draws its boxes by ink: their heights differ from line to line by a quarter though the type is the
same, and on a crooked scan they stand askew. Columns and paragraphs are then found by `pdf_layout`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from briefing.ingest.pdf_layout import pieces_text
from briefing.ingest.print_pieces import SAME_SIZE, Piece, body_size, near_size

Point = tuple[float, float]

# Lines of at least this many characters say how large the type is; a shorter line's ink says too little.
MIN_SIZING_EMS = 5.0
# Height of the ink box over the type size, for lines too short to be measured by their width.
INK_HEIGHT = 1.15
MAX_SHORT_RATIO = 1.3
# Skew beyond this is no crooked scan but lettering set askew.
MAX_SKEW_DEGREES = 12.0
# All in body type sizes. Columns begin within this of one another…
SAME_EDGE_EMS = 0.6
# …in at least so many lines, none further below the last than this (a headline between them).
MIN_EDGE_LINES = 4
MAX_EDGE_GAP_EMS = 6.0
# A box that begins this far left of an edge belongs to the column before (nearer ones may be lines beside an
# indent); gutters are at least so wide…
MIN_LINE_EMS = 4.5
GUTTER_EMS = 0.9
# …and a box that ends no further beyond the edge holds nothing of the next column.
MAX_OVERSHOOT_EMS = 1.2
# A recogniser reads the dash of 1—8月 as the numeral; no numeral stands between two digits.
_DASH_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[一ー](?=[0-9])")


@dataclass(frozen=True, slots=True)
class Line:
    """One recognised line. `corners`: from the upper left one clockwise, in pixels, y downwards."""

    text: str
    score: float
    corners: tuple[Point, Point, Point, Point]

    @property
    def width(self) -> float:
        return math.dist(self.corners[0], self.corners[1])

    @property
    def height(self) -> float:
        return math.dist(self.corners[0], self.corners[3])

    @property
    def centre(self) -> Point:
        xs, ys = zip(*self.corners, strict=True)
        return sum(xs) / 4, sum(ys) / 4


def scan_text(lines: Sequence[Line]) -> str:
    """The page's text in reading order: printed lines as lines, a blank line between paragraphs."""
    pieces = straightened([replace(x, text=mended(x.text)) for x in lines if x.text.strip()])
    if not pieces:
        return ""
    return pieces_text(_clear_gutters(pieces, body_size(pieces)))


def _clear_gutters(pieces: Sequence[Piece], body: float) -> list[Piece]:
    """Pieces without what reaches into a gutter: the detector's box may run on to the next column.

    A gutter lies left of an edge at which many lines begin. A box that ends about there is cut back; one that
    goes on into the next column holds two lines and is parted.
    """
    edges = _left_edges(pieces, body)
    cleared: list[Piece] = []
    for piece in pieces:
        rest: Piece | None = piece
        for edge, low, high in edges:
            if rest is None or not near_size(rest.size, body) or not low <= rest.bottom <= high:
                continue
            if abs(rest.left - edge) <= SAME_EDGE_EMS * body:
                rest = replace(rest, left=edge)
            if rest.left > edge - MIN_LINE_EMS * body or rest.right <= edge - GUTTER_EMS * body:
                continue
            over = rest.right - edge
            if over <= MAX_OVERSHOOT_EMS * body:
                rest = replace(rest, right=edge - GUTTER_EMS * body)
                continue
            parts = _parted(rest, edge, body)
            if parts:
                cleared.append(parts[0])
                rest = parts[1]
        if rest is not None:
            cleared.append(rest)
    return cleared


def _left_edges(pieces: Sequence[Piece], body: float) -> list[tuple[float, float, float]]:
    """(x, lowest, highest) of the left edges of columns: where several lines of body type begin."""
    lines = sorted((p for p in pieces if near_size(p.size, body)), key=lambda p: p.left)
    groups: list[list[Piece]] = []
    for piece in lines:
        if groups and piece.left - groups[-1][0].left <= SAME_EDGE_EMS * body:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    edges = []
    for group in groups:
        runs = _runs_down(group, body)
        # A page is built on one grid: where a long column begins, a short one does too.
        least = 1 if any(len(run) >= MIN_EDGE_LINES for run in runs) else MIN_EDGE_LINES
        for run in runs:
            if len(run) >= least:
                margin = 2 * body
                edges.append((median(p.left for p in run), run[-1].bottom - margin, run[0].bottom + margin))
    return edges


def _runs_down(group: Sequence[Piece], body: float) -> list[list[Piece]]:
    """Pieces of one edge from top to bottom, parted where they leave more than a few lines out."""
    runs: list[list[Piece]] = []
    for piece in sorted(group, key=lambda p: -p.bottom):
        if runs and runs[-1][-1].bottom - piece.bottom <= MAX_EDGE_GAP_EMS * body:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _parted(piece: Piece, edge: float, body: float) -> tuple[Piece, Piece] | None:
    """The two lines that one box holds, cut where the column to the right begins; None when no cut fits."""
    per_em = (piece.right - piece.left) / max(ems(piece.text), 1.0)
    target = (edge - GUTTER_EMS * body / 2 - piece.left) / per_em
    widths = [sum(ems(c) for c in piece.text[:i]) for i in range(len(piece.text) + 1)]
    at = min(range(len(widths)), key=lambda i: abs(widths[i] - target))
    if not 0 < at < len(piece.text) or abs(widths[at] - target) > 1.0:
        return None
    left = replace(piece, text=piece.text[:at].strip(), right=edge - GUTTER_EMS * body)
    return left, replace(piece, text=piece.text[at:].strip(), left=edge)


def mended(text: str) -> str:
    """`text` with what recognisers are known to misread and no print can mean; same length."""
    return _DASH_BETWEEN_DIGITS.sub("—", text)


def ems(text: str) -> float:
    """Width of `text` in type sizes: wide characters count one, others a half."""
    return sum(0.52 if c < "\u2e80" and c not in "—…“”‘’" else 1.0 for c in text)


def skew_degrees(lines: Sequence[Line]) -> float:
    """By how much the lines of the page fall to the right; 0 when too few are long enough to tell."""
    angles = [
        math.degrees(math.atan2(x.corners[1][1] - x.corners[0][1], x.corners[1][0] - x.corners[0][0]))
        for x in lines
        if x.width > 6 * x.height
    ]
    angle = median(angles) if len(angles) >= 3 else 0.0
    return angle if abs(angle) <= MAX_SKEW_DEGREES else 0.0


def straightened(lines: Sequence[Line]) -> list[Piece]:
    """Upright boxes of even heights; y grows upwards, as in `pdf_layout`."""
    if not lines:
        return []
    turn = -math.radians(skew_degrees(lines))
    sizes = _type_sizes(lines)
    pieces = []
    for line, size in zip(lines, sizes, strict=True):
        x, y = line.centre
        across, down = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
        half = line.width / 2
        pieces.append(Piece(line.text, across - half, -down - size / 2, across + half, -down + size / 2))
    return pieces


def _type_sizes(lines: Sequence[Line]) -> list[float]:
    """Type size of each line in pixels, equal for lines of about the same size.

    A line of a few characters gets a size that longer lines of about its height have, the commonest of them.
    """
    long = [i for i, line in enumerate(lines) if ems(line.text) >= MIN_SIZING_EMS]
    # Print that is spread over a line must not make its type larger than its ink.
    measured = {i: min(lines[i].width / ems(lines[i].text), lines[i].height) for i in long}
    sizes = _evened(measured)
    chars = {size: sum(len(lines[i].text) for i in sizes if sizes[i] == size) for size in sizes.values()}
    found = dict(sizes)
    for i, line in enumerate(lines):
        if i not in sizes:
            own = line.height / INK_HEIGHT
            near = [s for s in chars if max(own, s) <= MAX_SHORT_RATIO * min(own, s)]
            # Most likely it is the last line of a paragraph of body type.
            found[i] = max(near, key=lambda s: chars[s], default=own)
    return [found[i] for i in range(len(lines))]


def _evened(measured: Mapping[int, float]) -> dict[int, float]:
    """The median of its group for each value; a group's values are within `SAME_SIZE` of its median."""
    groups: list[list[int]] = []
    for i in sorted(measured, key=lambda i: measured[i]):
        if groups and measured[i] <= SAME_SIZE * median(measured[j] for j in groups[-1]):
            groups[-1].append(i)
        else:
            groups.append([i])
    return {i: middle for group in groups for middle in [median(measured[j] for j in group)] for i in group}

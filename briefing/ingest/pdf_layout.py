"""Reading order on a printed page: characters to lines, lines to columns, columns to paragraphs.

Columns are found by recursive cuts along empty strips (XY-cut: Nagy and Seth, 1984): a region is cut at
its vertical gutters when it has them, else at its widest horizontal gap, until neither is left. The
numbers below are in line heights of the page, checked on the pages that tests/unit/ingest/test_pdf.py makes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from briefing.ingest.print_pieces import Piece, spread_heads

# Characters whose baselines differ by less than this stand on one line.
MAX_BASELINE_SHIFT = 0.4
# Rounding in the file moves the baseline of one line by no more.
SAME_BASELINE = 0.03
# Justified print spreads a line by up to half a character; a wider gap ends a piece of line.
MAX_GAP_IN_LINE = 0.9
# Boxes higher than this, in widths of a Chinese character, hold more than the type.
MAX_BOX_RATIO = 1.05
# Gutters of newspapers are one to two characters wide.
MIN_GUTTER = 0.7
# White across all columns that parts bands of the page before columns are looked for (page head and foot),
# and the least white between lines that a region without gutters can be cut at.
MIN_BAND_GAP = 1.6
MIN_ROW_GAP = 0.05
# Below this mean width (in line heights) pieces side by side are cells of a table, not columns.
MIN_COLUMN_WIDTH = 6.0
# White between two lines, over the usual white in their block, that parts blocks.
MIN_BLOCK_GAP = 0.6
# A change of type size that parts a headline from its body.
MAX_SIZE_RATIO = 1.2
# First-line indent of a paragraph: two characters in print; one and a half allows for letter-spacing.
MIN_INDENT, MAX_INDENT = 1.2, 4.5


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character and its box in points; y grows upwards."""

    char: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def size(self) -> float:
        return self.top - self.bottom


def page_text(glyphs: Sequence[Glyph]) -> str:
    """The page's text: printed lines as lines, a blank line between paragraphs; "" for an empty page."""
    printed = [g for g in glyphs if g.char.strip() or g.char in " \u3000\u00a0"]
    return pieces_text(_pieces(_em_high(printed)))


def pieces_text(pieces: Sequence[Piece]) -> str:
    """The same from pieces of lines, wherever they come from."""
    if not pieces:
        return ""
    pieces = spread_heads(pieces)
    blocks: list[list[str]] = []
    previous: list[Piece] | None = None
    for column in _order(pieces):
        paragraphs = _paragraphs(column)
        if previous is not None and blocks and _continues(previous, column):
            blocks[-1].extend(paragraphs.pop(0))
        blocks.extend(paragraphs)
        previous = column
    return "\n\n".join("\n".join(block) for block in blocks)


def _pieces(glyphs: Sequence[Glyph]) -> list[Piece]:
    """Characters joined into pieces of lines, by position alone: the file's own order means nothing.

    First what stands on exactly one baseline, then neighbours whose baselines differ a little (another font).
    Only neighbours: the lines of the next column may stand half a line lower, and those of the one after it
    another half, so that rows joined across columns would run lines into one another.
    """
    runs = [run for row in _exact_rows(glyphs) for run in _unbroken(row)]
    runs.sort(key=lambda run: -run[0].bottom)
    joined = list(range(len(runs)))

    def root(i: int) -> int:
        while joined[i] != i:
            joined[i] = joined[joined[i]]
            i = joined[i]
        return i

    for i, run in enumerate(runs):
        for k in range(i + 1, len(runs)):
            if run[0].bottom - runs[k][0].bottom > MAX_BASELINE_SHIFT * max(g.size for g in (run[0], run[-1])):
                break
            if _same_line(run[0], runs[k][0]) and _are_neighbours(run, runs[k]):
                joined[root(k)] = root(i)
    lines: dict[int, list[Glyph]] = {}
    for i, run in enumerate(runs):
        lines.setdefault(root(i), []).extend(run)
    pieces = [_piece(part) for line in lines.values() for part in _unbroken(line)]
    return [piece for piece in pieces if piece.text.strip()]


def _em_high(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Characters with boxes one type size high. Some fonts claim half as much again, so that no white is left
    between lines; a Chinese character is as wide as its type size, whatever its font says of its height."""
    ratios = [
        g.size / (g.right - g.left) for g in glyphs if "\u4e00" <= g.char <= "\u9fff" and g.right > g.left
    ]
    ratio = median(ratios) if ratios else 1.0
    if ratio <= MAX_BOX_RATIO:
        return list(glyphs)
    return [replace(g, top=g.bottom + g.size / ratio) for g in glyphs]


def _exact_rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Characters of one baseline and size, across the page."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (-g.bottom, g.size)):
        first = rows[-1][0] if rows else None
        if (
            first
            and first.bottom - glyph.bottom <= SAME_BASELINE * glyph.size
            and abs(first.size - glyph.size) <= SAME_BASELINE * glyph.size
        ):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return rows


def _unbroken(row: Sequence[Glyph]) -> list[list[Glyph]]:
    """`row` from left to right, cut at its wide gaps."""
    ordered = sorted(row, key=lambda g: g.left)
    parts = [[ordered[0]]]
    for glyph in ordered[1:]:
        last = parts[-1][-1]
        # A headline beside small type: the small type says how wide a gap is.
        if glyph.left - last.right > MAX_GAP_IN_LINE * min(glyph.size, last.size):
            parts.append([])
        parts[-1].append(glyph)
    return parts


def _are_neighbours(a: Sequence[Glyph], b: Sequence[Glyph]) -> bool:
    """No wide gap parts them; one may stand in a hole of the other."""
    gap = max(a[0].left, b[0].left) - min(a[-1].right, b[-1].right)
    return gap <= MAX_GAP_IN_LINE * min(a[0].size, b[0].size)


def _same_line(a: Glyph, b: Glyph) -> bool:
    big, small = max(a.size, b.size), min(a.size, b.size)
    return abs(a.bottom - b.bottom) <= MAX_BASELINE_SHIFT * small and big <= 2 * small


def _piece(row: Sequence[Glyph]) -> Piece:
    # Some producers draw a character twice, a hair apart, to make it bold.
    kept = [row[0]]
    for glyph in row[1:]:
        last = kept[-1]
        if glyph.char == last.char and abs(glyph.left - last.left) < 0.2 * glyph.size:
            continue
        kept.append(glyph)
    ink = [g for g in kept if g.char.strip()] or kept
    # Ink begins where an indent made of spaces ends.
    return Piece(
        "".join(g.char for g in kept).strip(),
        ink[0].left,
        min(g.bottom for g in ink),
        ink[-1].right,
        max(g.top for g in ink),
    )


def _order(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Regions in reading order, each a list of pieces that follow one another from top to bottom."""
    unit = median(p.size for p in pieces)
    ordered: list[list[Piece]] = []
    pending = [list(pieces)]
    while pending:
        region = pending.pop()
        bands = _widest_cut(region, MIN_BAND_GAP * unit)
        if len(bands) > 1 and _has_neighbours(region):
            pending.extend(reversed(bands))
            continue
        columns = _columns(region, unit)
        if len(columns) > 1:
            pending.extend(reversed(columns))
            continue
        # Only a region with something side by side needs cutting further.
        halves = _row_cut(region, unit) if _has_neighbours(region) else [region]
        if len(halves) > 1:
            pending.extend(reversed(halves))
            continue
        ordered.append(_by_rows(region))
    return _joined(ordered)


def _by_rows(region: Sequence[Piece]) -> list[Piece]:
    """Pieces from top to bottom, those of one baseline from left to right (fonts differ by a hair)."""
    rows: list[list[Piece]] = []
    for piece in sorted(region, key=lambda p: -p.bottom):
        last = rows[-1][0] if rows else None
        if last and abs(last.bottom - piece.bottom) <= MAX_BASELINE_SHIFT * min(last.size, piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda p: p.left)]


def _joined(regions: list[list[Piece]]) -> list[list[Piece]]:
    """Regions that only a horizontal cut parted, one under the other with one left edge, as one again."""
    joined: list[list[Piece]] = []
    for region in regions:
        if joined:
            above = joined[-1]
            below_it = max(p.top for p in region) <= min(p.bottom for p in above) + 0.5 * above[-1].size
            left = abs(min(p.left for p in region) - min(p.left for p in above))
            right = abs(max(p.right for p in region) - max(p.right for p in above))
            if below_it and left <= region[0].size and right <= region[0].size:
                above.extend(region)
                continue
        joined.append(region)
    return joined


Extent = Callable[[Piece], tuple[float, float]]


def _cut(region: Sequence[Piece], extent: Extent, min_gap: float) -> list[list[Piece]]:
    """`region` cut at every empty strip at least `min_gap` wide along `extent`, lowest first."""
    groups: list[list[Piece]] = []
    reach = 0.0
    for piece in sorted(region, key=extent):
        low, high = extent(piece)
        if not groups or low - reach >= min_gap:
            groups.append([piece])
            reach = high
        else:
            groups[-1].append(piece)
            reach = max(reach, high)
    return groups


def _columns(region: Sequence[Piece], unit: float) -> list[list[Piece]]:
    """`region` cut at its gutters, from left to right; one list when it has none."""
    columns = _cut(region, lambda p: (p.left, p.right), MIN_GUTTER * unit)
    return columns if len(columns) > 1 and _are_columns(columns, unit) else [list(region)]


def _row_cut(region: Sequence[Piece], unit: float) -> list[list[Piece]]:
    """`region` cut in two (upper, lower) where most of it then falls into columns: at a headline's foot, whose
    white is often no wider than that between lines. At the widest white when nothing falls into columns."""
    best: tuple[int, list[list[Piece]]] = (0, [])
    ordered = sorted(region, key=lambda p: -p.top)
    reach = ordered[0].bottom
    for i, piece in enumerate(ordered):
        if i and reach - piece.top >= MIN_ROW_GAP * unit:
            halves = [ordered[:i], ordered[i:]]
            gained = sum(len(half) for half in halves if len(_columns(half, unit)) > 1)
            if gained > best[0]:
                best = (gained, halves)
        reach = min(reach, piece.bottom)
    return best[1] or _widest_cut(region, MIN_ROW_GAP * unit)


def _are_columns(columns: Sequence[Sequence[Piece]], unit: float) -> bool:
    """Wide enough to be text, and more than one line tall: not the cells of a table or one spaced line."""
    wide = all(median(p.right - p.left for p in column) >= MIN_COLUMN_WIDTH * unit for column in columns)
    return wide and sum(len(column) for column in columns) > len(columns)


def _widest_cut(region: Sequence[Piece], min_gap: float) -> list[list[Piece]]:
    """`region` cut in two (upper, lower) at its widest empty horizontal strip; one list when it has none."""
    best, at, reach = min_gap, 0.0, None
    for piece in sorted(region, key=lambda p: -p.top):
        if reach is not None and reach - piece.top > best:
            best, at = reach - piece.top, reach
        reach = piece.bottom if reach is None else min(reach, piece.bottom)
    upper = [p for p in region if at and p.bottom >= at]
    lower = [p for p in region if not (at and p.bottom >= at)]
    return [upper, lower] if upper and lower else [list(region)]


def _has_neighbours(region: Sequence[Piece]) -> bool:
    """Whether two pieces stand side by side."""
    ordered = sorted(region, key=lambda p: -p.top)
    reach = ordered[0].bottom
    for piece in ordered[1:]:
        if piece.top > reach + 0.5 * piece.size:
            return True
        reach = piece.bottom
    return False


def _lines(column: Sequence[Piece]) -> list[Piece]:
    """Pieces of one baseline put together, a space between them."""
    lines: list[Piece] = []
    for piece in column:
        last = lines[-1] if lines else None
        if last and abs(last.bottom - piece.bottom) <= MAX_BASELINE_SHIFT * min(last.size, piece.size):
            lines[-1] = Piece(
                last.text + " " + piece.text,
                min(last.left, piece.left),
                min(last.bottom, piece.bottom),
                max(last.right, piece.right),
                max(last.top, piece.top),
            )
        else:
            lines.append(piece)
    return lines


def _paragraphs(column: Sequence[Piece]) -> list[list[str]]:
    """Lines of a column grouped: a new group at an indent, a wide gap, or another type size."""
    lines = _lines(column)
    gaps = [a.bottom - b.top for a, b in itertools.pairwise(lines)]
    usual = median(gaps) if gaps else 0.0
    # Left edge of the lines of about the same type size, once for each size.
    edges = {size: min(p.left for p in lines if _near(p.size, size)) for size in {line.size for line in lines}}
    groups = [[lines[0]]]
    for above, line in itertools.pairwise(lines):
        ratio = max(above.size, line.size) / min(above.size, line.size)
        gap = above.bottom - line.top
        wide = gap - max(usual, 0.0) > MIN_BLOCK_GAP * min(above.size, line.size)
        left = edges[line.size]
        indented = (
            MIN_INDENT <= (line.left - left) / line.size <= MAX_INDENT
            and line.left > above.left - 0.3 * line.size
        )
        centred = (
            abs((line.left + line.right) - (above.left + above.right)) < line.size and line.left > above.left
        )
        if ratio > MAX_SIZE_RATIO or wide or (indented and not centred):
            groups.append([line])
        else:
            groups[-1].append(line)
    return [[line.text for line in group] for group in groups]


def _near(a: float, b: float) -> bool:
    return max(a, b) <= MAX_SIZE_RATIO * min(a, b)


def _continues(above: Sequence[Piece], column: Sequence[Piece]) -> bool:
    """The column goes on with the paragraph that the one before it broke off at its foot.

    So when its first line is not indented though its paragraphs are, it stands to the right, the type is
    the same, and the last line before reaches the right edge.
    """
    first, last = _lines(column)[0], _lines(above)[-1]
    if not _near(first.size, last.size) or first.left < max(p.left for p in above) or len(column) < 2:
        return False
    left = min(p.left for p in column)
    flush = first.left - left < 0.5 * first.size
    any_indent = any(p.left - left >= MIN_INDENT * p.size for p in column[1:])
    above_indent = any(p.left - min(q.left for q in above) >= MIN_INDENT * p.size for p in above)
    full = max(p.right for p in above if _near(p.size, last.size)) - last.right < 1.5 * last.size
    return flush and full and (any_indent or above_indent) and not last.text.endswith(("。", "！", "？", "”"))

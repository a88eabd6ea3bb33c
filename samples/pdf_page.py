"""Writes a newspaper page in two columns as PDF, with a text layer and no embedded font.

The font is one of the predefined Adobe-GB1 ones that a viewer replaces by its own, so the file is small and
equal text gives equal bytes.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

PAGE_POINTS = (595, 842)
MARGIN_POINTS = 48
GAP_POINTS = 27
TOP_POINTS = 720
BOTTOM_POINTS = 395
LEADING = 1.55
SPACE_ABOVE_HEADLINE = 10
_SIZES = {"t": 16.0, "s": 11.0, "k": 11.0, "b": 10.5}
_FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
    "/DescendantFonts [4 0 R] >>",
    # Latin letters and digits (CID 1 to 95) are half as wide as Chinese characters.
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] "
    "/FontDescriptor 5 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
    "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)


@dataclass(frozen=True)
class Placed:
    """One printed line; `x`, `y` in points from the lower left corner."""

    x: float
    y: float
    size: float
    text: str


def _width(char: str) -> float:
    return 0.5 if char.isascii() else 1.0


def wrap(text: str, max_ems: float) -> list[str]:
    """`text` in lines of about `max_ems`: closing marks hang at a line's end, numbers are not broken."""
    lines = [""]
    used = 0.0
    for unit in re.findall(r"[0-9.%]+|.", text):
        ems = sum(map(_width, unit))
        if used + ems > max_ems and unit not in "，。；：、？！”）》":
            lines.append("")
            used = 0.0
        lines[-1] += unit
        used += ems
    return lines


def set_columns(paragraphs: list[tuple[str, str]]) -> list[Placed]:
    """(role, text) pairs set in two columns; the first one ends at `BOTTOM_POINTS`, be it in mid-paragraph."""
    column = (PAGE_POINTS[0] - 2 * MARGIN_POINTS - GAP_POINTS) / 2
    x, y = float(MARGIN_POINTS), float(TOP_POINTS)
    placed = []
    for role, text in paragraphs:
        size = _SIZES[role]
        y -= SPACE_ABOVE_HEADLINE if role == "t" and y < TOP_POINTS else 0
        for line in wrap(("\u3000\u3000" if role == "b" else "") + text, column / size):
            if y < BOTTOM_POINTS and x == MARGIN_POINTS:
                x, y = MARGIN_POINTS + column + GAP_POINTS, float(TOP_POINTS)
            indent = len(line) - len(line.lstrip("\u3000"))
            placed.append(Placed(x + indent * size, y, size, line.lstrip("\u3000")))
            y -= size * LEADING
    return placed


def write_pdf(lines: list[Placed]) -> bytes:
    """One page with `lines`, as a PDF 1.4 file."""
    text = "".join(
        f"BT /F1 {x.size:g} Tf 1 0 0 1 {x.x:.2f} {x.y:.2f} Tm <{x.text.encode('utf-16-be').hex()}> Tj ET\n"
        for x in lines
    )
    content = zlib.compress(text.encode("ascii"))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [6 0 R] /Count 1 /MediaBox [0 0 {PAGE_POINTS[0]} {PAGE_POINTS[1]}] >>".encode(),
        *(part.encode() for part in _FONT),
        b"<< /Type /Page /Parent 2 0 R /Contents 7 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer

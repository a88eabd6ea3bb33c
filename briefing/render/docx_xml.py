"""Pieces of WordprocessingML (ECMA-376 part 1): elements, runs, paragraphs, tables, fields. No words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
_OWN = {k: v for k, v in NAMESPACES.items() if k != "xml"}
TWIPS_PER_POINT = 20
TWIPS_PER_MM = 1440 / 25.4
EMU_PER_TWIP = 635

Element = Any  # lxml has no types
Attributes = Mapping[str, Any]  # str or int

# Quotation marks, dashes and the ellipsis are drawn full width only where a run says that it is East Asian.
# Inside and between Latin words they are apostrophes and hyphens: there they stay half width.
_LATIN_MARK = re.compile(r"(?<=[A-Za-z])[’‘](?=[A-Za-z])")


def name(tag: str) -> str:
    """`w:p` as lxml names it."""
    prefix, _, local = tag.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if local else tag


def make(tag: str, attributes: Attributes | None = None, children: Iterable[Element] = ()) -> Element:
    """An element with attributes such as `w:val`, in the given order."""
    element = etree.Element(name(tag), nsmap=_OWN)
    for key, value in (attributes or {}).items():
        element.set(name(key), str(value))
    element.extend(children)
    return element


def value(tag: str, content: str | int) -> Element:
    """The many elements that hold one `w:val`."""
    return make(tag, {"w:val": content})


def runs(text: str, style: str = "") -> list[Element]:
    """`text` as runs. East Asian by default, so that “ ” — … take the Chinese font and its width."""
    pieces: list[Element] = []
    at = 0
    for found in _LATIN_MARK.finditer(text):
        pieces += _run(text[at : found.start()], style, east_asian=True)
        pieces += _run(found.group(), style, east_asian=False)
        at = found.end()
    return pieces + _run(text[at:], style, east_asian=True)


def _run(text: str, style: str, *, east_asian: bool) -> list[Element]:
    if not text:
        return []
    properties = make("w:rPr", None, [value("w:rStyle", style)] if style else [])
    # A Chinese font's ’ is full width in any script: a Latin word takes its apostrophe from a Latin font.
    latin = {"w:ascii": "Times New Roman", "w:hAnsi": "Times New Roman"}
    properties.append(make("w:rFonts", {"w:hint": "eastAsia"} if east_asian else latin))
    content = make("w:t", {"xml:space": "preserve"})
    content.text = text
    return [make("w:r", None, [properties, content])]


def paragraph(style: str, content: str | Sequence[Element] = (), properties: Sequence[Element] = ()) -> Element:
    """A paragraph of `style` (an id). `properties`: further ones in the order of the schema."""
    inner = runs(content) if isinstance(content, str) else content
    return make("w:p", None, [make("w:pPr", None, [value("w:pStyle", style), *properties]), *inner])


def keep_with_next(block: Element) -> None:
    """Holds a paragraph's end on the page of what follows it; its place is behind the style's name."""
    properties = block.find(name("w:pPr"))
    if properties.find(name("w:keepNext")) is None:
        properties.insert(1, make("w:keepNext"))


def no_indent() -> Element:
    """A paragraph property that takes back its style's indent."""
    names = ("leftChars", "left", "rightChars", "right", "firstLineChars", "firstLine")
    return make("w:ind", {f"w:{n}": 0 for n in names})


def field(instruction: str, shown: str) -> list[Element]:
    """A field such as PAGE; `shown` stands until a program computes it."""

    def mark(kind: str) -> Element:
        return make("w:r", None, [make("w:fldChar", {"w:fldCharType": kind})])

    code = make("w:instrText", {"xml:space": "preserve"})
    code.text = f" {instruction} "
    return [mark("begin"), make("w:r", None, [code]), mark("separate"), *runs(shown), mark("end")]


def bookmark(number: int, label: str, content: Sequence[Element]) -> list[Element]:
    """`content` under a name that a link of the same document can lead to."""
    start = make("w:bookmarkStart", {"w:id": number, "w:name": label})
    return [start, *content, make("w:bookmarkEnd", {"w:id": number})]


def link(label: str, content: Sequence[Element]) -> Element:
    """A link to a bookmark."""
    return make("w:hyperlink", {"w:anchor": label, "w:history": 1}, content)


def border(edge: str, points: float, color: str = "000000", space: int = 0) -> Element:
    """One edge of a paragraph, cell or table, `space` points from the text."""
    size = {"w:val": "single", "w:sz": round(points * 8), "w:space": space, "w:color": color}
    return make(f"w:{edge}", size)


def cell(width: int, content: Sequence[Element], *, span: int = 1, borders: Sequence[Element] = ()) -> Element:
    """A table cell `width` twips wide. `content`: at least one paragraph."""
    properties = [make("w:tcW", {"w:w": width, "w:type": "dxa"})]
    if span > 1:
        properties.append(value("w:gridSpan", span))
    if borders:
        # Copies: lxml would move a rule that two cells share into the second.
        properties.append(make("w:tcBorders", None, map(deepcopy, borders)))
    return make("w:tc", None, [make("w:tcPr", None, properties), *content])


def row(cells: Sequence[Element], *, header: bool = False, height: int = 0) -> Element:
    """A row that no page break cuts. `header`: repeated on each page. `height`: at least so many twips."""
    properties = [make("w:cantSplit")]
    if height:
        properties.append(make("w:trHeight", {"w:val": height, "w:hRule": "atLeast"}))
    if header:
        properties.append(make("w:tblHeader"))
    return make("w:tr", None, [make("w:trPr", None, properties), *cells])


def table(
    widths: Sequence[int],
    rows: Sequence[Element],
    *,
    borders: Sequence[Element] = (),
    margins: tuple[int, int] = (0, 0),
    told: tuple[str, str],
) -> Element:
    """A table as wide as its fixed columns, in twips. `margins` of a cell: above and below, then each side.
    `told`: its name and what is in it, for readers who hear the page."""
    inside = zip(("top", "left", "bottom", "right"), margins * 2, strict=True)
    sides = [make(f"w:{side}", {"w:w": width, "w:type": "dxa"}) for side, width in inside]
    properties = [
        make("w:tblW", {"w:w": sum(widths), "w:type": "dxa"}),
        make("w:tblInd", {"w:w": 0, "w:type": "dxa"}),
        *([make("w:tblBorders", None, borders)] if borders else []),
        make("w:tblLayout", {"w:type": "fixed"}),
        make("w:tblCellMar", None, sides),
        make("w:tblCaption", {"w:val": told[0]}),
        make("w:tblDescription", {"w:val": told[1]}),
    ]
    grid = make("w:tblGrid", None, [make("w:gridCol", {"w:w": w}) for w in widths])
    return make("w:tbl", None, [make("w:tblPr", None, properties), grid, *rows])


def box_at_page_foot(content: Sequence[Element], width: int, height: int, title: str) -> Element:
    """A run with a text box at the foot of the type area of the page that it falls on; twips.

    The box takes no room in the text, so it never pushes lines about: the paragraph that holds the run has
    to be as high. The text stands at the box's foot.
    """
    extent = {"cx": width * EMU_PER_TWIP, "cy": height * EMU_PER_TWIP}
    frame = make(
        "a:xfrm",
        None,
        [make("a:off", {"x": 0, "y": 0}), make("a:ext", extent)],
    )
    geometry = make("a:prstGeom", {"prst": "rect"}, [make("a:avLst")])
    look = [frame, geometry, make("a:noFill"), make("a:ln", None, [make("a:noFill")])]
    inset = {"lIns": 0, "tIns": 0, "rIns": 0, "bIns": 0, "anchor": "b", "wrap": "square"}
    shape = make(
        "wps:wsp",
        None,
        [
            make("wps:cNvSpPr", {"txBox": 1}),
            make("wps:spPr", None, look),
            make("wps:txbx", None, [make("w:txbxContent", None, content)]),
            make("wps:bodyPr", inset, [make("a:noAutofit")]),
        ],
    )
    data = make("a:graphicData", {"uri": NAMESPACES["wps"]}, [shape])
    anchor = {"distT": 0, "distB": 0, "distL": 0, "distR": 0, "simplePos": 0, "relativeHeight": 2}
    anchor |= {"behindDoc": 0, "locked": 0, "layoutInCell": 1, "allowOverlap": 1}
    placed = make(
        "wp:anchor",
        anchor,
        [
            make("wp:simplePos", {"x": 0, "y": 0}),
            _placed("H", "left"),
            _placed("V", "bottom"),
            make("wp:extent", extent),
            make("wp:effectExtent", {"l": 0, "t": 0, "r": 0, "b": 0}),
            make("wp:wrapNone"),
            make("wp:docPr", {"id": 1, "name": title, "descr": title}),
            make("wp:cNvGraphicFramePr"),
            make("a:graphic", None, [data]),
        ],
    )
    choice = make("mc:Choice", {"Requires": "wps"}, [make("w:drawing", None, [placed])])
    return make("w:r", None, [make("mc:AlternateContent", None, [choice])])


def _placed(axis: str, side: str) -> Element:
    align = make("wp:align")
    align.text = side
    return make(f"wp:position{axis}", {"relativeFrom": "margin"}, [align])

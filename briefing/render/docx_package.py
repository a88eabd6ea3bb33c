"""The Word file around the text: page, grid, footers, settings, properties, and the same bytes each time."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Sequence
from typing import Any

from lxml import etree

from briefing.render.docx_styles import make_fonts, make_styles
from briefing.render.docx_xml import (
    NAMESPACES,
    TWIPS_PER_MM,
    Element,
    field,
    make,
    name,
    paragraph,
    runs,
    value,
)

# GB/T 9704-2012, 5.2.1 and 5.2.3: A4, type area 156 × 225 mm, 22 lines of 28 characters. 0.15 mm less
# on the right (1 mm either way is allowed): spacing comes in whole twips, and 28 characters must fit.
PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
TOP, RIGHT, BOTTOM, LEFT = (round(mm * TWIPS_PER_MM) for mm in (37, 25.85, 35, 28))
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
# 579 twips × 22 = 225 mm less 18 twips. −800/4096 pt a character makes 28 of 16 pt 442.5 pt of the 442.65 there
# are. (−848, exact for 156 mm, leaves LibreOffice room for 27: it centres the grid and loses 1 pt a side.)
LINE_PITCH, CHAR_SPACE = 579, -800
# The dashes of the page number stand 7 mm below the type area (7.5). Measured in LibreOffice's PDF: in a line
# of exactly 20 pt the middle of a dash lies 2.73 mm above the line's foot.
FOOTER_FROM_EDGE = 1432
# What python-docx's template brings and a briefing does not need: foreign styles, a theme, a picture, and the
# statement that Word for Mac made the file.
_DROPPED_PARTS = (
    "extended-properties",
    "stylesWithEffects",
    "theme",
    "customXml",
    "numbering",
    "thumbnail",
    "webSettings",
)
# The first moment that a ZIP entry can state.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def new_document() -> Any:
    """An empty python-docx document in our styles, page and settings."""
    import docx

    document = docx.Document()
    for part in (document.part, document.part.package):
        for key, relation in list(part.rels.items()):
            if relation.reltype.rpartition("/")[2] in _DROPPED_PARTS:
                del part.rels[key]
    _replace(document.styles.element, make_styles())
    _replace(document.settings.element, _settings())
    fonts = make("w:fonts", None, make_fonts())
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            relation.target_part._blob = etree.tostring(
                fonts, xml_declaration=True, encoding="UTF-8", standalone=True
            )
    _replace(document.element.body, [_section()])
    _make_footers(document.sections[0])
    return document


def _replace(parent: Element, children: Sequence[Element]) -> None:
    for child in list(parent):
        parent.remove(child)
    parent.extend(children)


def _section() -> Element:
    margins = {"w:top": TOP, "w:right": RIGHT, "w:bottom": BOTTOM, "w:left": LEFT}
    margins |= {"w:header": 851, "w:footer": FOOTER_FROM_EDGE, "w:gutter": 0}
    grid = {"w:type": "linesAndChars", "w:linePitch": LINE_PITCH, "w:charSpace": CHAR_SPACE}
    return make(
        "w:sectPr",
        None,
        [
            make("w:pgSz", {"w:w": PAGE_WIDTH, "w:h": PAGE_HEIGHT}),
            make("w:pgMar", margins),
            make("w:docGrid", grid),
        ],
    )


def _settings() -> list[Element]:
    """In the order of the schema. Mode 15: Word 2013 and later, no compatibility mode in the title bar."""
    mode = {"w:name": "compatibilityMode", "w:uri": "http://schemas.microsoft.com/office/word", "w:val": 15}
    return [
        make("w:zoom", {"w:percent": 100}),
        make("w:evenAndOddHeaders"),
        value("w:characterSpacingControl", "doNotCompress"),
        make("w:compat", None, [make("w:useFELayout"), make("w:compatSetting", mode)]),
        make("w:themeFontLang", {"w:val": "en-US", "w:eastAsia": "zh-CN"}),
        value("w:decimalSymbol", "."),
        value("w:listSeparator", ","),
    ]


def _make_footers(section: Any) -> None:
    """— n —, on odd pages one character in from the right, on even ones from the left (7.5)."""
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        indent = make(
            "w:ind", {f"w:{side}Chars": 100, f"w:{side}": 280, "w:firstLineChars": 0, "w:firstLine": 0}
        )
        number = [*runs("— "), *field("PAGE", "1"), *runs(" —")]
        _replace(footer._element, [paragraph("Footer", number, [indent, value("w:jc", side)])])


def set_properties(document: Any, title: str, office: str, day: datetime.date) -> None:
    """What file managers show. The day of the issue stands for the clock, which renderers do not read."""
    found = document.core_properties
    noon = datetime.datetime(day.year, day.month, day.day, 12)
    found.title, found.author, found.last_modified_by = title[:255], office[:255], office[:255]
    found.language, found.revision, found.comments = "zh-CN", 1, ""
    found.created = found.modified = noon


def save(document: Any) -> bytes:
    """The file; equal documents give identical bytes."""
    for root in _roots(document):
        # python-docx's template allows prefixes that are then declared nowhere: Word refuses such a file.
        root.attrib.pop(name("mc:Ignorable"), None)
        # Each element came with its own declarations; Word wants them once, at the top.
        etree.cleanup_namespaces(root, top_nsmap={k: v for k, v in NAMESPACES.items() if k != "xml"})
    raw = io.BytesIO()
    document.save(raw)
    packed = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        # [Content_Types].xml first: some readers look for it there.
        for entry in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(entry, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            target.writestr(info, source.read(entry))
    return packed.getvalue()


def _roots(document: Any) -> list[Element]:
    section = document.sections[0]
    roots = [document.element, document.styles.element, document.settings.element]
    roots += [section.footer._element, section.even_page_footer._element]
    comments = [r.target_part.element for r in document.part.rels.values() if r.reltype.endswith("/comments")]
    return roots + comments


def add_comment(document: Any, text: str) -> int:
    """A comment of one paragraph; its id, for `commented`. Without a date: renderers read no clock."""
    comment = document.part._comments_part.comments.add_comment("", author="briefing", initials="核")
    element = comment._comment_elm
    element.attrib.pop(name("w:date"), None)
    _replace(element, [paragraph("CommentText", text)])
    return int(comment.comment_id)


def commented(number: int, content: Sequence[Element]) -> list[Element]:
    """`content` with comment `number` on it."""
    reference = make(
        "w:r",
        None,
        [
            make("w:rPr", None, [value("w:rStyle", "CommentReference")]),
            make("w:commentReference", {"w:id": number}),
        ],
    )
    return [
        make("w:commentRangeStart", {"w:id": number}),
        *content,
        make("w:commentRangeEnd", {"w:id": number}),
        reference,
    ]

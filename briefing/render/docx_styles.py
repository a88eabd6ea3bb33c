"""The styles of the Word form, as data: names that Word and WPS show, fonts, sizes, spacing, outline levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from briefing.fonts import ROLES, Role
from briefing.render.docx_xml import TWIPS_PER_POINT, Element, border, make, value

# GB/T 9704-2012 sizes in points; 28.95 pt is a 22nd of the type area's height.
BODY_POINTS = 16
LINE_POINTS = 28.95
# Twips taken from each character. Measured in LibreOffice 7.4: with −4 a line of 28 just misses the width and
# holds 27; with −5 it holds 28, and justifying brings the pitch back to 15.8 pt. Word's own pitch is the same.
BODY_SPACING = -5
RED = "C00000"
SMALL_LINE_POINTS = 19.3  # two thirds of a line


@dataclass(frozen=True, slots=True)
class Style:
    """One paragraph style.

    `id`: what paragraphs refer to. `name`: for Word's own styles the English one, which Word and WPS show in
    the user's language (Normal 正文, Title 标题, heading 1 标题 1); `alias` is shown beside it. `first_chars`:
    first-line indent; `left_chars`: of all lines; characters. `line`, `before`: points, `line` exact.
    `outline`: level for Word's navigation and tables of contents, from 0; -1 for none. `barred`: bar at left.
    """

    id: str
    name: str
    role: Role = Role.FANGSONG
    size: float = 16
    alias: str = ""
    based: str = "Normal"
    align: str = "both"
    first_chars: float = 0
    left_chars: float = 0
    right_chars: float = 0
    line: float = LINE_POINTS
    before: float = 0
    outline: int = -1
    keep_next: bool = False
    color: str = ""
    barred: bool = False


STYLES: tuple[Style, ...] = (
    Style("Normal", "Normal", alias="正文", based="", first_chars=2),
    Style("Masthead", "报头", Role.TITLE, 42, align="center", line=LINE_POINTS * 2, color=RED),
    Style("MastheadWide", "报头（长）", Role.TITLE, 30, align="center", line=LINE_POINTS * 2, color=RED),
    Style("MastheadPlain", "报头（黑）", Role.TITLE, 42, align="center", line=LINE_POINTS * 2),
    Style("MastheadPlainWide", "报头（黑，长）", Role.TITLE, 30, align="center", line=LINE_POINTS * 2),
    Style("Mark", "标识", Role.HEI, align="left"),
    Style("Serial", "编号", align="right"),
    Style("Issue", "期号", align="center"),
    Style("Office", "编印单位", align="left"),
    Style("Date", "日期", align="right"),
    Style("Title", "Title", Role.TITLE, 22, alias="标题", align="center", line=38.6, keep_next=True),
    Style(
        "Heading1", "heading 1", Role.HEI, alias="一级", align="left", first_chars=2, outline=0, keep_next=True
    ),
    Style(
        "Heading2",
        "heading 2",
        Role.KAI,
        alias="二级",
        align="left",
        first_chars=1.5,
        outline=1,
        keep_next=True,
    ),
    Style("Heading3", "heading 3", alias="三级", align="left", first_chars=2, outline=2, keep_next=True),
    Style("PlainItem", "条目", Role.HEI, align="left", first_chars=2, outline=1, keep_next=True),
    Style("Note", "编者按", Role.KAI, first_chars=2),
    Style("Judgement", "研判", first_chars=2),
    Style("ContentsTitle", "要目标题", Role.HEI, align="center", keep_next=True),
    Style("ContentsArea", "要目栏目", Role.HEI, align="left", keep_next=True),
    Style("ContentsItem", "要目条目", align="left", left_chars=2, first_chars=-1),
    Style("Source", "来源", Role.KAI, align="left", first_chars=1.5),
    Style("Nothing", "无条目", align="center"),
    Style("Findings", "核验提示", size=12, align="left", left_chars=0.6, barred=True),
    Style("AppendixTitle", "附录标题", Role.HEI, align="left", outline=0, keep_next=True),
    Style("TableTitle", "表题", Role.HEI, align="center", keep_next=True),
    Style("Small", "附录正文", size=12, line=SMALL_LINE_POINTS),
    Style("TableHead", "表头", Role.HEI, 12, align="left", line=SMALL_LINE_POINTS),
    Style("TableCell", "表格文字", size=12, align="left", line=SMALL_LINE_POINTS),
    Style("Tail", "版记", size=14, align="left", left_chars=1, right_chars=1, line=24),
    Style(
        "TailList", "版记（报送）", size=14, align="left", left_chars=3, right_chars=1, first_chars=-2, line=24
    ),
    Style("Footer", "footer", Role.SONG, 14, align="left", line=20),
    Style("CommentText", "annotation text", size=10.5, align="left", line=16),
)


def make_styles() -> list[Element]:
    """The content of `w:styles`: defaults without theme fonts, then every style."""
    return [_defaults(), *(_paragraph_style(s) for s in STYLES), *_other_styles()]


def make_fonts() -> list[Element]:
    """The content of `w:fonts`: what to take where an office font is missing."""
    found = []
    for fonts in ROLES.values():
        first, *others = fonts.office
        # 86: the charset of GB2312; by it Word picks a Chinese font rather than any.
        content = [value("w:altName", others[0]), value("w:charset", "86"), value("w:pitch", "variable")]
        found.append(make("w:font", {"w:name": first}, content))
    return found


def _defaults() -> Element:
    language = make("w:lang", {"w:val": "en-US", "w:eastAsia": "zh-CN", "w:bidi": "ar-SA"})
    run = make("w:rPr", None, [_fonts(Role.FANGSONG), value("w:snapToGrid", 0), *_size(BODY_POINTS), language])
    # No space added between Chinese and figures, no mark beyond the margin: 28 characters stand in each line,
    # as in the PDF. The grid of docx_package states 22 × 28 for the page-setup dialogue; the text keeps to it
    # by exact lines and a spacing of its own, because LibreOffice 7.4 gives a 16 pt character in a cell of
    # 15.8 pt two cells (measured: 15 characters a line). Text off the grid comes out alike everywhere.
    paragraph = make("w:pPr", None, _plain_widths())
    wrapped = [make("w:rPrDefault", None, [run]), make("w:pPrDefault", None, [paragraph])]
    return make("w:docDefaults", None, wrapped)


def _plain_widths() -> list[Element]:
    return [value(f"w:{key}", 0) for key in ("overflowPunct", "autoSpaceDE", "autoSpaceDN", "snapToGrid")]


def _fonts(role: Role) -> Element:
    """The office's font for every script: no theme font is left to override it."""
    font = ROLES[role].office[0]
    return make("w:rFonts", {f"w:{script}": font for script in ("ascii", "eastAsia", "hAnsi", "cs")})


def _size(points: float) -> Sequence[Element]:
    return [value("w:sz", round(points * 2)), value("w:szCs", round(points * 2))]


def _paragraph_style(style: Style) -> Element:
    kind: dict[str, str | int] = {"w:type": "paragraph", "w:styleId": style.id}
    if style.id == "Normal":
        kind["w:default"] = 1
    if not style.name.isascii():
        kind["w:customStyle"] = 1
    content = [value("w:name", style.name)]
    if style.alias:
        content.append(value("w:aliases", style.alias))
    if style.based:
        content.append(value("w:basedOn", style.based))
    content += [make("w:qFormat"), make("w:pPr", None, _paragraph_properties(style))]
    look = [value("w:color", style.color)] if style.color else []
    look.append(value("w:spacing", BODY_SPACING if style.size == BODY_POINTS else 0))
    content.append(make("w:rPr", None, [_fonts(style.role), *look, *_size(style.size)]))
    return make("w:style", kind, content)


def _paragraph_properties(style: Style) -> list[Element]:
    """In the order of the schema."""
    found = []
    if style.keep_next:
        found += [make("w:keepNext"), make("w:keepLines")]
    if style.barred:
        found.append(make("w:pBdr", None, [border("left", 1.5, space=5)]))
    spacing = {"w:before": round(style.before * TWIPS_PER_POINT), "w:after": 0}
    spacing |= {"w:line": round(style.line * TWIPS_PER_POINT)}
    if not style.based:
        # LibreOffice 7.4 does not take these from the defaults.
        found += _plain_widths()
    found.append(make("w:spacing", {**spacing, "w:lineRule": "exact"}))
    found += [_indent(style), value("w:jc", style.align)]
    if style.outline >= 0:
        found.append(value("w:outlineLvl", style.outline))
    return found


def _indent(style: Style) -> Element:
    """In characters for Word and WPS, and in twips for programs that know only these."""
    char = style.size * TWIPS_PER_POINT
    first = "firstLine" if style.first_chars >= 0 else "hanging"
    chars = abs(style.first_chars)
    return make(
        "w:ind",
        {
            "w:leftChars": round(style.left_chars * 100),
            "w:left": round(style.left_chars * char),
            "w:rightChars": round(style.right_chars * 100),
            "w:right": round(style.right_chars * char),
            f"w:{first}Chars": round(chars * 100),
            f"w:{first}": round(chars * char),
        },
    )


def _other_styles() -> list[Element]:
    margins = [make(f"w:{side}", {"w:w": 0, "w:type": "dxa"}) for side in ("left", "right")]
    plain_table = make(
        "w:style",
        {"w:type": "table", "w:default": 1, "w:styleId": "TableNormal"},
        [
            value("w:name", "Normal Table"),
            make("w:tblPr", None, [make("w:tblCellMar", None, margins)]),
        ],
    )
    character = make(
        "w:style",
        {"w:type": "character", "w:default": 1, "w:styleId": "DefaultParagraphFont"},
        [value("w:name", "Default Paragraph Font")],
    )
    mark = make(
        "w:style",
        {"w:type": "character", "w:customStyle": 1, "w:styleId": "Flag"},
        [value("w:name", "编辑标记"), make("w:rPr", None, [_fonts(Role.HEI), *_size(12)])],
    )
    label = make(
        "w:style",
        {"w:type": "character", "w:customStyle": 1, "w:styleId": "Label"},
        [value("w:name", "提示词"), make("w:rPr", None, [_fonts(Role.HEI)])],
    )
    reference = make(
        "w:style",
        {"w:type": "character", "w:styleId": "CommentReference"},
        [value("w:name", "annotation reference"), make("w:rPr", None, _size(10.5))],
    )
    return [character, plain_table, mark, label, reference]

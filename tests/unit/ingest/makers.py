"""Builds the files that the ingest tests read: PDF pages, Word packages. All texts are invented."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

NEWS = (
    "本报讯（记者 方晓）3月4日，江城市政府召开常务会议，研究老旧小区改造工作。会议决定，今年拟投入2.3亿元，"
    "改造老旧小区46个，惠及居民1.2万户。市住房和城乡建设局局长周岩表示，首批18个小区将于4月开工，力争年底前完工。"
)
MORE = (
    "会议强调，要严把工程质量关，未经验收合格的项目不得交付使用。各区要在3月20日前公布改造名单，"
    "听取居民意见，对居民反映集中的停车、加装电梯等问题逐一研究解决。"
)
TRADITIONAL = "江城市政府召開會議，研究老舊小區改造工作，決定今年投入二億三千萬元，惠及居民一萬二千戶。"

# A page is a list of (x, y, size in points, text), y from the lower edge of an A4 page.
Line = tuple[float, float, float, str]

_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
    b"/DescendantFonts [4 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
    b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)


def pdf(pages: list[list[Line]], *, locked: bool = False) -> bytes:
    """A PDF with a text layer; `locked`: it wants a password that nobody knows."""
    first_page = 6
    kids = " ".join(f"{first_page + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        *_FONT,
    ]
    for i, lines in enumerate(pages):
        content = "\n".join(
            f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET"
            for x, y, size, text in lines
        ).encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {first_page + 2 * i + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    lock = b""
    if locked:
        noise = b"ab" * 32
        lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -44 >> /ID [<%s> <%s>] " % (
            (noise,) * 4
        )
    out.write(
        b"trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, lock, start)
    )
    return out.getvalue()


def column(text: str, x: float, top: float, ems: int, size: float = 10.0, leading: float = 15.0) -> list[Line]:
    """`text` set in one column of `ems` characters, paragraphs indented by two."""
    lines: list[Line] = []
    y = top
    for paragraph in text.split("\n"):
        rest, first = paragraph, True
        while rest:
            indent = 2 if first else 0
            lines.append((x + indent * size, y, size, rest[: ems - indent]))
            rest, first = rest[ems - indent :], False
            y -= leading
    return lines


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns='
    '"http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def docx(
    body: str, *, prologue: str = "", parts: dict[str, bytes] | None = None, encoding: str = "utf-8"
) -> bytes:
    """A Word file with this XML inside <w:body>; `prologue` stands before the root element."""
    head = f'<?xml version="1.0" encoding="{encoding}"?>{prologue}'
    xml = f"{head}<w:document {_W}><w:body>{body}</w:body></w:document>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _CONTENT_TYPES)
        package.writestr("_rels/.rels", _RELS)
        package.writestr("word/document.xml", xml.encode(encoding))
        for name, content in (parts or {}).items():
            package.writestr(name, content)
    return out.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"

"""Word files: paragraphs, tables and text boxes in document order, through python-docx.

Left out: tracked deletions, hidden text, field codes, notes, comments, headers and footers. A blank line
parts paragraphs. Numbers that Word draws by itself (automatic lists) are no text and are missing.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from briefing.errors import SourceError
from briefing.ingest.extras import need
from briefing.ingest.limits import MEBIBYTE, Extracted, IngestLimits
from briefing.ingest.sniff import OLE_SIGNATURE, ZIP_SIGNATURE, refuse_known_binary
from briefing.records import Skip

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Elements whose content is not the document's text.
_LEFT_OUT = {
    _W + tag
    for tag in (
        "del",
        "moveFrom",
        "delText",
        "instrText",
        "footnoteReference",
        "endnoteReference",
        "rt",
        "pPr",
        "rPr",
    )
} | {_FALLBACK}
_BREAKS = {_W + "br": "\n", _W + "cr": "\n", _W + "tab": "\t", _W + "noBreakHyphen": "-"}
_OFF = ("0", "false", "off")
_XML_ENCODINGS = ("utf-8", "utf8", "utf-16", "us-ascii", "ascii")
_XML_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)""")
_DTD = tuple(
    mark.encode(enc) for mark in ("<!DOCTYPE", "<!ENTITY") for enc in ("utf-8", "utf-16-le", "utf-16-be")
)


def ingest(body: bytes, name: str, limits: IngestLimits) -> list[Extracted | Skip]:
    """One document. Raises SourceError for what is no .docx, is damaged, locked or dangerous."""
    if body.startswith(OLE_SIGNATURE):
        refuse_known_binary(body, name)
    if not body.startswith(ZIP_SIGNATURE):
        raise SourceError(
            "不是 .docx 文件（内容与扩展名不符），请在 Word 或 WPS 中另存为 .docx",
            "not a .docx file (the content does not fit the ending): save it as .docx",
            source=name,
        )
    _check_package(body, name, limits)
    root = _document_body(body, name)
    blocks = [block for block in _blocks(root) if block.strip()]
    if not blocks:
        raise SourceError("文档里没有文字", "the document has no text", source=name)
    return [Extracted("\n\n".join(blocks))]


def _check_package(body: bytes, name: str, limits: IngestLimits) -> None:
    """Raise SourceError before anything is parsed: broken, locked, too large unpacked, or a DTD inside."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            parts = package.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise SourceError(
                    "文件有密码，请去掉密码后再给出", "password-protected: remove it", source=name
                )
            if len(parts) > limits.max_zip_parts or sum(p.file_size for p in parts) > limits.max_unpacked_bytes:
                raise _bomb(name, limits)
            left = limits.max_unpacked_bytes
            for part in parts:
                left -= _check_part(package, part, left, name, limits)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as err:
        raise _damaged(name) from err
    except Exception as err:
        # zlib.error and the like: zipfile passes on what the decompressors raise.
        if isinstance(err, SourceError):
            raise
        raise _damaged(name) from err


def _check_part(
    package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, name: str, limits: IngestLimits
) -> int:
    """Unpacked size of `part`, really read. Raises SourceError over `left` bytes or for a DTD."""
    with package.open(part) as stream:
        content = stream.read(left + 1)
    if len(content) > left:
        raise _bomb(name, limits)
    if part.filename.lower().endswith((".xml", ".rels")):
        declared = _XML_DECLARED.match(content[:200].replace(b"\x00", b""))
        odd = declared and declared.group(1).decode().lower() not in _XML_ENCODINGS
        if odd or any(mark in content for mark in _DTD):
            raise SourceError(
                "文件里有文档类型定义（XML 炸弹的手法，Word 不会写出），已拒绝",
                "the file holds a document type definition (an XML bomb's way): refused",
                source=name,
            )
    return len(content)


def _bomb(name: str, limits: IngestLimits) -> SourceError:
    size = f"{limits.max_unpacked_bytes / MEBIBYTE:g} MB"
    return SourceError(
        f"解压后太大（超过 {size} 或部件过多，可能是压缩炸弹），已拒绝",
        f"too large when unpacked (over {size} or too many parts; perhaps a zip bomb): refused",
        source=name,
    )


def _damaged(name: str) -> SourceError:
    return SourceError(
        "Word 文件已损坏，请用 Word 或 WPS 打开修复后另存为 .docx",
        "the Word file is damaged: open and repair it, then save it as .docx",
        source=name,
    )


def _document_body(body: bytes, name: str) -> Any:
    docx = need("docx", "docx", name)

    try:
        return docx.Document(io.BytesIO(body)).element.body
    except Exception as err:
        raise _damaged(name) from err


def _blocks(root: Any) -> Iterator[str]:
    """Paragraphs and table rows below `root`, in order; text boxes after the paragraph that anchors them."""
    for child in root:
        if child.tag == _W + "p":
            boxes: list[Any] = []
            yield "".join(_pieces(child, boxes))
            for box in boxes:
                yield from _blocks(box)
        elif child.tag == _W + "tbl":
            rows = [row for row in map(_row, child.iterchildren(_W + "tr")) if row.strip(" |")]
            if rows:
                yield "\n".join(rows)
        elif child.tag not in _LEFT_OUT and child.tag != _W + "sectPr":
            yield from _blocks(child)  # content controls and insertions wrap paragraphs


def _row(row: Any) -> str:
    """A table row on one line. A cell that spans several columns is written once."""
    cells = []
    for cell in row.iter(_W + "tc"):
        if next(cell.iterancestors(_W + "tr")) is row:
            cells.append(" ".join(" ".join(_blocks(cell)).split()))
    return " | ".join(cells)


def _pieces(node: Any, boxes: list[Any]) -> Iterator[str]:
    """Text below `node` in order; text boxes met on the way are put into `boxes`."""
    for child in node:
        if child.tag in _LEFT_OUT or not isinstance(child.tag, str):
            continue
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag == _W + "txbxContent":
            boxes.append(child)
        elif not (child.tag == _W + "r" and _is_vanished(child)):
            yield from _pieces(child, boxes)


def _is_vanished(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(_W + "val", "true") not in _OFF

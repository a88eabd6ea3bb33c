"""Which format a body is in: by its file name, else by its content."""

from __future__ import annotations

import json
import re

from briefing.errors import SourceError
from briefing.ingest.encoding import decode

PLAIN = "text/plain"
MARKDOWN = "text/markdown"
HTML = "text/html"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
JSONL = "application/jsonl"
IMAGE = "image/*"  # a scanned page, whatever the picture's format

# File name ending -> media kind. `briefing --help` and the README list these.
SUFFIXES = {
    ".txt": PLAIN,
    ".text": PLAIN,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".docx": DOCX,
    ".pdf": PDF,
    ".jsonl": JSONL,
    ".ndjson": JSONL,
    ".png": IMAGE,
    ".jpg": IMAGE,
    ".jpeg": IMAGE,
    ".tif": IMAGE,
    ".tiff": IMAGE,
    ".bmp": IMAGE,
    ".webp": IMAGE,
}

# What a body that is no text begins with -> what to call it (zh, en) and what to do (zh, en).
_SAVE_AS_DOCX = ("请在 Word 或 WPS 中另存为 .docx", "save it as .docx in Word or WPS")
_NEEDS_OCR = (
    "请按图片的格式改扩展名，以便识别文字",
    "give it the ending of its format, so that it is recognised",
)
_UNPACK = ("请先解压", "unpack it first")
_NO_TEXT = ("请给出文字、网页、Word、PDF 或 JSONL 文件", "give a text, web, Word, PDF or JSONL file")
_SIGNATURES: tuple[tuple[bytes, str, str, tuple[str, str]], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG 图片", "a PNG image", _NEEDS_OCR),
    (b"\xff\xd8\xff", "JPEG 图片", "a JPEG image", _NEEDS_OCR),
    (b"GIF87a", "GIF 图片", "a GIF image", _NEEDS_OCR),
    (b"GIF89a", "GIF 图片", "a GIF image", _NEEDS_OCR),
    (b"II*\x00", "TIFF 图片", "a TIFF image", _NEEDS_OCR),
    (b"MM\x00*", "TIFF 图片", "a TIFF image", _NEEDS_OCR),
    (b"\x1f\x8b", "gzip 压缩包", "a gzip archive", _UNPACK),
    (b"BZh", "bzip2 压缩包", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\x00", "xz 压缩包", "an xz archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "RAR 压缩包", "a RAR archive", _UNPACK),
    (b"PK\x03\x04", "压缩包或其他办公文件", "a zip archive or another office file", _UNPACK),
    (b"{\\rtf", "RTF 文件", "an RTF file", _SAVE_AS_DOCX),
    (b"\x7fELF", "程序文件", "a program", _NO_TEXT),
    (b"MZ", "程序文件", "a program", _NO_TEXT),
    (b"SQLite format 3\x00", "数据库文件", "a database", _NO_TEXT),
)
_PICTURES = tuple(signature for signature, _, _, todo in _SIGNATURES if todo == _NEEDS_OCR)
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_SIGNATURE = b"PK\x03\x04"
_HTML_START = re.compile(
    r"\s*(?:<!--.*?-->\s*)*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body|article|div|p)\b", re.I | re.S
)
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?:[\w\u4e00-\u9fff]+[ \t]*[:：].*\r?\n)+---[ \t]*(?:\r?\n|$)")
# Text is looked at this far: a doctype or front matter stands at the top.
_HEAD_CHARS = 4096


def suffix_kind(name: str) -> str:
    """Media kind that the file name's ending stands for, or ""."""
    dot = name.rfind(".")
    return SUFFIXES.get(name[dot:].lower(), "") if dot > max(name.rfind("/"), name.rfind("\\")) else ""


def refuse_known_binary(body: bytes, name: str) -> None:
    """Raise SourceError when `body` begins like a picture, an archive, a program or an old Word file."""
    if body.startswith(OLE_SIGNATURE):
        raise SourceError(
            "旧版 .doc 文件，或加密的 .docx 文件：请去掉密码，在 Word 或 WPS 中另存为 .docx",
            "an old .doc file, or a password-protected .docx: remove the password and save it as .docx",
            source=name,
        )
    for signature, zh, en, (todo_zh, todo_en) in _SIGNATURES:
        if body.startswith(signature):
            # A text may begin with "MZ" or "BZh": only bytes that text never has make it a program.
            if len(signature) <= 3 and b"\x00" not in body[:4096]:
                continue
            raise SourceError(
                f"内容是{zh}，不是文字：{todo_zh}", f"this is {en}, not text: {todo_en}", source=name
            )


def sniff_kind(body: bytes, name: str) -> str:
    """Media kind by content, for standard input and unknown endings. Raises SourceError for no text."""
    if body[:1024].lstrip().startswith(b"%PDF-"):
        return PDF
    if body.startswith(ZIP_SIGNATURE) and b"word/" in body:
        return DOCX
    if body.startswith(_PICTURES):
        return IMAGE
    refuse_known_binary(body, name)
    head = decode(body, name).text[:_HEAD_CHARS]
    if _HTML_START.match(head):
        return HTML
    if _is_json_row(head):
        return JSONL
    return MARKDOWN if _FRONT_MATTER.match(head) else PLAIN


def _is_json_row(head: str) -> bool:
    """The first line is a JSON object with a text (or the beginning of a very long one)."""
    first = head.lstrip().partition("\n")[0]
    if not first.startswith("{"):
        return False
    try:
        row = json.loads(first)
    except (ValueError, RecursionError):
        return len(first) > _HEAD_CHARS // 2 and bool(re.match(r'\{\s*"\w+"\s*:', first))
    return isinstance(row, dict) and "text" in row

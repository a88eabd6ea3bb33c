"""Reads a Word file back: paragraphs in the order of the page, those of tables and boxes where they stand."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part(body: bytes, name: str) -> Any:
    """The root element of a part such as `word/document.xml`."""
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return etree.fromstring(file.read(name))


def word_paragraphs(body: bytes, name: str = "word/document.xml") -> list[Any]:
    """The paragraphs that hold text themselves: one that only carries a box is left out."""
    return [p for p in part(body, name).iter(f"{W}p") if not p.findall(f".//{W}txbxContent")]


def word_lines(body: bytes) -> list[tuple[str, str]]:
    """(style id, text) of each paragraph with text, in order."""
    found = []
    for paragraph in word_paragraphs(body):
        text = "".join(t.text or "" for t in paragraph.iter(f"{W}t"))
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if text:
            found.append((style.get(f"{W}val"), text))
    return found

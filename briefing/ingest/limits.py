"""How large an input may be, and what one format reader gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from briefing.records import Skip, Span

STAGE = "ingest"
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class IngestLimits:
    """Bounds that keep a hostile or mistaken input from filling memory. All are inclusive.

    A page of a daily paper is about 10 kB as text and 1 MB as PDF, so the defaults refuse nothing real.
    """

    max_file_bytes: int = 50 * MEBIBYTE
    max_files: int = 100_000
    max_unpacked_bytes: int = 200 * MEBIBYTE  # all parts of an office file together
    max_zip_parts: int = 10_000
    max_pdf_pages: int = 500
    max_page_chars: int = 200_000  # of one PDF page; the fullest newspaper page has some 20,000
    max_rows: int = 100_000  # of a .jsonl file


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a format reader found: `RawDocument` without what only the caller knows.

    `row`: appended to the source as "#row" when one file gives several documents.
    """

    text: str
    encoding: str = ""
    pages: tuple[Span, ...] = ()
    single_article: bool = False
    row: str | int = ""
    title: str = ""
    outlet: str = ""
    url: str = ""
    published_on: date | None = None
    page_label: str = ""
    warnings: tuple[tuple[str, str], ...] = ()


# (body, name as shown to people, limits) -> documents, and a skip for each part that could not be read.
# Raises SourceError when nothing of the body can be read.
Ingester = Callable[[bytes, str, IngestLimits], list[Extracted | Skip]]

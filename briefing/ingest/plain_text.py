"""Plain text: the decoded file as it is."""

from __future__ import annotations

from briefing.ingest.encoding import decode
from briefing.ingest.limits import Extracted, IngestLimits
from briefing.records import Skip, Span


def ingest(body: bytes, name: str, limits: IngestLimits) -> list[Extracted | Skip]:
    """One document whose text is `body` decoded. A form feed (pdftotext) parts pages."""
    decoded = decode(body, name)
    return [
        Extracted(
            decoded.text, decoded.encoding, pages=form_feed_pages(decoded.text), warnings=decoded.warnings
        )
    ]


def form_feed_pages(text: str) -> tuple[Span, ...]:
    """Spans of the pages of `text`: they tile it, each with the form feed that ends it."""
    pages = []
    start = 0
    while (at := text.find("\f", start)) >= 0:
        pages.append(Span(start, at + 1))
        start = at + 1
    if start < len(text) or not pages:
        pages.append(Span(start, len(text)))
    return tuple(pages)

"""The table of formats: a new one is a new file, one line here, one in `SUFFIXES`, and a sample."""

from __future__ import annotations

from collections.abc import Mapping

from briefing.ingest import docx, html, jsonl, markdown, ocr, pdf, plain_text, sniff
from briefing.ingest.limits import Ingester

INGESTERS: Mapping[str, Ingester] = {
    sniff.PLAIN: plain_text.ingest,
    sniff.MARKDOWN: markdown.ingest,
    sniff.HTML: html.ingest,
    sniff.DOCX: docx.ingest,
    sniff.PDF: pdf.ingest,
    sniff.JSONL: jsonl.ingest,
    sniff.IMAGE: ocr.ingest,
}

"""Reads files, folders and standard input into `RawDocument`s; cutting them into articles is `segment`'s."""

from briefing.ingest.limits import Extracted, Ingester, IngestLimits
from briefing.ingest.listing import STDIN, list_inputs
from briefing.ingest.reading import read_body, read_document, read_stdin
from briefing.ingest.sniff import SUFFIXES
from briefing.ingest.table import INGESTERS

__all__ = [
    "INGESTERS",
    "STDIN",
    "SUFFIXES",
    "Extracted",
    "IngestLimits",
    "Ingester",
    "list_inputs",
    "read_body",
    "read_document",
    "read_stdin",
]

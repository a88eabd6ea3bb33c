"""Sources of scheduled runs: what the configuration names, fetched politely, with a report of what was not."""

from briefing.ingest.http_hosts import Hosts
from briefing.ingest.sources.contract import FetchOutcome, FetchRequest, Source, SourceReport, SourceStatus
from briefing.ingest.sources.table import SOURCES, Surroundings, build_source
from briefing.net.clock import Clock

__all__ = [
    "SOURCES",
    "Clock",
    "FetchOutcome",
    "FetchRequest",
    "Hosts",
    "Source",
    "SourceReport",
    "SourceStatus",
    "Surroundings",
    "build_source",
]

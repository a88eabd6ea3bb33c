"""One web page, a document whenever its text has changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from briefing.errors import BriefingError
from briefing.ingest.http import Fetcher
from briefing.ingest.limits import IngestLimits
from briefing.ingest.sources.contract import FetchOutcome, FetchRequest
from briefing.ingest.sources.gather import Entry, Gathering, read_page
from briefing.records import RawDocument
from briefing.source_tables import PageTable


@dataclass(frozen=True, slots=True)
class Page:
    table: PageTable
    fetcher: Fetcher
    limits: IngestLimits

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def kind(self) -> str:
        return "page"

    def fetch(self, request: FetchRequest) -> FetchOutcome:
        gathering = Gathering(self.name, self.kind, request, self.table.outlet)
        url = self.table.url
        try:
            fetched = self.fetcher.get(url, gathering.validators(url))
            if fetched.unchanged:
                return gathering.outcome()
            found = read_page(fetched, self.limits, request)
        except BriefingError as err:
            return gathering.failed(err)
        # The text decides, not the bytes: counters and dates in a page's frame change at every visit.
        text = "\0".join(d.text for d in found if isinstance(d, RawDocument))
        digest = hashlib.sha256(text.encode()).hexdigest()
        if gathering.remembered("text") == digest:
            gathering.known += 1
        else:
            gathering.add(found, Entry(url))
            gathering.remember("text", digest)
        gathering.keep_validators(url, fetched.validators)
        return gathering.outcome()

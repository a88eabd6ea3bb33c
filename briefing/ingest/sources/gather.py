"""What every source shares: counting, remembering, and turning what was downloaded into documents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from briefing.errors import BriefingError, SourceError
from briefing.ingest.http import Fetched, Fetcher, Validators
from briefing.ingest.limits import STAGE, IngestLimits
from briefing.ingest.names import one_line
from briefing.ingest.reading import read_body
from briefing.ingest.sniff import HTML, IMAGE, SUFFIXES
from briefing.ingest.sources.contract import FetchOutcome, FetchRequest, SourceReport, SourceStatus
from briefing.records import RawDocument, Skip

_PICTURES = ("png", "jpeg", "tiff", "bmp", "webp")
_KINDS = (
    {kind: kind for kind in SUFFIXES.values()}
    | {"application/xhtml+xml": HTML}
    | {f"image/{name}": IMAGE for name in _PICTURES}
)
# An address no longer listed is forgotten after this; one that comes back later is read again.
_REMEMBERED_DAYS = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a listing points to. `day` None: it is not dated."""

    url: str
    title: str = ""
    day: date | None = None


@dataclass(slots=True)
class Gathering:
    """One fetch on its way; private to the source that makes it."""

    name: str
    kind: str
    request: FetchRequest
    outlet: str = ""
    documents: list[RawDocument] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    known: int = 0
    outside: int = 0
    # Something was left for the next run, so the listing must be read again even if it does not change.
    unfinished: bool = False
    _memory: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        oldest = (self.request.day - timedelta(days=_REMEMBERED_DAYS)).isoformat()
        self._memory = {
            key: value
            for key, value in self.request.memory.items()
            if not key.startswith("read ") or value >= oldest
        }

    def in_time(self, day: date | None) -> bool:
        """Whether `day` may stand in this edition; counts what may not. Undated things may."""
        if day is None or self.request.since <= day <= self.request.day:
            return True
        self.outside += 1
        return False

    def is_known(self, address: str) -> bool:
        """Whether `address` was read in an earlier run; counts it and keeps it remembered."""
        if f"read {address}" not in self._memory:
            return False
        self.known += 1
        self.mark_read(address)
        return True

    def mark_read(self, address: str) -> None:
        self._memory[f"read {address}"] = self.request.day.isoformat()

    def remembered(self, key: str) -> str:
        return self._memory.get(key, "")

    def remember(self, key: str, value: str) -> None:
        self._memory[key] = value

    def validators(self, url: str) -> Validators:
        try:
            etag, last_modified = json.loads(self._memory.get(f"page {url}", "[]"))
        except ValueError:
            return Validators()
        return Validators(str(etag), str(last_modified))

    def keep_validators(self, url: str, validators: Validators) -> None:
        """Ask for changes only next time, unless something of the page is still to be read."""
        if validators == Validators() or self.unfinished:
            self._memory.pop(f"page {url}", None)
        else:
            self._memory[f"page {url}"] = json.dumps([validators.etag, validators.last_modified])

    def add(self, found: Sequence[RawDocument | Skip], entry: Entry) -> None:
        """Documents of one entry, with what the listing says of it where they are silent."""
        for document in found:
            if isinstance(document, Skip):
                self.skips.append(document)
                self.unfinished = True
            # A date in the listing was written for the reader; one on the page may be a guess from its text.
            elif entry.day or self.in_time(document.published_on):
                self.documents.append(
                    replace(
                        document,
                        url=document.url or (entry.url if entry.url.startswith("http") else ""),
                        title=document.title or (entry.title if document.single_article else ""),
                        published_on=entry.day or document.published_on,
                        outlet=document.outlet or self.outlet,
                    )
                )

    def skip(self, address: str, err: BriefingError) -> None:
        self.unfinished = True
        self.skips.append(Skip(err.source or one_line(address), STAGE, err.zh, err.en))

    def outcome(self) -> FetchOutcome:
        if self.skips:
            status = SourceStatus.PARTIAL
        else:
            status = SourceStatus.FETCHED if self.documents else SourceStatus.UNCHANGED
        return FetchOutcome(tuple(self.documents), self._report(status), self._memory)

    def failed(self, err: BriefingError) -> FetchOutcome:
        """Nothing could be had: the memory stays as it was. What was read before the failure still counts."""
        if self.documents:
            self.skip(err.source, err)
            return self.outcome()
        report = replace(self._report(SourceStatus.FAILED), zh=err.zh, en=err.en)
        return FetchOutcome((), report, dict(self.request.memory))

    def _report(self, status: SourceStatus) -> SourceReport:
        return SourceReport(
            self.name,
            self.kind,
            status,
            documents=len(self.documents),
            known=self.known,
            old=self.outside,
            skips=tuple(self.skips),
        )


def read_entries(
    gathering: Gathering, entries: Sequence[Entry], fetcher: Fetcher, limits: IngestLimits, max_items: int
) -> None:
    """Download and read what is new among `entries`, at most `max_items`, in order.

    A page that cannot be had is a skip and is tried again in the next run.
    """
    taken = 0
    for entry in dict.fromkeys(entries):
        if gathering.is_known(entry.url) or not gathering.in_time(entry.day):
            continue
        taken += 1
        if taken > max_items:
            zh = f"新条目超过 {max_items} 条，其余留待下次（max_items）"
            en = f"more than {max_items} new entries: the rest is left for the next run (max_items)"
            gathering.skip(gathering.name, SourceError(zh, en, source=gathering.name))
            return
        try:
            found = read_page(fetcher.get(entry.url), limits, gathering.request)
        except BriefingError as err:
            gathering.skip(entry.url, err)
            continue
        gathering.add(found, entry)
        gathering.mark_read(entry.url)


def read_page(fetched: Fetched, limits: IngestLimits, request: FetchRequest) -> list[RawDocument | Skip]:
    """The documents of a downloaded page of any format. Raises SourceError."""
    return read_body(
        fetched.body, fetched.url, limits, now=request.now, kind=_KINDS.get(fetched.media_type, "")
    )


__all__ = ["Entry", "Gathering", "read_entries", "read_page"]

"""A watched folder: files that are new or have changed since the last run. Nothing in it is touched."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

from briefing.errors import BriefingError
from briefing.ingest.limits import IngestLimits
from briefing.ingest.listing import list_inputs
from briefing.ingest.reading import read_document
from briefing.ingest.sources.contract import FetchOutcome, FetchRequest
from briefing.ingest.sources.gather import Entry, Gathering
from briefing.source_tables import FolderTable


@dataclass(frozen=True, slots=True)
class Folder:
    table: FolderTable
    limits: IngestLimits

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def kind(self) -> str:
        return "folder"

    def fetch(self, request: FetchRequest) -> FetchOutcome:
        gathering = Gathering(self.name, self.kind, request, self.table.outlet)
        try:
            paths, skips = list_inputs([self.table.path], self.limits)
        except BriefingError as err:
            return gathering.failed(err)
        # An empty folder is a quiet day, no fault.
        gathering.skips += [skip for skip in skips if paths or skip.source != self.table.path]
        for path in paths:
            self._read(path, gathering)
        return gathering.outcome()

    def _read(self, path: str, gathering: Gathering) -> None:
        request = gathering.request
        try:
            stamp = _stamp(path)
        except OSError:
            return  # taken away since it was listed
        key = f"file {hashlib.sha256(os.fsencode(path)).hexdigest()}"
        if gathering.remembered(key) == stamp:
            gathering.known += 1
            return
        if request.now.timestamp() - os.stat(path).st_mtime < self.table.settle_seconds:
            return  # may still be written to: next time
        try:
            gathering.add(read_document(path, self.limits, now=request.now), Entry(path))
        except BriefingError as err:
            gathering.skip(path, err)
            return
        gathering.remember(key, stamp)


def _stamp(path: str) -> str:
    status = os.stat(path)
    return f"{status.st_size} {status.st_mtime_ns}"

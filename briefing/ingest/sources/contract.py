"""What a source promises: documents since the last run, a report of what could not be had, and its memory.

A source keeps nothing itself. What it has to remember (validators of pages, addresses already read, the last
message of a mailbox) comes in as a mapping of strings and goes out as a new one. Whoever runs it must store
documents and memory in one step: a memory stored without its documents would lose them for good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from briefing.records import RawDocument, Skip


class SourceStatus(StrEnum):
    FETCHED = "fetched"  # everything new is here
    UNCHANGED = "unchanged"  # reached, and nothing is new
    PARTIAL = "partial"  # something could not be read (skips)
    FAILED = "failed"  # could not be reached at all


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """`day`: the edition's date; nothing dated before `since` is wanted. `now`: aware, stamped on documents.

    `memory`: what this source's last outcome said to remember; {} at first.
    """

    day: date
    since: date
    now: datetime
    memory: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One line of the coverage note (来源情况).

    `old`: entries dated before `since`; `known`: entries read in an earlier run. `zh`, `en`: why a source
    failed, else "".
    """

    name: str
    kind: str
    status: SourceStatus
    documents: int = 0
    known: int = 0
    old: int = 0
    skips: tuple[Skip, ...] = ()
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    documents: tuple[RawDocument, ...]
    report: SourceReport
    memory: Mapping[str, str]


class Source(Protocol):
    """One configured source. `fetch` raises nothing foreseen: a site that is down is a FAILED report.

    A failed or partial fetch remembers nothing of what it could not read, so the next run tries it again.
    """

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    def fetch(self, request: FetchRequest) -> FetchOutcome: ...

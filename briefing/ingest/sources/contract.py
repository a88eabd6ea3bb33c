"""What a source promises: documents since the last run, a report of what could not be had, and its memory.

A source keeps nothing itself. What it has to remember (validators of pages, addresses already read, the last
message of a mailbox) comes in as a mapping of strings and goes out as a new one. Whoever runs it must store
documents and memory in one step: a memory stored without its documents would lose them for good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from briefing.records import RawDocument, SourceReport, SourceStatus

__all__ = ["FetchOutcome", "FetchRequest", "Source", "SourceReport", "SourceStatus"]


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """`day`: the edition's date; what is dated before `since` or after `day` is not wanted. `now`: aware,
    stamped on documents; its zone is the one in which a feed's times become dates.

    `memory`: what this source's last outcome said to remember; {} at first.
    """

    day: date
    since: date
    now: datetime
    memory: Mapping[str, str] = field(default_factory=dict)


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

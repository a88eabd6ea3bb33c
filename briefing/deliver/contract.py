"""What every delivery channel takes and gives; `briefing/editions/delivering.py` decides when one is called,
notes every step before it is made, and tries again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from briefing.records import Rendered


@dataclass(frozen=True, slots=True)
class ItemText:
    """One item in the words that are printed. `text` holds the marks for the editor, where they are printed;
    `source` its source line."""

    number: int
    ordinal: str
    headline: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class SectionText:
    """`heading` is "" in layouts without sections."""

    heading: str
    items: tuple[ItemText, ...]


@dataclass(frozen=True, slots=True)
class IssueText:
    """An issue as every format says it, for channels that lay it out themselves. Plain text, not escaped, each
    string on one line. `remarks`: why the issue is not whole, and its coverage."""

    title: str
    issue: str
    office: str
    date: str
    remarks: tuple[str, ...]
    sections: tuple[SectionText, ...]

    @property
    def items(self) -> tuple[ItemText, ...]:
        return tuple(item for section in self.sections for item in section.items)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One version of one edition, ready to go. `key` names edition, date and version: the same for every
    attempt, so that a receiver that knows keys can tell a repeat.

    `mark`: "" or what makes a later version known as one (更正：第2版). `replaces`: keys of the versions that
    this channel may have had before. `queued_at`: when it was first to go out. `files` of every format that
    some channel asks for.
    """

    key: str
    edition: str
    day: date
    version: int
    text: IssueText
    queued_at: datetime
    mark: str = ""
    replaces: tuple[str, ...] = ()
    files: tuple[Rendered, ...] = field(default=(), repr=False)

    @property
    def heading(self) -> str:
        """每日政策要情（2026年第25期）2026年3月5日, with its mark in front."""
        mark = f"【{self.mark}】" if self.mark else ""
        issue = self.text.issue if self.text.issue and "【待补】" not in self.text.issue else ""
        return f"{mark}{self.text.title}{f'（{issue}）' if issue else ''}{self.text.date}"


@dataclass(frozen=True, slots=True)
class Notice:
    """A short message about a run, for those who look after it. `lines` plain, each on one line."""

    key: str
    title: str
    lines: tuple[str, ...]
    queued_at: datetime


Shipment = Parcel | Notice


@dataclass(frozen=True, slots=True)
class Part:
    """What goes out in one go: a chat message, a letter to one address, the files of a folder.

    `label` is for people. `digest` tells whether what would go out now is what was begun with. Parts of one
    `group` are handed over together.
    """

    label: str
    digest: str
    body: bytes = field(repr=False)
    group: int = 0


class Fate(StrEnum):
    """`LATER`: certainly not received, another try may help. `REFUSED`: certainly not received, and no other
    try will help. `UNCLEAR`: sent, and the answer did not come."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`receipt`: what the receiver said (message id, path). `zh`, `en`: why not. Neither holds a secret.
    `retry_after_seconds`: how long the receiver asked to be left alone; 0 for not said."""

    fate: Fate
    receipt: str = ""
    zh: str = ""
    en: str = ""
    retry_after_seconds: float = 0.0


def sent(receipt: str = "") -> Outcome:
    return Outcome(Fate.SENT, receipt)


def later(zh: str, en: str, retry_after_seconds: float = 0.0) -> Outcome:
    return Outcome(Fate.LATER, "", zh, en, retry_after_seconds)


def refused(zh: str, en: str) -> Outcome:
    return Outcome(Fate.REFUSED, "", zh, en)


def unclear(zh: str, en: str) -> Outcome:
    return Outcome(Fate.UNCLEAR, "", zh, en)


class Channel(Protocol):
    """A configured way out. `name` is unique in the configuration.

    `repeatable`: the same part handed over twice does no harm (a folder, a receiver that knows keys); of others
    a part whose fate is unclear waits for a person. `formats`: the files that it wants. `pause_seconds`:
    between two groups of parts.
    """

    @property
    def name(self) -> str: ...

    @property
    def repeatable(self) -> bool: ...

    @property
    def formats(self) -> tuple[str, ...]: ...

    @property
    def pause_seconds(self) -> float: ...

    def parts(self, shipment: Shipment) -> tuple[Part, ...]:
        """What would go out, in order; equal shipments give equal parts. Sends nothing."""
        ...

    def send(self, shipment: Shipment, parts: Sequence[Part]) -> tuple[Outcome, ...]:
        """Hand over parts of one group; the outcome of each. Raises ConfigError when a secret is missing and
        DeliveryError when nothing was sent."""
        ...


@dataclass(frozen=True, slots=True)
class Outlet:
    """A channel and what the configuration sends there. `editions`: () for all."""

    channel: Channel
    briefings: bool = True
    notices: bool = False
    editions: tuple[str, ...] = ()

    def takes(self, edition: str) -> bool:
        return self.briefings and (not self.editions or edition in self.editions)

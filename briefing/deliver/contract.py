"""What every delivery channel takes and gives; `briefing/editions/` decides when one is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from briefing.records import Briefing, Rendered


@dataclass(frozen=True, slots=True)
class Parcel:
    """One version of one edition, ready to go. `key` names edition, date and version: the same for every
    attempt, so that a receiver that knows keys can tell a repeat. `files` in the configured order."""

    key: str
    briefing: Briefing
    edition: str
    version: int
    files: tuple[Rendered, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a parcel arrived. `detail`: what the receiver said (message id, path), for a person."""

    channel: str
    detail: str = ""


class Channel(Protocol):
    """A configured way out. `name` is unique in the configuration. `repeatable`: the same parcel handed over
    twice is there once (a folder); else one that was cut off while it was sent is not sent again by itself."""

    @property
    def name(self) -> str: ...

    @property
    def repeatable(self) -> bool: ...

    def deliver(self, parcel: Parcel) -> Receipt:
        """Hand `parcel` over once. Raises DeliveryError."""
        ...

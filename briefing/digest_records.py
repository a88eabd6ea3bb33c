"""What a weekly or monthly digest adds to a briefing: where its items were printed, and what it counts.

Imports nothing from the package; `records` builds on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Printed:
    """Where an item of a digest was printed: item `number` (from 1) of an edition called `title`. Its sentences
    begin at `first_sentence` of the digest's item and go on to the next `Printed`."""

    day: date
    edition: str
    version: int
    number: int
    title: str
    issue_number: str = ""
    first_sentence: int = 0


@dataclass(frozen=True, slots=True)
class FigureSeries:
    """A key figure over the editions of a digest. `values`: value, change, period, source line and where it was
    printed, latest first; all but the last word for word from one printed sentence."""

    indicator: str
    values: tuple[tuple[str, str, str, str, Printed], ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """`before` or `after` is "" for what a later version of a published edition brought in or took out."""

    printed: Printed
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SourceDays:
    """On which of the `asked` days a source could not be reached, or not be read whole."""

    name: str
    asked: int
    failed: tuple[date, ...] = ()
    partial: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest counts over its editions; days inclusive. `before`: the same of the period before, empty
    where nothing was printed then. `areas`: items by area. `missed`: (day, edition's title, why in Chinese)."""

    kind: str
    since: date
    until: date
    editions: int
    areas: tuple[tuple[str, int], ...]
    before: tuple[tuple[str, int], ...] = ()
    editions_before: int = 0
    figures: tuple[FigureSeries, ...] = ()
    corrections: tuple[Correction, ...] = ()
    missed: tuple[tuple[date, str, str], ...] = ()
    sources: tuple[SourceDays, ...] = ()

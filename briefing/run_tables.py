"""The tables of scheduled runs in the configuration: what runs, when, where it is kept and watched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from briefing.errors import ConfigError
from briefing.table_kinds import Locate

_Time = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
# Series of the digests in the store; no `[[editions]]` may be called so.
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
WEEKLY, MONTHLY, RANGE_PREFIX = "weekly", "monthly", "from-"
# Becomes a folder's name and an argument of the command line.
_EditionName = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class RunTable(_Table, frozen=True):
    """`folder`: store, log, lock and health file; `output`: the editions. Relative to the configuration file.

    `memory_days`: what was printed in so many days before is not printed again. `max_age_days`: older news is
    not taken. The three limits are soft: a run that reaches one goes on with what it has.
    """

    folder: Annotated[str, Meta(min_length=1)]
    output: Annotated[str, Meta(min_length=1)]
    formats: Annotated[tuple[str, ...], Meta(min_length=1)]
    memory_days: Annotated[int, Meta(ge=0, le=365)]
    max_age_days: Annotated[int, Meta(ge=0, le=365)]
    source_minutes: Annotated[float, Meta(gt=0, le=240)]
    fetch_minutes: Annotated[float, Meta(gt=0, le=480)]
    run_minutes: Annotated[float, Meta(gt=0, le=1440)]
    parallel_sources: Annotated[int, Meta(ge=1, le=64)]
    draft: bool


class ScheduleTable(_Table, frozen=True):
    """`calendar`: a file of one's own holidays and make-up days; see docs/scheduled-runs.md."""

    zone: Annotated[str, Meta(min_length=1)]
    calendar: str
    catch_up_hours: Annotated[float, Meta(ge=0, le=168)]
    jitter_seconds: Annotated[int, Meta(ge=0, le=3600)]
    hard_limit_minutes: Annotated[int, Meta(ge=1, le=2880)]


class KeepTable(_Table, frozen=True):
    """How long what is kept is kept. Editions in their latest version are never dropped."""

    documents_days: Annotated[int, Meta(ge=7, le=36500)]
    documents_megabytes: Annotated[int, Meta(ge=0, le=10_000_000)]
    versions_days: Annotated[int, Meta(ge=1, le=36500)]
    runs_days: Annotated[int, Meta(ge=7, le=36500)]
    log_days: Annotated[int, Meta(ge=1, le=36500)]


class LogTable(_Table, frozen=True):
    format: Literal["json", "console"]
    level: Literal["debug", "info", "warning", "error"]
    max_megabytes: Annotated[float, Meta(gt=0, le=1000)]
    files: Annotated[int, Meta(ge=1, le=100)]


class WatchTable(_Table, frozen=True):
    """`prometheus`: a text file for node_exporter's textfile collector; "" for none."""

    health: bool
    prometheus: str


class DigestTable(_Table, frozen=True):
    """Digests of the stored editions (`briefing digest`). `editions`: whose items, () for all. `..._number`:
    the first issue number of the series. `weekly`, `monthly`: when they come by themselves, "" for never."""

    weekly: Annotated[str, Meta(pattern=rf"^((mon|tue|wed|thu|fri|sat|sun) {_CLOCK})?$")]
    monthly: Annotated[str, Meta(pattern=rf"^((1\d|2[0-8]|[1-9]) {_CLOCK})?$")]
    editions: tuple[str, ...]
    stories: Annotated[int, Meta(ge=0, le=50)]
    items_per_area: Annotated[int, Meta(ge=0, le=50)]
    figures: Annotated[int, Meta(ge=0, le=200)]
    weekly_title: Annotated[str, Meta(min_length=1, max_length=40)]
    monthly_title: Annotated[str, Meta(min_length=1, max_length=40)]
    range_title: Annotated[str, Meta(min_length=1, max_length=40)]
    weekly_number: str
    monthly_number: str


def is_digest(edition: str) -> bool:
    """Is this the series of a digest?"""
    return edition in (WEEKLY, MONTHLY) or edition.startswith(RANGE_PREFIX)


class EditionTable(_Table, frozen=True):
    """One edition. `days`: workdays by the Chinese calendar, every day, or named weekdays.

    `sources`: names from `[[sources]]`, () for all. `memory`: editions of one memory never repeat each other.
    `title`: in the place of `briefing.title`. `supplement`: this edition is a 增刊, numbered apart from the
    regular issues; `issue_number`: its first (2026年增刊第1期), in the place of `briefing.issue_number`.
    """

    name: _EditionName
    time: _Time = "07:00"
    days: (
        Literal["workdays", "daily"] | tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...]
    ) = "workdays"
    sources: tuple[str, ...] = ()
    title: Annotated[str, Meta(max_length=40)] = ""
    memory: _EditionName = "main"
    supplement: bool = False
    issue_number: str = ""


def _second(names: Sequence[str], name: str) -> int:
    return [k for k, other in enumerate(names) if other == name][1]


def check_zone(zone: str, locate: Locate) -> None:
    """Raise ConfigError for a time zone that this machine does not know."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as err:
        raise ConfigError(
            f"schedule.zone 的值 {zone!r} 不是时区，应如 Asia/Shanghai、Asia/Urumqi",
            f"schedule.zone {zone!r} is no time zone: write it as Asia/Shanghai",
            source=locate("schedule.zone"),
        ) from err


def check_editions(editions: Sequence[EditionTable], sources: Sequence[str], locate: Locate) -> None:
    """Raise ConfigError for editions that contradict each other or name a source that is not there."""
    names = [e.name for e in editions]
    twice = sorted({n for n in names if names.count(n) > 1})
    if not names or twice:
        raise ConfigError(
            f"[[editions]] 的 name 重复：{'、'.join(twice)}" if twice else "至少需要一个 [[editions]]",
            f"[[editions]] name given twice: {', '.join(twice)}"
            if twice
            else "at least one [[editions]] is needed",
            source=locate(f"editions[{_second(names, twice[0])}].name" if twice else "editions"),
        )
    reserved = [n for n in names if is_digest(n)]
    if reserved:
        raise ConfigError(
            f"[[editions]] 的 name 不能用 {reserved[0]!r}：{WEEKLY}、{MONTHLY}、{RANGE_PREFIX}… 留给周报与月报",
            f"[[editions]] name {reserved[0]!r}: {WEEKLY}, {MONTHLY} and {RANGE_PREFIX}… are the digests' own",
            source=locate(f"editions[{names.index(reserved[0])}].name"),
        )
    for number, edition in enumerate(editions):
        unknown = [s for s in edition.sources if s not in sources]
        if unknown:
            known = ", ".join(sources) or "-"
            raise ConfigError(
                f"editions.{edition.name}.sources 中没有来源 {unknown[0]!r}；可用：{known}",
                f"editions.{edition.name}.sources names {unknown[0]!r}; known: {known}",
                source=locate(f"editions[{number}].sources"),
            )
        if edition.days == ():
            raise ConfigError(
                f"editions.{edition.name}.days 为空；可用：workdays、daily 或 mon … sun 的列表",
                f"editions.{edition.name}.days is empty; allowed: workdays, daily, or a list of mon … sun",
                source=locate(f"editions[{number}].days"),
            )


def check_digest(digest: DigestTable, editions: Sequence[EditionTable], locate: Locate) -> None:
    """Raise ConfigError for a digest of an edition that is not there."""
    known = [e.name for e in editions]
    unknown = [e for e in digest.editions if e not in known]
    if unknown:
        raise ConfigError(
            f"digest.editions 中没有 {unknown[0]!r} 这一期；可用：{'、'.join(known)}",
            f"digest.editions names {unknown[0]!r}; known: {', '.join(known)}",
            source=locate("digest.editions"),
        )

"""When the weekly and the monthly digest are due by themselves.

`digest.weekly` and `digest.monthly` name a day and a time. On a day off the digest comes on the next working
day, at the same time. It covers the last whole week, Monday to Sunday, or the last whole month before the named
day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from briefing.editions.periods import Period, month_before, week_before
from briefing.editions.working_days import WEEKDAYS, Calendar, calendar_of
from briefing.editions.workplace import Workplace
from briefing.errors import ConfigError
from briefing.run_tables import MONTHLY, WEEKLY, DigestTable
from briefing.store.database import Store
from briefing.store.editions import EditionState, find_edition
from briefing.store.runs import RunState, list_runs

# Longer than the longest Chinese holiday with its week-ends.
_MAX_SHIFT_DAYS = 16
_LOOK_AHEAD_DAYS = 31 + _MAX_SHIFT_DAYS


@dataclass(frozen=True, slots=True)
class DigestSlot:
    """A digest that is to be made: of `period`, at the aware moment `at`."""

    period: Period
    at: datetime


def scheduled(table: DigestTable) -> tuple[str, ...]:
    """The series that come by themselves."""
    return tuple(name for name, when in ((WEEKLY, table.weekly), (MONTHLY, table.monthly)) if when)


def period_of(series: str, day: date) -> Period:
    """The period of the digest of `series` that is named for `day`. Raises ConfigError for another series."""
    if series == WEEKLY:
        return week_before(day - timedelta(days=day.weekday()))
    if series == MONTHLY:
        return month_before(day)
    raise ConfigError(f"没有 {series!r} 这种汇编", f"there is no digest {series!r}", source="digest")


def digests_on(place: Workplace, day: date, calendar: Calendar) -> list[DigestSlot]:
    """What comes on `day`: digests named for it, and those named for the days off just before it."""
    table = place.config.digest
    if not scheduled(table) or not calendar.is_workday(day):
        return []
    named = [day]
    while len(named) <= _MAX_SHIFT_DAYS and not calendar.is_workday(named[-1] - timedelta(days=1)):
        named.append(named[-1] - timedelta(days=1))
    found = []
    for each in reversed(named):
        weekday, _, clock = table.weekly.partition(" ")
        if weekday and WEEKDAYS[each.weekday()] == weekday:
            found.append(DigestSlot(period_of(WEEKLY, each), _moment(place, day, clock)))
        number, _, clock = table.monthly.partition(" ")
        if number and each.day == int(number):
            found.append(DigestSlot(period_of(MONTHLY, each), _moment(place, day, clock)))
    return sorted(found, key=lambda s: s.at)


def _moment(place: Workplace, day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), place.zone)


def next_digest(place: Workplace, series: str) -> datetime | None:
    """When the digest of `series` comes next, after now; None when it does not come by itself."""
    now, calendar = place.now(), calendar_of(place)
    for ahead in range(_LOOK_AHEAD_DAYS + 1):
        for slot in digests_on(place, now.date() + timedelta(days=ahead), calendar):
            if slot.period.edition == series and slot.at > now:
                return slot.at
    return None


def is_done(store: Store, period: Period) -> bool:
    """Whether the digest is out or waits for approval, or was tried and there was nothing to put together."""
    record = find_edition(store, period.edition, period.day)
    if record is not None:
        # Cut off between keeping and publishing: asked again, it is published.
        return record.state is not EditionState.MADE
    over = (RunState.EMPTY, RunState.FAILED)
    return any(r.day == period.day and r.status in over for r in list_runs(store, 50, period.edition))

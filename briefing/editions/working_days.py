"""On which days an edition is made: the published Chinese calendar, the office's own days, named weekdays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from briefing.editions.workplace import Workplace
from briefing.errors import ConfigError
from briefing.ingest.extras import need
from briefing.run_tables import EditionTable

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORKING, _FREE = "班", "休"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days: `own` first, then the published calendar, then Monday to Friday."""

    own: Mapping[date, bool]

    def is_workday(self, day: date) -> bool:
        if day in self.own:
            return self.own[day]
        known = _published(day)
        return day.weekday() < 5 if known is None else known

    def is_known(self, day: date) -> bool:
        """Is there a published calendar for the year of `day`? Next year's comes out in November or later."""
        return day in self.own or _published(day) is not None


def years_without_calendar(calendar: Calendar, today: date) -> list[int]:
    """Of this year and the next, those whose published calendar this program does not have yet."""
    return [y for y in (today.year, today.year + 1) if not calendar.is_known(date(y, 1, 4))]


def _published(day: date) -> bool | None:
    calendar = need("chinese_calendar", "schedule", "schedule.days")
    try:
        return bool(calendar.is_workday(day))
    except NotImplementedError:
        return None


def load_calendar(path: Path | None) -> Calendar:
    """A calendar with the user's own days: lines `2027-02-06 班` (worked) or `2027-02-08 休` (free).

    Raises ConfigError naming the line.
    """
    own: dict[date, bool] = {}
    if path is None:
        return Calendar(own)
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as err:
        raise ConfigError(
            f"节假日文件无法读取（{err}）", f"cannot read the calendar ({err})", source=str(path)
        ) from err
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            if len(words) != 2 or words[1] not in (_WORKING, _FREE):
                raise ValueError
            own[date.fromisoformat(words[0])] = words[1] == _WORKING
        except ValueError as err:
            raise ConfigError(
                f"应写作“2027-02-06 班”或“2027-02-08 休”，不是“{line.strip()}”",
                f"write 2027-02-06 班 (worked) or 2027-02-08 休 (free), not {line.strip()!r}",
                source=f"{path}:{number}",
            ) from err
    return Calendar(own)


def calendar_of(place: Workplace) -> Calendar:
    named = place.config.schedule.calendar
    return load_calendar(place.base / named if named else None)


def runs_on(edition: EditionTable, day: date, calendar: Calendar) -> bool:
    if edition.days == "daily":
        return True
    if edition.days == "workdays":
        return calendar.is_workday(day)
    return WEEKDAYS[day.weekday()] in edition.days

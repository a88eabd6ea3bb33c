"""What a digest covers: a week, a month, or the days from one to another; and how it is named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from briefing.errors import ConfigError
from briefing.run_tables import MONTHLY, RANGE_PREFIX, WEEKLY

# A year of daily editions, and the longest a reader would call a digest.
MAX_DAYS = 366


@dataclass(frozen=True, slots=True)
class Period:
    """`kind`: "week", "month" or "range". Days are inclusive. `edition`: the series of the digest."""

    kind: str
    since: date
    until: date

    @property
    def edition(self) -> str:
        series = {"week": WEEKLY, "month": MONTHLY}
        return series.get(self.kind) or f"{RANGE_PREFIX}{self.since:%Y%m%d}"

    @property
    def day(self) -> date:
        """The date of the digest: the first day on which its period is over; of a range its last day."""
        return self.until if self.kind == "range" else self.until + timedelta(days=1)

    @property
    def before(self) -> Period:
        """The period it is compared with: the month before, or as many days before."""
        if self.kind == "month":
            return month_before(self.since)
        days = (self.until - self.since).days + 1
        return Period(self.kind, self.since - timedelta(days=days), self.since - timedelta(days=1))


def week(text: str) -> Period:
    """The ISO week `2026-W47`, Monday to Sunday. Raises ConfigError."""
    match = re.fullmatch(r"(\d{4})-?W(\d{1,2})", text.strip(), re.IGNORECASE)
    try:
        if not match:
            raise ValueError
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError as err:
        raise ConfigError(
            f"“{text}”不是一周，应如 2026-W47", f"{text!r} is no week: write it as 2026-W47", source="--week"
        ) from err
    return Period("week", monday, monday + timedelta(days=6))


def month(text: str) -> Period:
    """The calendar month `2026-11`. Raises ConfigError."""
    match = re.fullmatch(r"(\d{4})-(\d{1,2})", text.strip())
    try:
        if not match:
            raise ValueError
        first = date(int(match[1]), int(match[2]), 1)
    except ValueError as err:
        raise ConfigError(
            f"“{text}”不是月份，应如 2026-11", f"{text!r} is no month: write it as 2026-11", source="--month"
        ) from err
    return Period("month", first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def between(since: date, until: date) -> Period:
    """The days `since`..`until`. Raises ConfigError when they are in the wrong order or too many."""
    if not 0 <= (until - since).days < MAX_DAYS:
        raise ConfigError(
            f"起止日期有误：{since} 至 {until}；起日不得晚于止日，最多 {MAX_DAYS} 天",
            f"{since}..{until}: the first day comes first, and at most {MAX_DAYS} days",
            source="--from --to",
        )
    return Period("range", since, until)


def week_before(day: date) -> Period:
    """The seven days before `day`."""
    return Period("week", day - timedelta(days=7), day - timedelta(days=1))


def month_before(day: date) -> Period:
    """The calendar month before that of `day`."""
    last = day.replace(day=1) - timedelta(days=1)
    return Period("month", last.replace(day=1), last)

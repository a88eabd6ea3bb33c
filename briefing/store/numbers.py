"""Issue numbers 期号: per year and overall, supplements 增刊 apart, never used twice, none skipped.

A number is reserved before a briefing is rendered and confirmed once its files are in place. A run that
fails gives it back; of one that was killed, the files decide.
"""

from __future__ import annotations

import os
import re
import socket
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from briefing.errors import ConfigError
from briefing.resources import WRITTEN_MANIFEST
from briefing.store.database import Store

_LABEL = re.compile(r"(\d{4})年(?:第(\d+)期（总第(\d+)期）|增刊第(\d+)期)")
# A run renders and writes within seconds. On another machine nobody can ask whether it still lives.
_STALE_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class IssueNumber:
    """`total` counts over all years; 0 for a supplement."""

    year: int
    number: int
    total: int = 0

    @property
    def label(self) -> str:
        """2026年第25期（总第325期）, or 2026年增刊第3期."""
        if self.total:
            return f"{self.year}年第{self.number}期（总第{self.total}期）"
        return f"{self.year}年增刊第{self.number}期"


@dataclass(frozen=True, slots=True)
class Issue:
    """What a number is for. `series`: the briefing's name. `occasion`: the day, with the edition where a
    day has several; the same occasion keeps its number. `place`: the folder its files go into."""

    series: str
    occasion: str
    year: int
    place: Path
    supplement: bool = False


def parse_number(label: str) -> IssueNumber:
    """The number that `label` says. Raises ConfigError for any other form."""
    match = _LABEL.fullmatch(re.sub(r"\s", "", label).replace("(", "（").replace(")", "）"))
    if not match:
        raise ConfigError(
            f"自动编号时，期号应写作“2026年第25期（总第325期）”或“2026年增刊第3期”，不是“{label}”",
            f"counted issue numbers are written 2026年第25期（总第325期） or 2026年增刊第3期, not {label!r}",
            source="issue_number",
        )
    year, number, total, supplement = (int(g or 0) for g in match.groups())
    return IssueNumber(year, supplement or number, total)


def reserve(store: Store, issue: Issue, now: datetime, given: IssueNumber | None = None) -> IssueNumber | None:
    """The number of `issue`: the one it has, else `given`, else the next. None for the first issue of a
    series that nobody gave a number: the program cannot know how many there were before.

    Raises ConfigError when `given` belongs to another issue, or is not of its year or kind.
    """
    if given:
        _check_given(issue, given)
    with store.write() as connection:
        _settle(connection, issue, now)
        known = _row(connection, issue)
        if known and (given is None or given == known):
            return known
        number = given or _next(connection, issue)
        if number is None:
            return None
        try:
            _keep(connection, issue, number, now)
        except sqlite3.IntegrityError as err:
            raise ConfigError(
                f"期号“{number.label}”已用于《{issue.series}》的另一期，请换一个",
                f"{number.label} is already the number of another issue of {issue.series}: give another",
                source="issue_number",
            ) from err
        return number


def confirm(store: Store, issue: Issue) -> None:
    """The files are in place: the number is used for good."""
    with store.write() as connection:
        connection.execute(
            "UPDATE issue_numbers SET state = 'confirmed' WHERE series = ? AND supplement = ? AND occasion = ?",
            (issue.series, issue.supplement, issue.occasion),
        )


def release(store: Store, issue: Issue) -> None:
    """The run failed: an unconfirmed number goes to the next issue."""
    with store.write() as connection:
        _release(connection, issue.series, issue.supplement, issue.occasion)


def _check_given(issue: Issue, given: IssueNumber) -> None:
    if given.year != issue.year or bool(given.total) == issue.supplement:
        kind = "增刊" if issue.supplement else "正刊"
        raise ConfigError(
            f"期号“{given.label}”与本期（{issue.year}年{kind}）不符，请核对 issue_number 与 layout.supplement",
            f"{given.label} does not fit this issue (year {issue.year}, "
            f"{'supplement' if issue.supplement else 'regular'}): check issue_number and layout.supplement",
            source="issue_number",
        )


def _row(connection: sqlite3.Connection, issue: Issue) -> IssueNumber | None:
    row = connection.execute(
        "SELECT year, number, total FROM issue_numbers WHERE series = ? AND supplement = ? AND occasion = ?",
        (issue.series, issue.supplement, issue.occasion),
    ).fetchone()
    return IssueNumber(*row) if row else None


def _next(connection: sqlite3.Connection, issue: Issue) -> IssueNumber | None:
    kind = (issue.series, issue.supplement)
    gap = connection.execute(
        "DELETE FROM issue_gaps WHERE rowid IN (SELECT rowid FROM issue_gaps WHERE series = ?"
        " AND supplement = ? AND year = ? ORDER BY number LIMIT 1) RETURNING year, number, total",
        (*kind, issue.year),
    ).fetchone()
    if gap:
        return IssueNumber(*gap)
    total = connection.execute(
        "SELECT max(total) FROM issue_numbers WHERE series = ? AND supplement = ?", kind
    ).fetchone()[0]
    if total is None:
        return None
    last = connection.execute(
        "SELECT max(number) FROM issue_numbers WHERE series = ? AND supplement = ? AND year = ?",
        (*kind, issue.year),
    ).fetchone()[0]
    return IssueNumber(issue.year, (last or 0) + 1, 0 if issue.supplement else total + 1)


def _keep(connection: sqlite3.Connection, issue: Issue, number: IssueNumber, now: datetime) -> None:
    connection.execute(
        "INSERT INTO issue_numbers VALUES (?, ?, ?, ?, ?, ?, 'reserved', ?, ?, ?) ON CONFLICT"
        " (series, supplement, occasion) DO UPDATE SET year = excluded.year, number = excluded.number,"
        " total = excluded.total",
        (
            issue.series,
            issue.supplement,
            issue.occasion,
            number.year,
            number.number,
            number.total,
            str(issue.place.resolve()),
            now.isoformat(),
            f"{socket.gethostname()} {os.getpid()}",
        ),
    )
    # Given by hand, it may be one of those given back.
    connection.execute(
        "DELETE FROM issue_gaps WHERE series = ? AND supplement = ? AND year = ? AND number = ?",
        (issue.series, issue.supplement, number.year, number.number),
    )


def _release(connection: sqlite3.Connection, series: str, supplement: bool, occasion: str) -> None:
    row = connection.execute(
        "DELETE FROM issue_numbers WHERE series = ? AND supplement = ? AND occasion = ? AND state = 'reserved'"
        " RETURNING year, number, total",
        (series, supplement, occasion),
    ).fetchone()
    if not row:
        return
    later = connection.execute(
        "SELECT 1 FROM issue_numbers WHERE series = ? AND supplement = ? AND year = ? AND number > ?",
        (series, supplement, row[0], row[1]),
    ).fetchone()
    if later:
        connection.execute(
            "INSERT OR IGNORE INTO issue_gaps VALUES (?, ?, ?, ?, ?)", (series, supplement, *row)
        )


def _settle(connection: sqlite3.Connection, issue: Issue, now: datetime) -> None:
    """Numbers that a killed run left reserved: kept when its files were written, else given back."""
    left = connection.execute(
        "SELECT occasion, place, reserved_at, process FROM issue_numbers"
        " WHERE series = ? AND supplement = ? AND state = 'reserved' AND occasion <> ?",
        (issue.series, issue.supplement, issue.occasion),
    ).fetchall()
    for occasion, place, reserved_at, process in left:
        since = datetime.fromisoformat(reserved_at)
        if _written_since(Path(place), since):
            connection.execute(
                "UPDATE issue_numbers SET state = 'confirmed'"
                " WHERE series = ? AND supplement = ? AND occasion = ?",
                (issue.series, issue.supplement, occasion),
            )
        elif not _alive(process) or now - since > _STALE_AFTER:
            _release(connection, issue.series, issue.supplement, occasion)


def _written_since(folder: Path, since: datetime) -> bool:
    """The manifest is moved into place before the files: from then on readers may have the number."""
    try:
        return (folder / WRITTEN_MANIFEST).stat().st_mtime >= since.timestamp() - 1
    except OSError:
        return False


def _alive(process: str) -> bool:
    host, _, number = process.rpartition(" ")
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

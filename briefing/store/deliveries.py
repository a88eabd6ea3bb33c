"""What is to go out on which channel and how far it has come: written before and after each step.

The caller holds the lock of deliveries: a delivery or part found `SENDING` was cut off.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from briefing.store.database import Store
from briefing.store.editions import EditionRecord


class DeliveryState(StrEnum):
    """`WAITING`: to be tried, again perhaps, at its time. `UNCLEAR`: the receiver may have it, a person must
    say. `FAILED`: refused, or given up. `SUPERSEDED`: a later version was made before this one went out."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCLEAR = "unclear"
    SUPERSEDED = "superseded"


class PartState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNCLEAR = "unclear"


OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)
TROUBLED = (DeliveryState.FAILED, DeliveryState.UNCLEAR)


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One of `edition` and `notice` (ids) is set. `about`: its key, for people. `receipt`: what the receiver
    said; `error_zh`, `error_en`: why it is not there, as of the last attempt."""

    id: int
    edition: int | None
    notice: int | None
    about: str
    channel: str
    state: DeliveryState
    attempts: int
    queued_at: datetime
    changed_at: datetime
    next_at: datetime
    receipt: str
    error_zh: str
    error_en: str


@dataclass(frozen=True, slots=True)
class PartRecord:
    part: int
    label: str
    digest: str
    state: PartState
    changed_at: datetime
    receipt: str


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    id: int
    key: str
    made_at: datetime
    title: str
    lines: tuple[str, ...]


_SELECT = (
    "SELECT d.*, coalesce(e.edition || '-' || e.day || '-v' || e.version, n.key) AS about FROM deliveries d"
    " LEFT JOIN editions e ON e.id = d.edition LEFT JOIN notices n ON n.id = d.notice"
)


def queue_edition(store: Store, record: EditionRecord, channels: Iterable[str], now: datetime) -> None:
    """A version is to go out on `channels`; what is queued or done already stays. What of its former versions
    has not gone out yet never will: a reader must not get the older one last."""
    with store.write() as db:
        for channel in channels:
            db.execute(
                "INSERT OR IGNORE INTO deliveries (edition, channel, state, queued_at, changed_at, next_at)"
                " VALUES (?, ?, 'waiting', ?, ?, ?)",
                (record.id, channel, now.isoformat(), now.isoformat(), now.isoformat()),
            )
        db.execute(
            "UPDATE deliveries SET state = 'superseded', changed_at = ? WHERE state IN ('waiting', 'failed')"
            " AND edition IN (SELECT id FROM editions WHERE edition = ? AND day = ? AND version < ?)",
            (now.isoformat(), record.edition, record.day.isoformat(), record.version),
        )


def queue_notice(store: Store, notice: NoticeRecord, channels: Iterable[str]) -> bool:
    """Keep a notice (its id is not used) and queue it; False, and nothing done, when its key is known."""
    with store.write() as db:
        made = db.execute(
            "INSERT OR IGNORE INTO notices (key, made_at, title, body) VALUES (?, ?, ?, ?)",
            (
                notice.key,
                notice.made_at.isoformat(),
                notice.title,
                json.dumps(notice.lines, ensure_ascii=False),
            ),
        )
        if not made.rowcount:
            return False
        for channel in channels:
            db.execute(
                "INSERT INTO deliveries (notice, channel, state, queued_at, changed_at, next_at)"
                " VALUES (?, ?, 'waiting', ?, ?, ?)",
                (made.lastrowid, channel, *[notice.made_at.isoformat()] * 3),
            )
    return True


def load_notice(store: Store, notice: int) -> NoticeRecord:
    row = store.row("SELECT * FROM notices WHERE id = ?", notice)
    assert row is not None
    made_at = datetime.fromisoformat(row["made_at"])
    return NoticeRecord(row["id"], row["key"], made_at, row["title"], tuple(json.loads(row["body"])))


def deliveries(store: Store, edition: int) -> list[DeliveryRecord]:
    """Those of one version (its id)."""
    return [_record(r) for r in store.rows(f"{_SELECT} WHERE d.edition = ? ORDER BY d.id", edition)]


def delivered_of_run(store: Store, edition: str, day: date, version: int) -> tuple[int, int]:
    """How many channels have got a version, of how many that were to."""
    row = store.row(
        "SELECT count(*) AS queued, coalesce(sum(d.state = 'sent'), 0) AS sent FROM deliveries d"
        " JOIN editions e ON e.id = d.edition WHERE e.edition = ? AND e.day = ? AND e.version = ?",
        edition,
        day.isoformat(),
        version,
    )
    assert row is not None
    return row["sent"], row["queued"]


def open_deliveries(store: Store) -> list[DeliveryRecord]:
    """All that wait or were cut off, in the order in which they were queued."""
    rows = store.rows(f"{_SELECT} WHERE d.state IN ('waiting', 'sending') ORDER BY d.id")
    return [_record(row) for row in rows]


def troubled_deliveries(store: Store, since: datetime) -> list[DeliveryRecord]:
    """All that failed or are unclear, queued at `since` or later; oldest first."""
    rows = store.rows(f"{_SELECT} WHERE d.state IN ('failed', 'unclear') ORDER BY d.id")
    return [record for record in map(_record, rows) if record.queued_at >= since]


def find_delivery(store: Store, delivery: int) -> DeliveryRecord:
    row = store.row(f"{_SELECT} WHERE d.id = ?", delivery)
    assert row is not None
    return _record(row)


def parts_of(store: Store, delivery: int) -> list[PartRecord]:
    rows = store.rows("SELECT * FROM delivery_parts WHERE delivery = ? ORDER BY part", delivery)
    return [
        PartRecord(
            row["part"],
            row["label"],
            row["digest"],
            PartState(row["state"]),
            datetime.fromisoformat(row["changed_at"]),
            row["receipt"],
        )
        for row in rows
    ]


def former_versions_out(store: Store, record: EditionRecord, channel: str) -> list[str]:
    """Keys of the former versions of which this channel has, or may have, anything."""
    rows = store.rows(
        "SELECT e.edition || '-' || e.day || '-v' || e.version AS key FROM deliveries d"
        " JOIN editions e ON e.id = d.edition WHERE e.edition = ? AND e.day = ? AND e.version < ?"
        " AND d.channel = ? AND (d.state IN ('sent', 'unclear') OR EXISTS (SELECT 1 FROM delivery_parts p"
        "   WHERE p.delivery = d.id AND p.state IN ('sent', 'unclear'))) ORDER BY e.version",
        record.edition,
        record.day.isoformat(),
        record.version,
        channel,
    )
    return [row["key"] for row in rows]


def plan_parts(store: Store, delivery: int, plan: Sequence[tuple[str, str]], now: datetime) -> None:
    """Note what the delivery is made of: (label, digest) of each part, in place of a former plan."""
    with store.write() as db:
        db.execute("DELETE FROM delivery_parts WHERE delivery = ?", (delivery,))
        db.executemany(
            "INSERT INTO delivery_parts (delivery, part, label, digest, state, changed_at)"
            " VALUES (?, ?, ?, ?, 'waiting', ?)",
            [(delivery, i, label, digest, now.isoformat()) for i, (label, digest) in enumerate(plan)],
        )


def begin_parts(store: Store, delivery: int, parts: Sequence[int], now: datetime) -> None:
    """From now until `finish_parts` it is not known whether the receiver has these parts."""
    with store.write() as db:
        db.execute(
            "UPDATE deliveries SET state = 'sending', changed_at = ? WHERE id = ?", (now.isoformat(), delivery)
        )
        _set_parts(db, delivery, [(part, PartState.SENDING, "") for part in parts], now)


def finish_parts(
    store: Store, delivery: int, done: Sequence[tuple[int, PartState, str]], now: datetime
) -> None:
    """(part, state, receipt) of each part that was handed over."""
    with store.write() as db:
        _set_parts(db, delivery, done, now)


def _set_parts(
    db: sqlite3.Connection, delivery: int, done: Sequence[tuple[int, PartState, str]], now: datetime
) -> None:
    db.executemany(
        "UPDATE delivery_parts SET state = ?, receipt = ?, changed_at = ? WHERE delivery = ? AND part = ?",
        [(state.value, receipt, now.isoformat(), delivery, part) for part, state, receipt in done],
    )


def count_attempt(store: Store, delivery: int, now: datetime) -> int:
    """One more attempt begins; which it is, from 1."""
    with store.write() as db:
        db.execute(
            "UPDATE deliveries SET state = 'sending', attempts = attempts + 1, changed_at = ? WHERE id = ?",
            (now.isoformat(), delivery),
        )
    return find_delivery(store, delivery).attempts


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an attempt left a delivery. `next_at` counts while it waits."""

    state: DeliveryState
    receipt: str = ""
    error_zh: str = ""
    error_en: str = ""
    next_at: datetime | None = None


def settle(store: Store, delivery: int, standing: Standing, now: datetime) -> None:
    """Write down how the attempt ended."""
    with store.write() as db:
        db.execute(
            "UPDATE deliveries SET state = ?, receipt = ?, error_zh = ?, error_en = ?, changed_at = ?,"
            " next_at = coalesce(?, next_at) WHERE id = ?",
            (
                standing.state.value,
                standing.receipt,
                standing.error_zh,
                standing.error_en,
                now.isoformat(),
                standing.next_at.isoformat() if standing.next_at else None,
                delivery,
            ),
        )


def try_again(store: Store, delivery: int, now: datetime, *, unclear: bool) -> None:
    """A person wants it tried at once, for as long as a new one is. `unclear`: its unclear parts too."""
    states = ("refused", "unclear") if unclear else ("refused", "refused")
    with store.write() as db:
        db.execute(
            "UPDATE deliveries SET state = 'waiting', queued_at = ?, next_at = ?, changed_at = ? WHERE id = ?",
            (*[now.isoformat()] * 3, delivery),
        )
        db.execute(
            "UPDATE delivery_parts SET state = 'waiting' WHERE delivery = ? AND state IN (?, ?)",
            (delivery, *states),
        )


def accept_parts(store: Store, delivery: int, receipt: str, now: datetime) -> None:
    """A person has looked: what was unclear has arrived."""
    with store.write() as db:
        db.execute(
            "UPDATE delivery_parts SET state = 'sent', receipt = ?, changed_at = ?"
            " WHERE delivery = ? AND state = 'unclear'",
            (receipt, now.isoformat(), delivery),
        )


def prune_notices(store: Store, before: datetime) -> int:
    """Forget notices made before. Returns how many."""
    with store.write() as db:
        return db.execute("DELETE FROM notices WHERE made_at < ?", (before.isoformat(),)).rowcount


def _record(row: sqlite3.Row) -> DeliveryRecord:
    return DeliveryRecord(
        id=row["id"],
        edition=row["edition"],
        notice=row["notice"],
        about=row["about"] or "",
        channel=row["channel"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        queued_at=datetime.fromisoformat(row["queued_at"]),
        changed_at=datetime.fromisoformat(row["changed_at"]),
        next_at=datetime.fromisoformat(row["next_at"]),
        receipt=row["receipt"],
        error_zh=row["error_zh"],
        error_en=row["error_en"],
    )

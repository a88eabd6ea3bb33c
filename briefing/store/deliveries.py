"""Which version went out on which channel: written before and after each attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from briefing.store.database import Store


class DeliveryState(StrEnum):
    """`SENDING` in a store that nobody uses: cut off in mid-delivery, so the receiver may have it."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    channel: str
    state: DeliveryState
    attempts: int
    changed_at: datetime
    detail: str


def delivery(store: Store, edition: int, channel: str) -> DeliveryRecord | None:
    """How far the delivery of a version (its id) on a channel has come; None: never tried."""
    found = [d for d in deliveries(store, edition) if d.channel == channel]
    return found[0] if found else None


def deliveries(store: Store, edition: int) -> list[DeliveryRecord]:
    rows = store.rows("SELECT * FROM deliveries WHERE edition = ? ORDER BY channel", edition)
    return [
        DeliveryRecord(
            row["channel"],
            DeliveryState(row["state"]),
            row["attempts"],
            datetime.fromisoformat(row["changed_at"]),
            row["detail"],
        )
        for row in rows
    ]


def begin_delivery(store: Store, edition: int, channel: str, now: datetime) -> int:
    """Note that an attempt starts; which attempt it is, from 1. Raises ValueError when it was sent already."""
    known = delivery(store, edition, channel)
    if known and known.state is DeliveryState.SENT:
        raise ValueError(f"edition {edition} was sent on {channel}")
    attempts = known.attempts + 1 if known else 1
    with store.write() as db:
        db.execute(
            "INSERT OR REPLACE INTO deliveries VALUES (?, ?, 'sending', ?, ?, '')",
            (edition, channel, attempts, now.isoformat()),
        )
    return attempts


def finish_delivery(
    store: Store, edition: int, channel: str, state: DeliveryState, now: datetime, detail: str = ""
) -> None:
    with store.write() as db:
        db.execute(
            "UPDATE deliveries SET state = ?, changed_at = ?, detail = ? WHERE edition = ? AND channel = ?",
            (state.value, now.isoformat(), detail, edition, channel),
        )

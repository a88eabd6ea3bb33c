"""A held edition goes out once somebody has approved it; who and when are kept."""

from __future__ import annotations

from datetime import date

from briefing.editions.delivering import send_queued
from briefing.editions.lock import run_lock
from briefing.editions.notifying import queue_notices
from briefing.editions.publishing import Published, publish
from briefing.editions.workplace import Workplace
from briefing.errors import StoreError
from briefing.run_tables import is_digest
from briefing.store.database import open_store
from briefing.store.editions import EditionRecord, EditionState, find_edition, set_approved


def approve(place: Workplace, edition: str, day: date, by: str) -> tuple[EditionRecord, Published]:
    """Approve and publish the latest version of an edition. Raises StoreError when there is none to approve."""
    name = edition if is_digest(edition) else place.edition(edition).name
    now = place.now()
    with run_lock(place.folder, now), open_store(place.store_path, create=False) as store:
        record = find_edition(store, name, day)
        if record is None:
            raise StoreError(
                "没有这一期，请先运行 briefing run",
                "there is no such edition: use briefing run first",
                source=f"{name} {day}",
            )
        if record.state is EditionState.PUBLISHED:
            who = f"（{record.approved_by}）" if record.approved_by else ""
            raise StoreError(f"这一期已发出{who}", "this edition has gone out already", source=f"{name} {day}")
        set_approved(store, record, by, now)
        place.observe("approved", {"edition": name, "day": day.isoformat(), "by": by})
        published = publish(store, place, record)
        queue_notices(store, place)
        send_queued(store, place)
        current = find_edition(store, name, day)
        assert current is not None
        return current, published

"""Editions with every version, the stories they printed, and what a later edition must know of them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from briefing import json_form
from briefing.records import Briefing, BriefingItem, EarlierItem
from briefing.store.database import Store, pack, unpack


class EditionState(StrEnum):
    MADE = "made"  # in the store, files and deliveries not finished
    HELD = "held"  # a draft that waits for approval
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """One version of the edition `edition` of `day`; its content comes by `load_edition`."""

    id: int
    edition: str
    day: date
    version: int
    memory: str
    run: int
    state: EditionState
    title: str
    issue_number: str
    items: int
    made_at: datetime
    published_at: datetime | None
    approved_by: str
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewEdition:
    """What is kept of an edition beside its briefing. Editions of one `memory` never repeat each other."""

    edition: str
    memory: str
    run: int
    documents: tuple[str, ...]
    held: bool


def keep_edition(store: Store, briefing: Briefing, new: NewEdition, now: datetime) -> EditionRecord:
    """Store the next version of an edition with its stories and what it was made from, in one transaction."""
    with store.write() as db:
        last = db.execute(
            "SELECT max(version) FROM editions WHERE edition = ? AND day = ?",
            (new.edition, briefing.date.isoformat()),
        ).fetchone()[0]
        key = db.execute(
            "INSERT INTO editions (edition, day, version, memory, run, state, title, issue_number, items,"
            " made_at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                new.edition,
                briefing.date.isoformat(),
                (last or 0) + 1,
                new.memory,
                new.run,
                (EditionState.HELD if new.held else EditionState.MADE).value,
                briefing.title,
                briefing.issue_number,
                len(briefing.items),
                now.isoformat(),
                pack(briefing),
            ),
        ).lastrowid
        db.executemany(
            "INSERT OR IGNORE INTO edition_documents VALUES (?, ?)", [(key, h) for h in new.documents]
        )
        db.executemany(
            "INSERT INTO stories VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(key, i, *_story_row(item)) for i, item in enumerate(briefing.items)],
        )
        db.execute("UPDATE runs SET stage = 'made', version = ? WHERE id = ?", ((last or 0) + 1, new.run))
    found = store.row("SELECT * FROM editions WHERE id = ?", key)
    assert found is not None
    return _record(found)


def _story_row(item: BriefingItem) -> tuple[str, str, str, float, str | None, bytes]:
    earlier = json_form.to_json(item.earlier).decode() if item.earlier else None
    return (item.story.lead.id, item.summary.headline, item.area, item.score, earlier, pack(item))


def find_edition(store: Store, edition: str, day: date, version: int = 0) -> EditionRecord | None:
    """A version of an edition, the latest when `version` is 0."""
    row = store.row(
        "SELECT * FROM editions WHERE edition = ? AND day = ? AND ? IN (0, version)"
        " ORDER BY version DESC LIMIT 1",
        edition,
        day.isoformat(),
        version,
    )
    return _record(row) if row else None


def edition_of_run(store: Store, run: int) -> EditionRecord | None:
    """The version that a run has made already, before it was cut off."""
    row = store.row("SELECT * FROM editions WHERE run = ? ORDER BY id DESC LIMIT 1", run)
    return _record(row) if row else None


def list_editions(store: Store, since: date, until: date, *, edition: str = "") -> list[EditionRecord]:
    """The latest version of each edition of the days `since`..`until`, oldest first."""
    rows = store.rows(
        "SELECT * FROM editions e WHERE day BETWEEN ? AND ? AND ? IN ('', edition) AND version ="
        " (SELECT max(version) FROM editions x WHERE x.edition = e.edition AND x.day = e.day)"
        " ORDER BY day, id",
        since.isoformat(),
        until.isoformat(),
        edition,
    )
    return [_record(row) for row in rows]


def list_versions(store: Store, edition: str, day: date) -> list[EditionRecord]:
    rows = store.rows(
        "SELECT * FROM editions WHERE edition = ? AND day = ? ORDER BY version", edition, day.isoformat()
    )
    return [_record(row) for row in rows]


def load_edition(store: Store, record: EditionRecord) -> Briefing:
    row = store.row("SELECT body FROM editions WHERE id = ?", record.id)
    assert row is not None
    return unpack(row["body"], Briefing, source=f"{record.edition} {record.day}")


def find_story(
    store: Store, edition: str, day: date, lead: str
) -> tuple[EditionRecord, int, BriefingItem] | None:
    """The item with this lead in the latest version of an edition, and its number there, from 1."""
    record = find_edition(store, edition, day)
    if record is None:
        return None
    row = store.row(
        "SELECT position, body FROM stories WHERE edition = ? AND lead = ? LIMIT 1", record.id, lead
    )
    if row is None:
        return None
    item = unpack(row["body"], BriefingItem, source=f"{edition} {day}")
    return record, row["position"] + 1, item


def edition_documents(store: Store, edition: str, day: date) -> list[str]:
    """Hashes of all documents that any version of an edition was made from."""
    rows = store.rows(
        "SELECT DISTINCT d.hash FROM edition_documents d JOIN editions e ON e.id = d.edition"
        " WHERE e.edition = ? AND e.day = ?",
        edition,
        day.isoformat(),
    )
    return [row["hash"] for row in rows]


def printed_before(
    store: Store, memory: str, edition: str, day: date, since: date
) -> list[tuple[EarlierItem, BriefingItem]]:
    """What editions of `memory` printed from `since` up to the edition `edition` of `day`, newest first.

    Of each edition the latest version counts. Editions of the same day count when they were first made before
    this one was, so that making a morning edition again does not see the evening's.
    """
    first = "(SELECT min(id) FROM editions x WHERE x.edition = {0}.edition AND x.day = {0}.day)"
    own = store.row(
        "SELECT min(id) AS id FROM editions WHERE edition = ? AND day = ?", edition, day.isoformat()
    )
    before = own["id"] if own and own["id"] is not None else None
    rows = store.rows(
        "SELECT e.edition, e.day, e.issue_number, s.body FROM stories s JOIN editions e ON e.id = s.edition"  # noqa: S608 - constants
        " WHERE e.memory = ? AND e.day >= ? AND (e.day < ? OR (e.day = ? AND e.edition <> ?"
        f"   AND (? IS NULL OR {first.format('e')} < ?)))"
        " AND e.version = (SELECT max(version) FROM editions x WHERE x.edition = e.edition AND x.day = e.day)"
        f" ORDER BY e.day DESC, {first.format('e')} DESC, s.position",
        memory, since.isoformat(), day.isoformat(), day.isoformat(), edition, before, before,
    )  # fmt: skip
    found = []
    for row in rows:
        item = unpack(row["body"], BriefingItem, source=f"{row['edition']} {row['day']}")
        printed_on = date.fromisoformat(row["day"])
        former = item.earlier
        found.append(
            (
                EarlierItem(
                    printed_on=printed_on,
                    edition=row["edition"],
                    headline=item.summary.headline,
                    issue_number=row["issue_number"],
                    lead_id=item.story.lead.id,
                    first_date=(former.first_date if former else None) or printed_on,
                    days=former.days + 1 if former else 1,
                ),
                item,
            )
        )
    return found


def set_published(store: Store, record: EditionRecord, now: datetime) -> None:
    with store.write() as db:
        db.execute(
            "UPDATE editions SET state = 'published', published_at = coalesce(published_at, ?) WHERE id = ?",
            (now.isoformat(), record.id),
        )


def set_approved(store: Store, record: EditionRecord, by: str, now: datetime) -> None:
    """A held edition may go out. Who and when are kept; a second approval changes nothing."""
    with store.write() as db:
        db.execute(
            "UPDATE editions SET state = 'made', approved_by = ?, approved_at = ?"
            " WHERE id = ? AND state = 'held'",
            (by, now.isoformat(), record.id),
        )


def prune_editions(store: Store, before: date) -> int:
    """Forget older versions of editions of days before `before`; the latest of each is never dropped."""
    with store.write() as db:
        return db.execute(
            "DELETE FROM editions WHERE day < ? AND version < (SELECT max(version) FROM editions x"
            " WHERE x.edition = editions.edition AND x.day = editions.day)",
            (before.isoformat(),),
        ).rowcount


def _record(row: sqlite3.Row) -> EditionRecord:
    return EditionRecord(
        id=row["id"],
        edition=row["edition"],
        day=date.fromisoformat(row["day"]),
        version=row["version"],
        memory=row["memory"],
        run=row["run"],
        state=EditionState(row["state"]),
        title=row["title"],
        issue_number=row["issue_number"],
        items=row["items"],
        made_at=datetime.fromisoformat(row["made_at"]),
        published_at=datetime.fromisoformat(row["published_at"]) if row["published_at"] else None,
        approved_by=row["approved_by"] or "",
        approved_at=datetime.fromisoformat(row["approved_at"]) if row["approved_at"] else None,
    )

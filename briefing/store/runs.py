"""Runs: which are unfinished and how far they came, their source reports, and how they ended."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from briefing import json_form
from briefing.records import RunReport, SourceReport, Summary
from briefing.run_tables import is_digest
from briefing.store.database import Store, pack, unpack

# The most that `schedule.catch_up_hours` can be: nothing older is gone on with by itself.
OPEN_DAYS = 7


class RunState(StrEnum):
    """`RUNNING` without a living owner of the lock: cut off, to be gone on with."""

    RUNNING = "running"
    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"
    UNCHANGED = "unchanged"  # nothing new for a date that has its edition
    EMPTY = "empty"  # sources answered, and nothing was fit to print


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One row of `runs`. `stage`: the last that is wholly in the store."""

    id: int
    edition: str
    day: date
    redo: bool
    stage: str
    status: RunState
    started_at: datetime
    finished_at: datetime | None
    resumed: int
    version: int | None
    report: RunReport | None
    message: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended. `message`: for the person who looks at `briefing runs`."""

    status: RunState
    report: RunReport | None = None
    version: int | None = None
    message: str = ""


def begin_run(store: Store, edition: str, day: date, redo: bool, now: datetime) -> RunRecord:
    """The cut-off run of this edition and day, to be gone on with, or else a new one.

    Cut-off runs of the same edition that this one stands in for, of the same day in the other mode or of an
    earlier day, are closed as failed: what they fetched waits for the next edition. Those of other editions and
    of later days stay open for `OPEN_DAYS`, and so do digests: each is of its own period.
    """
    with store.write() as db:
        rows = db.execute("SELECT * FROM runs WHERE status = 'running' ORDER BY id").fetchall()
        own = [r for r in rows if (r["edition"], r["day"], r["redo"]) == (edition, day.isoformat(), redo)]
        for row in rows:
            earlier = row["day"] < day.isoformat() and not is_digest(edition)
            replaced = row["edition"] == edition and (row["day"] == day.isoformat() or earlier)
            stale = datetime.fromisoformat(row["started_at"]) < now - timedelta(days=OPEN_DAYS)
            if row not in own[-1:] and (replaced or stale):
                db.execute(
                    "UPDATE runs SET status = 'failed', finished_at = ?, message = 'cut off' WHERE id = ?",
                    (now.isoformat(), row["id"]),
                )
                db.execute("DELETE FROM summaries WHERE run = ?", (row["id"],))
        if own:
            run = own[-1]["id"]
            db.execute("UPDATE runs SET resumed = resumed + 1 WHERE id = ?", (run,))
        else:
            run = db.execute(
                "INSERT INTO runs (edition, day, redo, stage, status, started_at)"
                " VALUES (?, ?, ?, '', 'running', ?)",
                (edition, day.isoformat(), redo, now.isoformat()),
            ).lastrowid
    found = store.row("SELECT * FROM runs WHERE id = ?", run)
    assert found is not None
    return _record(found)


def reach(store: Store, run: int, stage: str) -> None:
    with store.write() as db:
        db.execute("UPDATE runs SET stage = ? WHERE id = ?", (stage, run))


def finish_run(store: Store, run: int, ending: Ending, now: datetime) -> None:
    report = json_form.to_json(ending.report).decode() if ending.report else None
    with store.write() as db:
        db.execute(
            "UPDATE runs SET status = ?, finished_at = ?, report = ?, version = ?, message = ? WHERE id = ?",
            (ending.status.value, now.isoformat(), report, ending.version, ending.message, run),
        )
        db.execute("DELETE FROM summaries WHERE run = ?", (run,))


def list_runs(store: Store, limit: int = 20, edition: str = "") -> list[RunRecord]:
    """The latest runs, newest first."""
    rows = store.rows("SELECT * FROM runs WHERE ? IN ('', edition) ORDER BY id DESC LIMIT ?", edition, limit)
    return [_record(row) for row in rows]


def last_run(store: Store, edition: str, day: date) -> RunRecord | None:
    """The latest run of an edition of a day."""
    row = store.row(
        "SELECT * FROM runs WHERE edition = ? AND day = ? ORDER BY id DESC LIMIT 1", edition, day.isoformat()
    )
    return _record(row) if row else None


def first_day(store: Store, edition: str) -> date | None:
    """The first day for which an edition was tried."""
    row = store.row(
        "SELECT min(day) AS day FROM (SELECT day FROM runs WHERE edition = ? UNION SELECT day FROM editions"
        " WHERE edition = ?)",
        edition,
        edition,
    )
    return date.fromisoformat(row["day"]) if row and row["day"] else None


def record_run(store: Store, edition: str, day: date, ending: Ending, now: datetime) -> int:
    """The id of a run that has nothing to go on with: it is written down when it is over, or as it begins."""
    with store.write() as db:
        run = db.execute(
            "INSERT INTO runs (edition, day, redo, stage, status, started_at, finished_at, version, message)"
            " VALUES (?, ?, 0, '', ?, ?, ?, ?, ?)",
            (
                edition,
                day.isoformat(),
                ending.status.value,
                now.isoformat(),
                now.isoformat(),
                ending.version,
                ending.message,
            ),
        ).lastrowid
    assert run is not None
    return run


def source_reports(store: Store, run: int) -> dict[str, SourceReport]:
    """The sources that this run is done with, by name."""
    rows = store.rows("SELECT source, report FROM run_sources WHERE run = ?", run)
    return {
        r["source"]: json_form.from_json(r["report"].encode(), SourceReport, source="run_sources") for r in rows
    }


def freeze_documents(store: Store, run: int, hashes: Sequence[str], stage: str) -> None:
    """Fix what the run is made from, and that it has come to `stage`, together."""
    with store.write() as db:
        db.execute("DELETE FROM run_documents WHERE run = ?", (run,))
        db.executemany(
            "INSERT INTO run_documents (run, position, hash) VALUES (?, ?, ?)",
            [(run, i, key) for i, key in enumerate(hashes)],
        )
        db.execute("UPDATE runs SET stage = ? WHERE id = ?", (stage, run))


def frozen_documents(store: Store, run: int) -> list[tuple[str, bool]]:
    """Hash of each document of the run, and whether it is left for a later edition (the time was up)."""
    rows = store.rows("SELECT hash, late FROM run_documents WHERE run = ? ORDER BY position", run)
    return [(row["hash"], bool(row["late"])) for row in rows]


def mark_late(store: Store, run: int, hashes: Sequence[str]) -> None:
    with store.write() as db:
        db.executemany(
            "UPDATE run_documents SET late = 1 WHERE run = ? AND hash = ?", [(run, key) for key in hashes]
        )


def reserved_documents(store: Store, run: int, editions: Sequence[str]) -> set[str]:
    """Hashes that cut-off runs of `editions` other than `run` have fixed as theirs and may still print."""
    rows = store.rows(
        "SELECT r.edition, d.hash FROM run_documents d JOIN runs r ON r.id = d.run"
        " WHERE r.status = 'running' AND r.id <> ?",
        run,
    )
    return {row["hash"] for row in rows if row["edition"] in editions}


def load_summary(store: Store, run: int, key: str) -> Summary | None:
    row = store.row("SELECT body FROM summaries WHERE run = ? AND key = ?", run, key)
    return unpack(row["body"], Summary, source=key) if row else None


def keep_summaries(store: Store, run: int, done: Sequence[tuple[str, Summary]]) -> None:
    with store.write() as db:
        rows = [(run, k, pack(s)) for k, s in done]
        db.executemany("INSERT OR REPLACE INTO summaries VALUES (?, ?, ?)", rows)


def prune_runs(store: Store, before: date) -> int:
    """Forget runs that ended before `before`, whatever day their edition was of; editions stay. How many."""
    with store.write() as db:
        return db.execute(
            "DELETE FROM runs WHERE substr(coalesce(finished_at, started_at), 1, 10) < ?"
            " AND status <> 'running'",
            (before.isoformat(),),
        ).rowcount


def _record(row: sqlite3.Row) -> RunRecord:
    report = row["report"]
    return RunRecord(
        id=row["id"],
        edition=row["edition"],
        day=date.fromisoformat(row["day"]),
        redo=bool(row["redo"]),
        stage=row["stage"],
        status=RunState(row["status"]),
        started_at=datetime.fromisoformat(row["started_at"]),
        finished_at=datetime.fromisoformat(row["finished_at"]) if row["finished_at"] else None,
        resumed=row["resumed"],
        version=row["version"],
        report=json_form.from_json(report.encode(), RunReport, source="runs") if report else None,
        message=row["message"],
    )

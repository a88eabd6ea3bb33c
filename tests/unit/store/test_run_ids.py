"""Runs are counted on for ever: an id that an edition or a notice names is never given out again."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from briefing.store.database import APPLICATION_ID, Store, open_store
from briefing.store.runs import Ending, RunRecord, RunState, begin_run, finish_run, list_runs, prune_runs
from briefing.store.schema import STEPS

NOW = datetime(2026, 3, 5, 7, tzinfo=UTC)
DAY = date(2026, 3, 5)
# The step at which runs were given AUTOINCREMENT.
BEFORE = 3


def former_store(path: Path, *rows: str) -> None:
    """A store as the program before wrote it, with `rows` (SQL) in it."""
    db = sqlite3.connect(path)
    for step in STEPS[:BEFORE]:
        db.executescript(step)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {BEFORE}")
    for row in rows:
        db.execute(row)
    db.commit()
    db.close()


def run_row(key: int, status: str = "ok") -> str:
    return (
        "INSERT INTO runs (id, edition, day, redo, stage, status, started_at)"
        f" VALUES ({key}, 'daily', '2026-03-04', 0, 'gathered', '{status}', '2026-03-04T07:00:00+00:00')"
    )


EDITION_OF_RUN_9 = (
    "INSERT INTO editions (edition, day, version, memory, run, state, title, issue_number, items, made_at, body)"
    " VALUES ('daily', '2024-04-02', 1, 'main', 9, 'published', 't', '', 1, 'x', x'00')"
)
NOTICE_OF_RUN_12 = "INSERT INTO notices (key, made_at, title, body) VALUES ('recovered:12', 'x', 't', '[]')"
NOTICE_OF_A_DRAFT = "INSERT INTO notices (key, made_at, title, body) VALUES ('held:40', 'x', 't', '[]')"


def begin(store: Store, day: date = DAY, edition: str = "daily", *, redo: bool = False) -> RunRecord:
    return begin_run(store, edition, day, redo, NOW)


@pytest.mark.parametrize(
    ("rows", "following"),
    [
        pytest.param((), 1, id="an empty store"),
        pytest.param((run_row(3),), 4, id="the largest run"),
        pytest.param((run_row(3), EDITION_OF_RUN_9), 10, id="a pruned run that an edition names"),
        pytest.param((EDITION_OF_RUN_9, NOTICE_OF_RUN_12, NOTICE_OF_A_DRAFT), 13, id="one a notice names"),
    ],
)
def test_a_store_of_the_step_before_goes_on_above_every_id_that_was_named(
    tmp_path: Path, rows: tuple[str, ...], following: int
) -> None:
    former_store(tmp_path / "store.db", *rows)
    with open_store(tmp_path / "store.db") as store:
        assert begin(store).id == following


def test_what_hung_on_a_run_still_does_after_the_migration(tmp_path: Path) -> None:
    former_store(
        tmp_path / "store.db",
        run_row(1),
        run_row(2, "running"),
        "INSERT INTO documents (hash, source, uri, title, fetched_on, chars) VALUES ('h', 's', '', '', 'x', 1)",
        "INSERT INTO run_documents (run, position, hash) VALUES (1, 0, 'h'), (2, 0, 'h')",
        "INSERT INTO run_sources VALUES (1, 's', '{}'), (2, 's', '{}')",
        "INSERT INTO summaries VALUES ('k', x'00')",
    )
    with open_store(tmp_path / "store.db") as store:
        assert store.rows("PRAGMA foreign_key_check") == []
        assert [r.status for r in list_runs(store)] == [RunState.RUNNING, RunState.OK]
        assert [tuple(r) for r in store.rows("SELECT run, key FROM summaries")] == [(2, "k")]
        with store.write() as db:
            db.execute("DELETE FROM runs WHERE id = 2")
        for table in ("run_documents", "run_sources"):
            assert [r["run"] for r in store.rows(f"SELECT run FROM {table}")] == [1]
        assert store.rows("SELECT * FROM summaries") == []


def test_a_run_is_forgotten_by_when_it_ran_not_by_its_date_and_its_id_is_not_used_again(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.db") as store:
        old = begin(store, date(2024, 4, 2))
        finish_run(store, old.id, Ending(RunState.OK), NOW)
        assert prune_runs(store, DAY - timedelta(days=365)) == 0
        assert prune_runs(store, DAY + timedelta(days=1)) == 1
        assert begin(store, date(2024, 4, 2)).id == old.id + 1


@pytest.mark.parametrize(
    ("edition", "day", "redo", "left_open"),
    [
        pytest.param("evening", DAY, False, True, id="another edition's run leaves it open"),
        pytest.param("daily", DAY - timedelta(days=1), True, True, id="an older day made again leaves it open"),
        pytest.param("daily", DAY, True, False, id="made again it is replaced"),
        pytest.param("daily", DAY + timedelta(days=1), False, False, id="the next day takes over"),
        pytest.param("evening", DAY + timedelta(days=1), False, True, id="another edition's next day"),
    ],
)
def test_a_cut_off_run_is_closed_only_by_a_run_that_stands_in_for_it(
    tmp_path: Path, edition: str, day: date, redo: bool, left_open: bool
) -> None:
    with open_store(tmp_path / "store.db") as store:
        cut = begin(store)
        keep(store, cut.id)
        other = begin(store, day, edition, redo=redo)
        finish_run(store, other.id, Ending(RunState.OK), NOW)
        assert [r.status for r in list_runs(store) if r.id == cut.id] == [
            RunState.RUNNING if left_open else RunState.FAILED
        ]
        assert bool(store.rows("SELECT * FROM summaries")) is left_open


def test_a_cut_off_run_of_an_edition_that_is_never_run_again_is_closed_in_the_end(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.db") as store:
        cut = begin(store)
        begin_run(store, "evening", DAY + timedelta(days=7), False, NOW + timedelta(days=7))
        assert list_runs(store, edition="daily")[0].status is RunState.RUNNING
        begin_run(store, "evening", DAY + timedelta(days=8), False, NOW + timedelta(days=8))
        assert [(r.id, r.status) for r in list_runs(store, edition="daily")] == [(cut.id, RunState.FAILED)]


def test_a_cut_off_digest_does_not_give_way_to_the_next_weeks(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.db") as store:
        begin(store, DAY, "weekly")
        begin(store, DAY + timedelta(days=7), "weekly")
        assert [r.status for r in list_runs(store)] == [RunState.RUNNING, RunState.RUNNING]


def keep(store: Store, run: int) -> None:
    with store.write() as db:
        db.execute("INSERT INTO summaries VALUES (?, 'k', x'00')", (run,))

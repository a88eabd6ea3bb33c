"""The store as a file: made, checked, brought up to date, copied, and safe when the disk is full."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from briefing.errors import StoreError
from briefing.records import RawDocument, SourceReport, SourceStatus
from briefing.store import documents as kept
from briefing.store.database import Store, open_store
from briefing.store.documents import Fetch, document_hash, pending_documents, source_memory
from briefing.store.runs import begin_run
from briefing.store.schema import STEPS

NOW = datetime(2026, 3, 5, 7, tzinfo=UTC)


def document(text: str, *, day: date | None = None, source: str = "in/a.txt") -> RawDocument:
    return RawDocument(source, "text/plain", NOW, "0" * 64, text, published_on=day)


def test_a_new_store_has_the_whole_schema_and_opens_again(tmp_path: Path) -> None:
    with open_store(tmp_path / "deep" / "store.db") as store:
        assert store.row("PRAGMA user_version")[0] == len(STEPS)  # type: ignore[index]
        assert store.row("PRAGMA journal_mode")[0] == "wal"  # type: ignore[index]
        assert store.row("PRAGMA foreign_keys")[0] == 1  # type: ignore[index]
    with open_store(tmp_path / "deep" / "store.db", create=False) as store:
        assert store.rows("SELECT * FROM editions") == []


def test_missing_store_is_not_made_for_a_reader(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store yet"):
        open_store(tmp_path / "store.db", create=False)
    assert not (tmp_path / "store.db").exists()


def keep_fetched(
    store: Store, source: str, texts: list[RawDocument], memory: dict[str, str], now: datetime
) -> int:
    run = begin_run(store, "daily", now.date(), False, now).id
    return kept.keep_fetched(
        store, run, Fetch(SourceReport(source, "folder", SourceStatus.FETCHED), texts, memory), now
    )


def foreign(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as db:
        db.execute(sql)
    db.close()


def other(path: Path) -> None:
    path.unlink()
    foreign(path, "CREATE TABLE notes (text)")


def garble(path: Path) -> None:
    body = bytearray(path.read_bytes())
    for at in range(4096 * 3, len(body), 7):
        body[at] = 0xFF
    path.write_bytes(body)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda p: p.write_bytes(b"not a database at all" * 100), "damaged", id="another file"),
        pytest.param(lambda p: foreign(p, "PRAGMA user_version = 99"), "later version", id="later version"),
        pytest.param(other, "not a store", id="another program's database"),
        pytest.param(garble, "damaged", id="damaged pages"),
    ],
)
def test_a_store_that_cannot_be_used_is_refused(tmp_path: Path, spoil: object, said: str) -> None:
    path = tmp_path / "store.db"
    with open_store(path) as store:
        keep_fetched(store, "s", [document(f"第{i}篇。" * 400) for i in range(50)], {}, NOW)
    spoil(path)  # type: ignore[operator]
    with pytest.raises(StoreError, match=said):
        open_store(path)


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.db") as store:
        with pytest.raises(StoreError), store.write() as db:  # noqa: PT012 - the second fails
            db.execute("INSERT INTO source_memory VALUES ('s', '{}', 'now')")
            db.execute("INSERT INTO source_memory VALUES ('s', '{}', 'again')")
        assert store.rows("SELECT * FROM source_memory") == []


def test_documents_and_memory_are_kept_together_and_a_text_only_once(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.db") as store:
        assert keep_fetched(store, "s", [document("甲"), document("乙")], {"etag": "1"}, NOW) == 2
        assert keep_fetched(store, "s", [document("乙"), document("丙")], {"etag": "2"}, NOW) == 1
        assert source_memory(store, "s") == {"etag": "2"}
        assert source_memory(store, "other") == {}


def test_pending_documents_come_in_the_order_of_sources_whatever_the_order_of_fetching(tmp_path: Path) -> None:
    day = date(2026, 3, 5)
    with open_store(tmp_path / "store.db") as store:
        keep_fetched(store, "late", [document("三", day=day)], {}, NOW)
        keep_fetched(
            store,
            "first",
            [document("一", day=day), document("二"), document("旧", day=date(2026, 1, 1))],
            {},
            NOW,
        )
        hashes = pending_documents(store, ["first", "late"], "main", date(2026, 3, 3), day, undated=True)
        assert hashes == [
            document_hash("first", document("一", day=day)),
            document_hash("first", document("二")),
            document_hash("late", document("三", day=day)),
        ]
        assert len(pending_documents(store, ["first"], "main", date(2026, 3, 3), day, undated=False)) == 1


def test_backup_is_whole_and_usable_while_another_writes(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.db") as store:
        keep_fetched(store, "s", [document("甲")], {}, NOW)
        with store.write() as db:
            db.execute("INSERT INTO source_memory VALUES ('t', '{}', 'now')")
            # A backup taken by another connection in mid-transaction sees what is committed.
            with open_store(tmp_path / "store.db") as reader:
                reader.backup(tmp_path / "copies" / "copy.db")
    with open_store(tmp_path / "copies" / "copy.db", create=False) as copy:
        assert len(copy.rows("SELECT * FROM documents")) == 1
        assert [r["source"] for r in copy.rows("SELECT source FROM source_memory")] == ["s"]
    assert [p.name for p in (tmp_path / "copies").iterdir() if "part" in p.name] == []


def test_vacuum_gives_space_back(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.db") as store:
        keep_fetched(
            store,
            "s",
            [
                document("".join(chr(0x4E00 + (i * 7919 + k * 104729) % 20000) for k in range(3000)))
                for i in range(60)
            ],
            {},
            NOW,
        )
        with store.write() as db:
            db.execute("DELETE FROM documents")
        before, after = store.vacuum()
        assert after < before / 3


FULL = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from briefing.errors import StoreError
from briefing.records import RawDocument
from briefing.store.database import Store, open_store
from briefing.records import SourceReport, SourceStatus
from briefing.store.documents import Fetch, keep_fetched
from briefing.store.runs import begin_run
now = datetime(2026, 3, 5, 7, tzinfo=UTC)
def document(i): return RawDocument("a", "text/plain", now, "0", "".join(chr(0x4E00 + (i * 7919 + k * 104729) % 20000) for k in range(4000)))
store = open_store(Path(sys.argv[1]))
run = begin_run(store, "daily", now.date(), False, now).id
def keep(documents, n): keep_fetched(store, run, Fetch(SourceReport("s", "folder", SourceStatus.FETCHED), documents, {"n": n}), now)
keep([document(0)], "1")
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    for n in range(1, 60): keep([document(n * 10 + k) for k in range(10)], str(n + 1))
except StoreError as err:
    print(err.en)
"""


def test_a_full_disk_is_told_and_what_was_committed_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert "disk may be full" in done.stdout
    with open_store(path) as store:
        kept = len(store.rows("SELECT * FROM documents"))
        assert int(source_memory(store, "s")["n"]) == 1 + (kept - 1) // 10
        assert kept % 10 == 1

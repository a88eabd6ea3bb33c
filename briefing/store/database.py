"""Opens the store: migrations, integrity, transactions, backup. What stands in it is the other files' part."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from briefing import json_form
from briefing.errors import StoreError
from briefing.store.schema import STEPS

T = TypeVar("T")
# "brif": tells our files from any other SQLite file (PRAGMA application_id).
APPLICATION_ID = 0x62726966
# Longer than any of our own write transactions, so that `status` beside a run waits instead of failing.
_BUSY_SECONDS = 30


class Store:
    """An open store. Use `write` for every change; plain reads through `rows` and `row`."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or nothing. Raises StoreError, for a full disk too."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite has rolled back by itself after some errors; a second ROLLBACK would hide the first.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as err:
            raise store_error(err, self.path) from err

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as err:
            raise store_error(err, self.path) from err

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        found = self.rows(sql, *values)
        return found[0] if found else None

    def backup(self, to: Path) -> None:
        """A consistent copy at `to`, also while a run writes; replaces a file there only when it is whole."""
        part = to.with_name(f".{to.name}.part")
        try:
            to.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            with contextlib.closing(sqlite3.connect(part)) as target:
                self._connection.backup(target)
            _check(part)
            os.replace(part, to)
        except (sqlite3.Error, OSError) as err:
            raise store_error(err, to) from err
        finally:
            with contextlib.suppress(OSError):  # its folder may be none: what went wrong is told above
                part.unlink()

    def vacuum(self) -> tuple[int, int]:
        """Gives unused space back to the disk; its size in bytes before and after."""
        before = self.size_bytes()
        try:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as err:
            raise store_error(err, self.path) from err
        return before, self.size_bytes()

    def size_bytes(self) -> int:
        """Size of the file with its write-ahead log."""
        wal = self.path.with_name(self.path.name + "-wal")
        return self.path.stat().st_size + (wal.stat().st_size if wal.exists() else 0)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def open_store(path: Path, *, create: bool = True) -> Store:
    """The store at `path`, checked for damage and brought to this program's schema.

    Raises StoreError: missing (unless `create`), damaged, not ours, or written by a later program.
    """
    path = Path(path)
    if not create and not path.is_file():
        raise StoreError(
            "还没有数据库，请先运行 briefing run",
            "there is no store yet: use briefing run first",
            source=str(path),
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    except (sqlite3.Error, OSError) as err:
        raise store_error(err, path) from err
    store = Store(path, connection)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        # A power cut may not lose a committed edition: FULL syncs the log at every commit.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        _quick_check(connection, path)
        _migrate(store, connection)
    except sqlite3.Error as err:
        connection.close()
        raise store_error(err, path) from err
    except BaseException:
        connection.close()
        raise
    return store


def _migrate(store: Store, connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    empty = not connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    if owner != APPLICATION_ID and not (empty and owner == 0):
        raise StoreError(
            "这不是本程序的数据库，请换一个路径",
            "this file is not a store of this program: use another path",
            source=str(store.path),
        )
    if version > len(STEPS):
        raise StoreError(
            f"数据库由更新的版本写成（{version}，本程序到 {len(STEPS)}），请升级程序",
            f"written by a later version ({version}, this program knows {len(STEPS)}): upgrade the program",
            source=str(store.path),
        )
    for number in range(version, len(STEPS)):
        with store.write():
            # Another process may have been quicker: look again inside the transaction.
            if connection.execute("PRAGMA user_version").fetchone()[0] > number:
                continue
            for statement in _statements(STEPS[number]):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number + 1}")


def _statements(script: str) -> Iterator[str]:
    """Single statements: `executescript` would commit the transaction around it."""
    gathered = ""
    for line in script.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""


def _quick_check(connection: sqlite3.Connection, path: Path) -> None:
    found = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
    if found != ["ok"]:
        raise _damaged(path, found[0])


def _check(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        _quick_check(connection, path)
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        if broken:
            raise _damaged(path, f"foreign key in {broken[0]}")


def _damaged(path: Path, detail: str) -> StoreError:
    return StoreError(
        f"数据库已损坏（{detail}）；请用备份替换该文件，或把它移走后重新运行",
        f"the store is damaged ({detail}): put a backup in its place, or move it away and run again",
        source=str(path),
    )


def store_error(err: sqlite3.Error | OSError, path: Path) -> StoreError:
    """`err` for a person."""
    text = str(err)
    if isinstance(err, sqlite3.DatabaseError) and ("malformed" in text or "not a database" in text):
        return _damaged(path, text)
    if "full" in text or "disk I/O" in text or "File too large" in text or "No space" in text:
        return StoreError(
            f"无法写入数据库，磁盘可能已满（{text}）；请腾出空间后再运行，已完成的部分不会丢失",
            f"cannot write the store, the disk may be full ({text}): free some space and run again, "
            "nothing finished is lost",
            source=str(path),
        )
    if "locked" in text:
        return StoreError(
            "数据库正被另一个程序占用，请稍后再试",
            "the store is in use by another program: try again later",
            source=str(path),
        )
    return StoreError(
        f"数据库无法使用（{text}），请检查路径与权限",
        f"the store cannot be used ({text}): check path and permissions",
        source=str(path),
    )


def pack(record: Any) -> bytes:
    """`record` as a body of the tables."""
    return zlib.compress(json_form.to_json(record), 6)


def unpack(body: bytes, kind: type[T], *, source: str) -> T:
    """The record of a body. Raises StoreError when it is damaged or of another form."""
    try:
        return json_form.from_json(zlib.decompress(body), kind, source=source)
    except zlib.error as err:
        raise StoreError(
            f"数据库记录损坏（{err}）", f"a record of the store is damaged ({err})", source=source
        ) from err

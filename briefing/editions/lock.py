"""One run at a time: a lock that the system frees when its owner dies, and a note of who that is."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from briefing.errors import StoreError

LOCK_NAME = "run.lock"
OWNER_NAME = "run.owner.json"


@contextlib.contextmanager
def run_lock(folder: Path, now: datetime) -> Iterator[dict[str, object] | None]:
    """Holds the lock of `folder`; gives the note of a former owner that died, or None.

    Raises StoreError, naming the owner and since when, while another process holds it. The lock itself is the
    operating system's, so one left by a killed process or a power cut is free at once; the note only tells.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK_NAME)
    try:
        lock.acquire(timeout=0)
    except Timeout as err:
        raise _busy(folder, now) from err
    try:
        left = owner(folder)
        _write_owner(folder, now)
        yield left
        (folder / OWNER_NAME).unlink(missing_ok=True)
    finally:
        lock.release()


def owner(folder: Path) -> dict[str, object] | None:
    """The note of the lock's owner: pid, host, since. None when there is none."""
    try:
        found = json.loads((folder / OWNER_NAME).read_text("utf-8"))
        return found if isinstance(found, dict) else None
    except (OSError, ValueError):
        return None


def is_locked(folder: Path) -> bool:
    """Does a living process hold the lock?"""
    if not (folder / LOCK_NAME).exists():
        return False
    lock = FileLock(folder / LOCK_NAME)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def _write_owner(folder: Path, now: datetime) -> None:
    note = {"pid": os.getpid(), "host": socket.gethostname(), "since": now.isoformat()}
    # A full disk must not stop a run before it has begun: the note is for people.
    with contextlib.suppress(OSError):
        (folder / OWNER_NAME).write_text(json.dumps(note), "utf-8")


def _busy(folder: Path, now: datetime) -> StoreError:
    note = owner(folder) or {}
    pid, host, since = note.get("pid", "?"), note.get("host", "?"), str(note.get("since", "?"))
    try:
        minutes = int((now - datetime.fromisoformat(since)).total_seconds() // 60)
        age_zh, age_en = f"，已 {minutes} 分钟", f", {minutes} minutes ago"
    except ValueError:
        age_zh = age_en = ""
    return StoreError(
        f"另一次运行正在进行（进程 {pid}，主机 {host}，开始于 {since}{age_zh}）；请等它结束",
        f"another run is going on (process {pid} on {host}, since {since}{age_en}): wait for it to end",
        source=str(folder / LOCK_NAME),
    )

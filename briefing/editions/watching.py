"""What a person or a monitor looks at: health file, Prometheus text file; and what is old goes."""

from __future__ import annotations

import contextlib
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from briefing.editions.digest_times import scheduled
from briefing.editions.logbook import LOG_NAME
from briefing.editions.workplace import Workplace
from briefing.errors import StoreError
from briefing.run_tables import is_digest
from briefing.store.database import Store
from briefing.store.documents import prune_documents
from briefing.store.editions import prune_editions
from briefing.store.runs import RunRecord, RunState, list_runs, prune_runs

HEALTH_NAME = "health.json"
GOOD = (RunState.OK, RunState.PARTIAL, RunState.UNCHANGED)


def tidy(store: Store, place: Workplace) -> None:
    """Drop what is past its time of keeping. A full disk is the next run's matter."""
    keep = place.config.keep
    today = place.now().date()
    with contextlib.suppress(StoreError):
        gone = prune_documents(
            store, today - timedelta(days=keep.documents_days), keep.documents_megabytes << 20
        )
        versions = prune_editions(store, today - timedelta(days=keep.versions_days))
        runs = prune_runs(store, today - timedelta(days=keep.runs_days))
        logs = drop_old_logs(place.folder, place.now() - timedelta(days=keep.log_days))
        if gone or versions or runs or logs:
            facts = {"documents": gone, "versions": versions, "runs": runs, "logs": logs}
            place.observe("tidied", facts)


def drop_old_logs(folder: Path, before: datetime) -> int:
    """Rotated log files last written to before the moment `before` go; how many. The one in use stays."""
    gone = 0
    for path in folder.glob(f"{LOG_NAME}.*"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < before.timestamp():
                path.unlink()
                gone += 1
    return gone


def last_runs(store: Store, place: Workplace) -> dict[str, tuple[RunRecord | None, RunRecord | None]]:
    """Of each configured edition, and each digest that comes by itself, the last finished run and the last good
    one. A digest of a holiday week that had nothing to put together is no run that went wrong."""
    found: dict[str, tuple[RunRecord | None, RunRecord | None]] = {}
    for name in (*(e.name for e in place.config.editions), *scheduled(place.config.digest)):
        runs = [r for r in list_runs(store, 100, name) if r.finished_at]
        runs = [r for r in runs if not (is_digest(name) and r.status is RunState.EMPTY)]
        found[name] = (runs[0] if runs else None, next((r for r in runs if r.status in GOOD), None))
    return found


def write_watch_files(store: Store, place: Workplace) -> None:
    """Health and Prometheus files as configured; one that cannot be written is told to the observer."""
    lasts = last_runs(store, place)
    files: list[tuple[Path, str]] = []
    if place.config.watch.health:
        files.append((place.folder / HEALTH_NAME, _health(lasts)))
    if place.config.watch.prometheus:
        files.append((place.base / place.config.watch.prometheus, _prometheus(lasts, store)))
    for path, body in files:
        part = path.with_name(f".{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(body, "utf-8")
            os.replace(part, path)
        except OSError as err:
            place.observe("not written", {"file": str(path), "message": str(err)})


def _health(lasts: dict[str, tuple[RunRecord | None, RunRecord | None]]) -> str:
    editions = {
        name: {
            "status": last.status.value if last else None,
            "day": last.day.isoformat() if last else None,
            "finished_at": last.finished_at.isoformat() if last and last.finished_at else None,
            "message": last.message if last else "",
            "last_good_day": good.day.isoformat() if good else None,
        }
        for name, (last, good) in lasts.items()
    }
    healthy = all(last is None or last.status in GOOD for last, _ in lasts.values())
    return json.dumps({"healthy": healthy, "editions": editions}, ensure_ascii=False, indent=1) + "\n"


def _prometheus(lasts: dict[str, tuple[RunRecord | None, RunRecord | None]], store: Store) -> str:
    """The text exposition format 0.0.4."""
    lines = ["# HELP briefing_last_run_good 1 when the last run made or kept an edition.",
             "# TYPE briefing_last_run_good gauge"]  # fmt: skip
    lines += [
        f'briefing_last_run_good{{edition="{n}"}} {int(r.status in GOOD)}' for n, (r, _) in lasts.items() if r
    ]
    lines += ["# HELP briefing_last_good_timestamp_seconds When a good run last finished.",
              "# TYPE briefing_last_good_timestamp_seconds gauge"]  # fmt: skip
    lines += [
        f'briefing_last_good_timestamp_seconds{{edition="{n}"}} {g.finished_at.timestamp():.0f}'
        for n, (_, g) in lasts.items()
        if g and g.finished_at
    ]
    lines += ["# HELP briefing_store_bytes Size of the store.", "# TYPE briefing_store_bytes gauge",
              f"briefing_store_bytes {store.size_bytes()}"]  # fmt: skip
    return "\n".join(lines) + "\n"

"""Asks every source at once, each within its time, and keeps what each gives as soon as it is there."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from datetime import date, timedelta

from briefing.editions.workplace import Workplace
from briefing.errors import BriefingError
from briefing.ingest.sources import FetchRequest, Source
from briefing.records import SourceReport, SourceStatus
from briefing.store.database import Store
from briefing.store.documents import Fetch, keep_fetched, source_memory
from briefing.store.runs import source_reports


def gather(store: Store, run: int, sources: Sequence[Source], day: date, place: Workplace) -> None:
    """Fetch from every source that `run` is not done with; afterwards each has a report in the store.

    A source that does not answer in its time is reported as failed and left behind: its thread ends with the
    process and writes nothing.
    """
    done = source_reports(store, run)
    waiting = [s for s in sources if s.name not in done]
    answers: queue.Queue[tuple[Source, Fetch]] = queue.Queue()
    limits = place.config.run
    now = place.now()
    since = day - timedelta(days=limits.max_age_days)
    requests = [(s, FetchRequest(day, since, now, source_memory(store, s.name))) for s in waiting]
    end = place.clock.monotonic() + limits.fetch_minutes * 60
    asked: dict[str, float] = {}
    open_sources = {s.name: s for s in waiting}
    while open_sources:
        while requests and len(asked) < limits.parallel_sources:
            source, request = requests.pop(0)
            asked[source.name] = place.clock.monotonic() + limits.source_minutes * 60
            threading.Thread(target=_ask, args=(source, request, answers), daemon=True).start()
        try:
            source, fetch = answers.get(timeout=max(0.0, min([end, *asked.values()]) - place.clock.monotonic()))
        except queue.Empty:
            late = [n for n, until in asked.items() if place.clock.monotonic() >= until]
            if place.clock.monotonic() >= end:
                late, requests = list(open_sources), []
            for name in late:
                asked.pop(name, None)
                _keep(store, run, _too_late(open_sources.pop(name)), place)
            continue
        if source.name in open_sources:  # else it came after its time was up
            asked.pop(source.name)
            del open_sources[source.name]
            _keep(store, run, fetch, place)


def _keep(store: Store, run: int, fetch: Fetch, place: Workplace) -> None:
    new = keep_fetched(store, run, fetch, place.now())
    report = fetch.report
    place.observe(
        "source", {"source": report.name, "status": report.status.value, "documents": new, "message": report.en}
    )


def _ask(source: Source, request: FetchRequest, answers: queue.Queue[tuple[Source, Fetch]]) -> None:
    try:
        outcome = source.fetch(request)
        fetch = Fetch(outcome.report, outcome.documents, outcome.memory)
    except Exception as err:  # a fault in one source must not cost the others
        fetch = Fetch(_failed(source, err))
    answers.put((source, fetch))


def _failed(source: Source, err: Exception) -> SourceReport:
    if isinstance(err, BriefingError):
        zh, en = err.zh, err.en
    else:
        kind = f"{type(err).__name__}: {err}"
        zh, en = f"程序内部错误（{kind}），请反馈", f"internal error ({kind}): please report"
    return SourceReport(source.name, source.kind, SourceStatus.FAILED, zh=zh, en=en)


def _too_late(source: Source) -> Fetch:
    return Fetch(
        SourceReport(
            source.name, source.kind, SourceStatus.FAILED, zh="超过时限，本期未等到", en="not there in its time"
        )
    )

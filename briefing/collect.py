"""Fetches the configured sources side by side. What becomes of the documents is left to its callers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from briefing.config import Config
from briefing.errors import BriefingError, ConfigError
from briefing.ingest import IngestLimits
from briefing.ingest.sources import (
    FetchOutcome,
    FetchRequest,
    SourceReport,
    SourceStatus,
    Surroundings,
    build_source,
)
from briefing.source_tables import AnySource

# Sources wait for the network most of the time; sources of one host still take turns (ingest.http_hosts).
DEFAULT_WORKERS = 8


def choose_sources(config: Config, names: Sequence[str] = ()) -> tuple[AnySource, ...]:
    """The tables of the named sources, else of all that are enabled. Raises ConfigError for an unknown name."""
    known = {table.name: table for table in config.sources}
    for name in names:
        if name not in known:
            listed = "、".join(known) or "（没有配置来源）"
            raise ConfigError(
                f"没有名为 {name} 的来源；可用：{listed}",
                f"no source named {name}; known: {listed}",
                source="sources",
            )
    if names:
        return tuple(known[name] for name in dict.fromkeys(names))
    return tuple(table for table in config.sources if table.enabled)


def surroundings(config: Config, limits: IngestLimits, base: Path) -> Surroundings:
    """What the sources of one run share. `base`: the configuration file's folder, for relative paths."""
    return Surroundings(limits=limits, contact=config.fetch.contact, base=base)


def fetch_sources(
    tables: Sequence[AnySource],
    request_of: Callable[[AnySource], FetchRequest],
    around: Surroundings,
    *,
    workers: int = DEFAULT_WORKERS,
    max_seconds: float = 3600.0,
) -> Iterator[FetchOutcome]:
    """The outcome of each source, in the order of `tables`, whichever is ready first.

    `max_seconds`: for all of them together; a source that has not begun by then has failed, and one at work
    stops at its next request. Foreseen or not, what goes wrong with one source is its FAILED report.
    """
    deadline = around.clock.monotonic() + max_seconds

    def fetch(table: AnySource) -> FetchOutcome:
        request = request_of(table)
        left = deadline - around.clock.monotonic()
        if left <= 0:
            zh, en = "抓取总时间已到，未及访问", "the time for fetching was up before it was visited"
            return _failed(table, request, zh, en)
        try:
            # Made only now, since a source's own time runs from its making.
            return build_source(table, replace(around, max_seconds=min(left, around.max_seconds))).fetch(
                request
            )
        except BriefingError as err:
            return _failed(table, request, err.zh, err.en)
        except Exception as err:
            kind = f"{type(err).__name__}: {err}"
            return _failed(
                table, request, f"程序内部错误（{kind}），请反馈", f"internal error ({kind}): please report"
            )

    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="source") as pool:
        yield from pool.map(fetch, tables)


def _failed(table: AnySource, request: FetchRequest, zh: str, en: str) -> FetchOutcome:
    kind = str(table.__struct_config__.tag)
    report = SourceReport(table.name, kind, SourceStatus.FAILED, zh=zh, en=en)
    return FetchOutcome((), report, dict(request.memory))

"""The table of sources: a new kind is a new file, a struct in `source_tables`, and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from briefing import __version__
from briefing.ingest.http import Fetcher, FetchPolicy
from briefing.ingest.http_hosts import Hosts
from briefing.ingest.limits import MEBIBYTE, IngestLimits
from briefing.ingest.sources.contract import Source
from briefing.ingest.sources.feed import Feed
from briefing.ingest.sources.folder import Folder
from briefing.ingest.sources.imap import Imap
from briefing.ingest.sources.link_list import LinkList
from briefing.ingest.sources.maildir import Maildir
from briefing.ingest.sources.page import Page
from briefing.ingest.sources.paper import Paper
from briefing.ingest.sources.paper_rules import load_rules
from briefing.net import guard
from briefing.net.clock import Clock
from briefing.net.guard import Resolver, parse_networks
from briefing.source_tables import (
    AnySource,
    FeedTable,
    FolderTable,
    ImapTable,
    ListTable,
    MaildirTable,
    PageTable,
    PaperTable,
    SourceTable,
    WebTable,
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the sources of one run share. `contact`: told to every site, beside the program's name.

    `max_seconds`: no source may take longer, whatever its table says. `base`: where relative paths begin.
    """

    limits: IngestLimits = field(default_factory=IngestLimits)
    contact: str = ""
    max_seconds: float = 7200.0
    base: Path = Path()
    hosts: Hosts = field(default_factory=Hosts)
    clock: Clock = field(default_factory=Clock)
    resolver: Resolver = guard.system_resolver


_Maker = Callable[[Any, Surroundings], Source]
SOURCES: Mapping[type[SourceTable], _Maker] = {
    FolderTable: lambda table, around: Folder(_placed(table, "path", around), around.limits),
    FeedTable: lambda table, around: Feed(table, _fetcher(table, around), _limits(table, around)),
    PageTable: lambda table, around: Page(table, _fetcher(table, around), _limits(table, around)),
    ListTable: lambda table, around: LinkList(table, _fetcher(table, around), _limits(table, around)),
    PaperTable: lambda table, around: Paper(
        table, load_rules(around.base / table.rules), _fetcher(table, around), _limits(table, around)
    ),
    MaildirTable: lambda table, around: Maildir(_placed(table, "path", around), around.limits),
    ImapTable: lambda table, around: Imap(_placed(table, "password_file", around), around.limits, around.clock),
}


def build_source(table: AnySource, surroundings: Surroundings) -> Source:
    """The source of one `[[sources]]` table, for one run: its time starts now. Raises ConfigError."""
    return SOURCES[type(table)](table, surroundings)


def _placed(table: Any, key: str, around: Surroundings) -> Any:
    """`table` with the path at `key` taken from the configuration's folder, where it is relative and given."""
    path = getattr(table, key)
    return msgspec.structs.replace(table, **{key: str(around.base / path) if path else ""})


def user_agent(contact: str) -> str:
    """Who is asking, so that a site can say no or ask for less."""
    return f"briefing/{__version__}" + (f" (+{contact})" if contact else "")


def _fetcher(table: WebTable, around: Surroundings) -> Fetcher:
    policy = FetchPolicy(
        user_agent=user_agent(around.contact),
        idle_seconds=table.idle_seconds,
        request_seconds=table.request_seconds,
        source_seconds=min(table.source_seconds, around.max_seconds),
        max_bytes=int(table.max_megabytes * MEBIBYTE),
        retries=table.retries,
        interval_seconds=table.interval_seconds,
        respect_robots=table.respect_robots,
        allowed=parse_networks(table.allow_addresses),
    )
    return Fetcher(policy, around.hosts, around.clock, around.resolver)


def _limits(table: WebTable, around: Surroundings) -> IngestLimits:
    return replace(around.limits, max_file_bytes=int(table.max_megabytes * MEBIBYTE))

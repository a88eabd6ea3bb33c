"""The `[[sources]]` tables of the configuration: one struct a kind; errors name key and what is allowed."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from briefing.table_kinds import Locate, Table, check_names, convert_table, tables_of

_Name = Annotated[str, Meta(min_length=1, max_length=40)]
_Url = Annotated[str, Meta(pattern=r"^https?://\S+$")]


class SourceTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every source has. `outlet`: printed for documents that name none themselves."""

    name: _Name
    enabled: bool = True
    outlet: str = ""


class WebTable(SourceTable, frozen=True, kw_only=True):
    """Manners and limits of a download; see `briefing.ingest.http.FetchPolicy`.

    `allow_addresses`: addresses or networks beside the public ones that may be connected to.
    """

    allow_addresses: tuple[str, ...] = ()
    respect_robots: bool = True
    interval_seconds: Annotated[float, Meta(ge=0, le=60)] = 1.0
    idle_seconds: Annotated[float, Meta(ge=1, le=300)] = 20.0
    request_seconds: Annotated[float, Meta(ge=1, le=1800)] = 120.0
    source_seconds: Annotated[float, Meta(ge=1, le=7200)] = 900.0
    retries: Annotated[int, Meta(ge=0, le=10)] = 3
    max_megabytes: Annotated[float, Meta(gt=0, le=500)] = 50.0
    max_items: Annotated[int, Meta(ge=1, le=5000)] = 200


class FolderTable(SourceTable, frozen=True, kw_only=True, tag="folder"):
    """A folder that others put files into. Files younger than `settle_seconds` may still be written to."""

    path: Annotated[str, Meta(min_length=1)]
    settle_seconds: Annotated[float, Meta(ge=0, le=3600)] = 10.0


class FeedTable(WebTable, frozen=True, kw_only=True, tag="feed"):
    """RSS or Atom. `text`: "feed" what the feed holds, "link" the linked page, "auto" the page where the feed
    holds too little."""

    url: _Url
    text: Literal["auto", "feed", "link"] = "auto"


class PageTable(WebTable, frozen=True, kw_only=True, tag="page"):
    """One web page, a document whenever it has changed."""

    url: _Url


class ListTable(WebTable, frozen=True, kw_only=True, tag="list"):
    """A page that links to articles. `links`: XPath of the links; `link_pattern`: regular expression that their
    addresses must match; `next_page`: XPath of the link to the next page; `undated`: what becomes of a link
    with no date beside it or in its address."""

    url: _Url
    links: str = ""
    link_pattern: str = ""
    next_page: str = ""
    max_pages: Annotated[int, Meta(ge=1, le=50)] = 1
    undated: Literal["read", "leave"] = "read"


class PaperTable(WebTable, frozen=True, kw_only=True, tag="paper"):
    """A digital newspaper. `rules`: path of its rule file; `max_days`: editions looked for at most, back from
    the day of the briefing."""

    rules: Annotated[str, Meta(min_length=1)]
    max_days: Annotated[int, Meta(ge=1, le=31)] = 3


class MaildirTable(SourceTable, frozen=True, kw_only=True, tag="maildir"):
    """A mail folder on this machine. `senders`: read only mail from these addresses or "@domains"; all when
    empty."""

    path: Annotated[str, Meta(min_length=1)]
    senders: tuple[str, ...] = ()
    max_items: Annotated[int, Meta(ge=1, le=5000)] = 200


class ImapTable(SourceTable, frozen=True, kw_only=True, tag="imap"):
    """A mail folder on a server, opened read-only. The password stands in the environment variable
    `password_env` or alone in `password_file`, never in the configuration."""

    host: Annotated[str, Meta(min_length=1)]
    user: Annotated[str, Meta(min_length=1)]
    password_env: str = ""
    password_file: str = ""
    port: Annotated[int, Meta(ge=1, le=65535)] = 993
    security: Literal["tls", "starttls", "none"] = "tls"
    folder: Annotated[str, Meta(min_length=1)] = "INBOX"
    senders: tuple[str, ...] = ()
    idle_seconds: Annotated[float, Meta(ge=1, le=300)] = 30.0
    source_seconds: Annotated[float, Meta(ge=1, le=7200)] = 600.0
    max_megabytes: Annotated[float, Meta(gt=0, le=500)] = 50.0
    max_items: Annotated[int, Meta(ge=1, le=5000)] = 200


AnySource = FolderTable | FeedTable | PageTable | ListTable | PaperTable | MaildirTable | ImapTable
KINDS: Mapping[str, type[SourceTable]] = {str(kind.__struct_config__.tag): kind for kind in get_args(AnySource)}


def convert_sources(values: Any, locate: Locate) -> tuple[AnySource, ...]:
    """The tables as structs. Raises ConfigError naming file and line, source, key and what is allowed."""
    tables = tables_of("sources", values, locate)
    found = tuple(_convert(table) for table in tables)
    check_names(tables, ("来源", "sources"))
    return found


def _convert(table: Table) -> AnySource:
    source: AnySource = convert_table(table, KINDS, AnySource)
    _check_values(source, table)
    return source


def _check_values(source: AnySource, table: Table) -> None:
    """What types cannot say. Raises ConfigError."""

    def refuse(key: str, zh: str, en: str) -> None:
        raise table.refuse(key, f"{table.label} {key}：{zh}", f"{table.label} {key}: {en}")

    if isinstance(source, WebTable):
        for value in source.allow_addresses:
            try:
                ipaddress.ip_network(value, strict=False)
            except ValueError:
                refuse("allow_addresses", f"{value!r} 不是地址或网段", f"{value!r} is no address or network")
    if isinstance(source, ListTable):
        try:
            re.compile(source.link_pattern)
        except re.error as err:
            refuse("link_pattern", f"不是正则表达式（{err}）", f"not a regular expression ({err})")
        _check_paths(source, refuse)
    if isinstance(source, ImapTable) and bool(source.password_env) == bool(source.password_file):
        refuse(
            "password_env", "与 password_file 须写且只写一个", "give either this or password_file, and not both"
        )


def _check_paths(source: ListTable, refuse: Any) -> None:
    from lxml import etree

    for key in ("links", "next_page"):
        try:
            if getattr(source, key):
                etree.XPath(getattr(source, key))
        except etree.XPathError as err:
            refuse(key, f"不是 XPath（{err}）", f"not an XPath ({err})")


def enabled(sources: Sequence[AnySource]) -> tuple[AnySource, ...]:
    return tuple(source for source in sources if source.enabled)

"""The `[[sources]]` tables of the configuration: one struct a kind; errors name key and what is allowed."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from briefing.errors import ConfigError

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


def convert_sources(values: Any, origin: str) -> tuple[AnySource, ...]:
    """The tables as structs. Raises ConfigError naming `origin`, the source, the key and what is allowed."""
    if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
        raise ConfigError("sources 应为 [[sources]] 表", "sources must be [[sources]] tables", source=origin)
    found = tuple(_convert(value, number, origin) for number, value in enumerate(values, 1))
    names = [source.name for source in found]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(
                f"两个来源同名 {name!r}，请改名", f"two sources are named {name!r}: rename one", source=origin
            )
    return found


def _convert(value: dict[str, Any], number: int, origin: str) -> AnySource:
    where = f"sources[{number}]"
    if isinstance(value.get("name"), str):
        where += f" ({value['name']})"
    kind = KINDS.get(str(value.get("kind")))
    if kind is None:
        known = ", ".join(KINDS)
        raise ConfigError(
            f"{where} 的 kind 为 {value.get('kind')!r}；可用：{known}",
            f"{where}: kind {value.get('kind')!r} is unknown; known: {known}",
            source=origin,
        )
    allowed = ("kind", *(f.name for f in msgspec.structs.fields(kind)))
    for key in value:
        if key not in allowed:
            known = ", ".join(allowed)
            raise ConfigError(
                f"{where} 有未知的键 {key}；{value['kind']} 可用：{known}",
                f"{where}: unknown key {key}; known for {value['kind']}: {known}",
                source=origin,
            )
    try:
        source: AnySource = msgspec.convert(value, AnySource)
    except msgspec.ValidationError as err:
        what, _, key = str(err).partition(" - at `$.")
        key = key.rstrip("`")
        at = f"{where} {key}".rstrip()
        raise ConfigError(f"{at} 无效：{what}", f"{at}: {what}", source=origin) from err
    _check_values(source, where, origin)
    return source


def _check_values(source: AnySource, where: str, origin: str) -> None:
    """What types cannot say. Raises ConfigError."""

    def refuse(key: str, zh: str, en: str) -> None:
        raise ConfigError(f"{where} {key}：{zh}", f"{where} {key}: {en}", source=origin)

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

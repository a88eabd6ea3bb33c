"""RSS and Atom through feedparser: what the feed holds, or the pages it links to."""

from __future__ import annotations

import html
import io
import re
from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urljoin

from briefing.errors import BriefingError, SourceError
from briefing.ingest.encoding import decode
from briefing.ingest.extras import need
from briefing.ingest.http import Fetched, Fetcher
from briefing.ingest.limits import STAGE, IngestLimits
from briefing.ingest.names import one_line
from briefing.ingest.reading import read_body
from briefing.ingest.sniff import HTML
from briefing.ingest.sources.contract import FetchOutcome, FetchRequest
from briefing.ingest.sources.gather import Entry, Gathering, read_entries
from briefing.records import Skip
from briefing.source_tables import FeedTable

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["'][^>]*\?>""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_TAG = re.compile(r"<[^>]*>")
# A feed that holds whole articles has more than a teaser's worth of text (teasers run to some 150 characters).
MIN_WHOLE_CHARS = 300
# Shorter than any item of news.
MIN_CONTENT_CHARS = 20


@dataclass(frozen=True, slots=True)
class _FeedEntry:
    entry: Entry
    content: str  # HTML that the feed itself holds


@dataclass(frozen=True, slots=True)
class Feed:
    table: FeedTable
    fetcher: Fetcher
    limits: IngestLimits

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def kind(self) -> str:
        return "feed"

    def fetch(self, request: FetchRequest) -> FetchOutcome:
        gathering = Gathering(self.name, self.kind, request, self.table.outlet)
        url = self.table.url
        try:
            fetched = self.fetcher.get(url, gathering.validators(url))
            if fetched.unchanged:
                return gathering.outcome()
            entries = read_feed(fetched, request)
        except BriefingError as err:
            return gathering.failed(err)
        linked = []
        for found in entries:
            if self._is_whole(found):
                self._read_content(found, gathering)
            else:
                linked.append(found.entry)
        read_entries(gathering, linked, self.fetcher, self.limits, self.table.max_items)
        gathering.keep_validators(url, fetched.validators)
        return gathering.outcome()

    def _is_whole(self, found: _FeedEntry) -> bool:
        if self.table.text == "auto":
            return not found.entry.url or len(_TAG.sub("", found.content)) >= MIN_WHOLE_CHARS
        return self.table.text == "feed"

    def _read_content(self, found: _FeedEntry, gathering: Gathering) -> None:
        """An article that stands in the feed itself, read as the web page that it would make."""
        entry = found.entry
        address = entry.url or f"{self.table.url}#{one_line(entry.title)}"
        if gathering.is_known(address) or not gathering.in_time(entry.day):
            return
        if len(_TAG.sub("", found.content).strip()) < MIN_CONTENT_CHARS:
            # Told once: it will not get better, and the entries beside it are fine.
            gathering.skips.append(
                Skip(
                    address,
                    STAGE,
                    "条目既没有可读的链接，也没有正文",
                    "the entry has neither a readable link nor a text",
                )
            )
            gathering.mark_read(address)
            return
        title = html.escape(entry.title)
        page = (
            f'<html><head><meta charset="utf-8"><title>{title}</title></head>'
            f"<body><h1>{title}</h1><div>{found.content}</div></body></html>"
        )
        try:
            documents = read_body(page.encode(), address, self.limits, now=gathering.request.now, kind=HTML)
        except BriefingError as err:
            gathering.skip(address, err)
            return
        gathering.add(documents, entry)
        gathering.mark_read(address)


def read_feed(fetched: Fetched, request: FetchRequest) -> list[_FeedEntry]:
    """Entries in the feed's order. Raises SourceError when it is no feed.

    feedparser mends broken XML as browsers mend HTML; a feed that gives no entry at all is broken for us.
    """
    feedparser = need("feedparser", "sources", one_line(fetched.url))
    match = _DECLARED.match(fetched.body[:1024])
    declared = match.group(1).decode("ascii", "ignore") if match else ""
    # Decoded as all inputs are: a declared GB2312 means GB18030, and a false declaration is found out.
    text = decode(fetched.body, one_line(fetched.url), declared).text
    # A stream: bytes or a string would be taken for a file name or an address first.
    parsed = feedparser.parse(
        io.BytesIO(_DECLARATION.sub("", text, count=1).encode()),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
    )
    if not parsed.entries and (parsed.bozo or not parsed.version):
        reason = one_line(str(parsed.get("bozo_exception", "")))[:120]
        raise SourceError(
            f"不是可读的 RSS 或 Atom（{reason or '没有条目'}）",
            f"not a readable RSS or Atom feed ({reason or 'no entries'})",
            source=one_line(fetched.url),
        )
    return [_entry(item, fetched.url, request) for item in parsed.entries]


def _entry(item: Any, base: str, request: FetchRequest) -> _FeedEntry:
    link = urljoin(base, str(item.get("link", "")).strip())
    contents = [str(c.get("value", "")) for c in item.get("content", [])] + [str(item.get("summary", ""))]
    title = " ".join(html.unescape(_TAG.sub("", str(item.get("title", "")))).split())
    return _FeedEntry(
        Entry(
            link if link.startswith(("http://", "https://")) and item.get("link") else "",
            title,
            _day(item, request),
        ),
        max(contents, key=len),
    )


def _day(item: Any, request: FetchRequest) -> date | None:
    """The entry's date in the zone of the run. feedparser gives times in UTC."""
    stamp = item.get("published_parsed") or item.get("updated_parsed")
    if not stamp:
        return None
    try:
        return datetime.fromtimestamp(timegm(stamp), UTC).astimezone(request.now.tzinfo).date()
    except (ValueError, OverflowError, OSError):
        return None

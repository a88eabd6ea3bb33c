"""A page that lists articles: links by rule, filtered by date, over several pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urldefrag, urlsplit

from lxml import etree

from briefing.errors import BriefingError, SourceError
from briefing.ingest import html_tree
from briefing.ingest.encoding import decode
from briefing.ingest.html import declared_charset
from briefing.ingest.http import Fetched, Fetcher, Validators
from briefing.ingest.limits import IngestLimits
from briefing.ingest.names import one_line
from briefing.ingest.sources.contract import FetchOutcome, FetchRequest
from briefing.ingest.sources.gather import Entry, Gathering, read_entries
from briefing.source_tables import ListTable

# Without a rule, a link is taken for an article's when its text is as long as a headline; menus are shorter.
MIN_HEADLINE_CHARS = 8
# How far from a link its date may stand: <li><span><a>…</a></span><span>2026-11-23</span></li>
_MAX_CLIMB = 3
_FULL = re.compile(r"(?<!\d)(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)")
_SHORT = re.compile(r"(?<![\d-])(\d{1,2})[-/.月](\d{1,2})(?:日|(?![\d-]))")
_IN_ADDRESS = re.compile(r"(?<!\d)(20\d\d)[-/_]?([01]\d)[-/_]?([0-3]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class LinkList:
    table: ListTable
    fetcher: Fetcher
    limits: IngestLimits

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def kind(self) -> str:
        return "list"

    def fetch(self, request: FetchRequest) -> FetchOutcome:
        gathering = Gathering(self.name, self.kind, request, self.table.outlet)
        url = self.table.url
        validators = Validators()
        entries: dict[str, Entry] = {}
        try:
            for number, page in enumerate(self._pages(gathering.validators(url))):
                if page.unchanged:
                    return gathering.outcome()
                validators = page.validators if not number else validators
                tree = page_tree(page)
                found = self._entries(tree, page.url, request)
                fresh = [e for e in found if e.url not in entries]
                entries.update((e.url, e) for e in fresh)
                if not self._goes_on(fresh, request):
                    break
        except BriefingError as err:
            if not entries:
                return gathering.failed(err)
            # The first pages are worth having when a later one fails.
            gathering.skip(url, err)
        wanted = [e for e in entries.values() if e.day is not None or self.table.undated == "read"]
        gathering.outside += len(entries) - len(wanted)
        read_entries(gathering, wanted, self.fetcher, self.limits, self.table.max_items)
        gathering.keep_validators(url, validators)
        return gathering.outcome()

    def _pages(self, known: Validators) -> Iterator[Fetched]:
        url, seen = self.table.url, set[str]()
        for number in range(self.table.max_pages):
            page = self.fetcher.get(url, known if not number else None)
            seen.add(url)
            yield page
            following = next_address(page_tree(page), self.table.next_page) if self.table.next_page else ""
            if not following or following in seen:
                return
            url = following

    def _goes_on(self, entries: list[Entry], request: FetchRequest) -> bool:
        """Lists begin with the newest: a page that is all older than wanted ends the search."""
        return any(e.day is None or e.day >= request.since for e in entries)

    def _entries(self, tree: Any, base: str, request: FetchRequest) -> list[Entry]:
        pattern = re.compile(self.table.link_pattern)
        host = urlsplit(base).hostname
        found: dict[str, Entry] = {}
        for node in link_nodes(tree, self.table.links):
            url = urldefrag(str(node.get("href", "")).strip()).url
            title = " ".join((node.get("title") or "".join(node.itertext())).split())
            if not url.startswith(("http://", "https://")) or not pattern.search(url):
                continue
            ruled = self.table.links or self.table.link_pattern
            if not ruled and (urlsplit(url).hostname != host or len(title) < MIN_HEADLINE_CHARS):
                continue
            found.setdefault(url, Entry(url, title, link_date(node, url, request.day)))
        if not found:
            raise SourceError(
                "列表页里没有找到文章链接，请检查 links 与 link_pattern",
                "no article link was found on the list: check links and link_pattern",
                source=one_line(base),
            )
        return list(found.values())


def page_tree(page: Fetched) -> Any:
    """The page parsed, with absolute links. Raises SourceError."""
    text = decode(page.body, one_line(page.url), declared_charset(page.body)).text
    tree = html_tree.parse(text, one_line(page.url))
    tree.make_links_absolute(page.url, resolve_base_href=True, handle_failures="ignore")
    return tree


def link_nodes(tree: Any, xpath: str) -> list[Any]:
    """The elements with an href that `xpath` selects or that stand in what it selects; all links for ""."""
    try:
        selected = tree.xpath(xpath or "//a[@href]")
    except etree.XPathError as err:
        raise SourceError(f"links 规则出错（{err}）", f"the rule links failed ({err})") from err
    if not isinstance(selected, list):
        return []
    nodes = []
    for found in selected:
        # A rule that ends in @href or text() gives strings, which know their element.
        node = found if hasattr(found, "iter") else getattr(found, "getparent", lambda: None)()
        if node is not None:
            nodes += [node] if node.get("href") else list(node.iter("a", "area"))
    return [node for node in nodes if node.get("href")]


def next_address(tree: Any, xpath: str) -> str:
    nodes = link_nodes(tree, xpath)
    url = str(nodes[0].get("href")) if nodes else ""
    return urldefrag(url).url if url.startswith(("http://", "https://")) else ""


def link_date(node: Any, url: str, today: date) -> date | None:
    """The date beside a link, else the one in its address, else None. Never a date of a neighbour."""
    place = node
    for _ in range(_MAX_CLIMB):
        parent = place.getparent()
        if parent is None or sum(1 for a in parent.iter("a") if a.get("href") != node.get("href")) > 0:
            break
        place = parent
        text = " ".join(part for part in place.itertext())
        if day := _printed_date(text, today):
            return day
    match = _IN_ADDRESS.search(urlsplit(url).path)
    return _make(*match.groups()) if match else None


def _printed_date(text: str, today: date) -> date | None:
    full = _FULL.search(text)
    if full:
        return _make(*full.groups())
    short = _SHORT.search(text)
    if not short:
        return None
    day = _make(str(today.year), *short.groups())
    # "12-30" read on 2 January is last year's.
    return day if day is None or day <= today else _make(str(today.year - 1), *short.groups())


def _make(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None

"""Digital newspapers (数字报): an edition's pages, their articles, each with its page label."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urldefrag

from briefing.errors import BriefingError, SourceError
from briefing.ingest import html_tree
from briefing.ingest.encoding import decode
from briefing.ingest.html import declared_charset
from briefing.ingest.http import Fetched, Fetcher, StatusError
from briefing.ingest.limits import IngestLimits
from briefing.ingest.names import one_line
from briefing.ingest.sniff import HTML
from briefing.ingest.sources.contract import FetchOutcome, FetchRequest
from briefing.ingest.sources.gather import Entry, Gathering, read_page
from briefing.ingest.sources.link_list import link_nodes, page_tree
from briefing.ingest.sources.paper_rules import ArticleRule, PaperRules
from briefing.records import RawDocument, Skip, Span
from briefing.source_tables import PaperTable

_LEADING_ZEROS = re.compile(r"^([A-Z]?)0+")
_DONE, _NONE = "done", "none"


@dataclass(frozen=True, slots=True)
class _Page:
    url: str
    label: str  # 第3版; "" where the paper does not say


@dataclass(frozen=True, slots=True)
class Paper:
    table: PaperTable
    rules: PaperRules
    fetcher: Fetcher
    limits: IngestLimits

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def kind(self) -> str:
        return "paper"

    def fetch(self, request: FetchRequest) -> FetchOutcome:
        """The editions from `since` to `day` that no earlier run has read, at most `max_days` of them."""
        gathering = Gathering(self.name, self.kind, request, self.table.outlet or self.rules.outlet)
        first = max(request.since, request.day - timedelta(days=self.table.max_days - 1))
        for back in range((request.day - first).days, -1, -1):
            day = request.day - timedelta(days=back)
            key = f"edition {day.isoformat()}"
            if gathering.remembered(key):
                gathering.known += 1
                continue
            try:
                complete = self._read_edition(day, gathering)
            except StatusError as err:
                if back:
                    # A day that is over and has no edition had none: papers rest on some days.
                    gathering.remember(key, _NONE)
                    continue
                return gathering.failed(_not_out(day, err))
            except BriefingError as err:
                return gathering.failed(err)
            if complete:
                gathering.remember(key, _DONE)
        return gathering.outcome()

    def _read_edition(self, day: date, gathering: Gathering) -> bool:
        """Whether all of the edition was read. Raises SourceError when its first page cannot be."""
        first = self.rules.first_page_of(day)
        first_tree = page_tree(self.fetcher.get(first))
        before = len(gathering.skips)
        articles: dict[str, tuple[Entry, str]] = {}
        for page in self._pages(first_tree, first):
            try:
                tree = first_tree if page.url == first else page_tree(self.fetcher.get(page.url))
            except BriefingError as err:
                gathering.skip(page.url, err)
                continue
            for entry in self._entries(tree, day):
                articles.setdefault(entry.url, (entry, page.label))
        if not articles and len(gathering.skips) == before:
            raise SourceError(
                "版面上没有找到文章链接，请检查规则文件的 articles.links",
                "no article link was found on the pages: check articles.links in the rule file",
                source=one_line(first),
            )
        self._read_articles(list(articles.values()), gathering)
        return len(gathering.skips) == before

    def _pages(self, tree: Any, first: str) -> list[_Page]:
        pages: dict[str, _Page] = {}
        for node in link_nodes(tree, self.rules.pages.links) if self.rules.pages.links else []:
            url = urldefrag(str(node.get("href"))).url
            label = self._label(" ".join(node.itertext()) or node.get("title", ""))
            known = pages.get(url)
            if url.startswith(("http://", "https://")) and not (known and known.label):
                pages[url] = _Page(url, label)
        # The first page need not link to itself.
        return list(({first: _Page(first, "第1版")} if first not in pages else {}).values()) + list(
            pages.values()
        )

    def _label(self, text: str) -> str:
        """第01版 and A01版 are printed 第1版 and 第A1版, as the splitter reads them off mastheads."""
        match = re.search(self.rules.pages.label, text)
        number = _LEADING_ZEROS.sub(r"\1", match.group(1)) if match else ""
        return f"第{number}版" if number else ""

    def _entries(self, tree: Any, day: date) -> list[Entry]:
        found: dict[str, Entry] = {}
        for node in link_nodes(tree, self.rules.articles.links):
            url = urldefrag(str(node.get("href"))).url
            title = " ".join((node.get("title") or node.get("alt") or "".join(node.itertext())).split())
            if url.startswith(("http://", "https://")):
                known = found.get(url)
                found[url] = Entry(url, title or (known.title if known else ""), day)
        return list(found.values())

    def _read_articles(self, articles: list[tuple[Entry, str]], gathering: Gathering) -> None:
        taken = 0
        leave_out = self.rules.articles.leave_out
        for entry, label in articles:
            if gathering.is_known(entry.url):
                continue
            if taken == self.table.max_items:
                zh = f"文章超过 {taken} 篇，其余留待下次（max_items）"
                en = f"more than {taken} articles: the rest is left for the next run (max_items)"
                gathering.skip(self.name, SourceError(zh, en, source=self.name))
                return
            taken += 1
            try:
                fetched = self.fetcher.get(entry.url)
                found = self._article(fetched, entry, label, gathering.request)
            except BriefingError as err:
                gathering.skip(entry.url, err)
                continue
            title = next((d.title for d in found if isinstance(d, RawDocument)), "") or entry.title
            gathering.mark_read(entry.url)
            if not (leave_out and re.search(leave_out, title)):
                gathering.add(found, entry)

    def _article(
        self, fetched: Fetched, entry: Entry, label: str, request: FetchRequest
    ) -> list[RawDocument | Skip]:
        if self.rules.article.body:
            return [_ruled_article(fetched, entry, label, self.rules.article, request)]
        return [
            d if isinstance(d, Skip) else replace(d, page_label=d.page_label or label, published_on=entry.day)
            for d in read_page(fetched, self.limits, request)
        ]


def _not_out(day: date, err: StatusError) -> SourceError:
    return SourceError(
        f"{day.isoformat()} 的报纸尚未上网，或当日休刊（{err.zh}）",
        f"no edition of {day.isoformat()} is online: not yet, or none is printed that day ({err.en})",
        source=err.source,
    )


def _ruled_article(
    fetched: Fetched, entry: Entry, label: str, rule: ArticleRule, request: FetchRequest
) -> RawDocument:
    """The article by its rules: headline, byline, then its paragraphs. Raises SourceError without a body."""
    name = one_line(fetched.url)
    decoded = decode(fetched.body, name, declared_charset(fetched.body))
    tree = html_tree.parse(decoded.text, name)
    html_tree.drop_hidden(tree)
    title = _joined(tree, rule.title) or entry.title
    paragraphs = _paragraphs(tree, rule.body)
    if not paragraphs:
        raise SourceError(
            "按规则没有找到正文（article.body），网站可能改版",
            "the rule article.body found no text: the site may have changed",
            source=name,
        )
    byline = _joined(tree, rule.byline)
    text = "\n\n".join(part for part in (title, byline, *paragraphs) if part)
    return RawDocument(
        source=fetched.url,
        media_type=HTML,
        fetched_at=request.now,
        sha256=hashlib.sha256(fetched.body).hexdigest(),
        text=text,
        encoding=decoded.encoding,
        pages=(Span(0, len(text)),),
        single_article=True,
        title=title,
        url=fetched.url,
        published_on=entry.day,
        page_label=label,
        warnings=decoded.warnings,
    )


def _joined(tree: Any, xpath: str) -> str:
    """The texts that `xpath` selects, on one line."""
    return " ".join(" ".join(_texts(tree, xpath)).split())


def _texts(tree: Any, xpath: str) -> list[str]:
    if not xpath:
        return []
    found = tree.xpath(xpath)
    if isinstance(found, str):
        return [found]
    return ["".join(x.itertext()) if hasattr(x, "itertext") else str(x) for x in found]


def _paragraphs(tree: Any, xpath: str) -> list[str]:
    """Blocks of text of the selected elements, in order, each on one line; one that stands in another once."""
    found = tree.xpath(xpath)
    lines: list[str] = []
    for node in found if isinstance(found, list) else [found]:
        if not hasattr(node, "iter"):
            lines.append(" ".join(str(node).split()))
        elif not any(ancestor in found for ancestor in node.iterancestors()):
            lines += [block.text for block in html_tree.visible_blocks(node)]
    return [line for line in lines if line]

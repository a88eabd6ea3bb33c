"""The source side of the view: where each sentence comes from, in the article and on the page as it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefing.errors import RenderError
from briefing.records import Article, Briefing, BriefingItem, SourceDocument, SourceRef, Span
from briefing.render import wording
from briefing.render.tracing import (
    Citation,
    Segment,
    cut_segments,
    join_windows,
    mark_beginnings,
    split_paragraphs,
)
from briefing.render.wording import UNTITLED, one_line, printable
from briefing.text.spans import merge, to_origin

# A newspaper page (about 8,000 characters) is shown whole around any of its articles; of a report of a
# million characters only the neighbourhood of what is used. Chosen for the reader, not measured.
CONTEXT_CHARS = 4000
# More papers than this make the source line longer than the item; 附一 lists them all.
MAX_SOURCES_IN_LINE = 5


@dataclass(frozen=True, slots=True)
class Page:
    """An input that the briefing keeps, and its number in 附一."""

    number: int
    text: str


Pages = Mapping[str, Page]


@dataclass(frozen=True, slots=True)
class Cited:
    """`key` of the sentence that cites `ref`."""

    key: str
    ref: SourceRef


@dataclass(frozen=True, slots=True)
class Trace:
    """`excerpts`: the cited characters of the article, one string a span. `places`: the same on the page
    as it came, a string a file, 1-based and inclusive, for formats that cannot be clicked."""

    excerpts: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleView:
    """`paragraphs` and `title` are cut so that cited characters can be marked."""

    source: str
    url: str
    kicker: str
    title: tuple[Segment, ...]
    subtitle: str
    byline: str
    paragraphs: tuple[tuple[Segment, ...], ...]
    document: int  # number of its DocumentView; 0 when the briefing does not keep it

    @property
    def title_text(self) -> str:
        return one_line("".join(segment.text for segment in self.title))


@dataclass(frozen=True, slots=True)
class PageWindow:
    """A piece of a document as it came. `start`: 1-based position of its first character."""

    start: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class DocumentView:
    number: int
    name: str
    outlet: str
    media_type: str
    sha256: str
    chars: int
    items: tuple[int, ...]
    windows: tuple[PageWindow, ...]


@dataclass(frozen=True, slots=True)
class DropView:
    """What of a document was no news. `kinds`: 报头2处 …; `pieces`: kind and text of each."""

    source: str
    count: int
    kinds: tuple[str, ...]
    pieces: tuple[tuple[str, str], ...]


def _referred(ref: SourceRef, articles: Mapping[str, Article], where: str) -> tuple[Article, str]:
    article = articles.get(ref.article_id)
    if article is None:
        raise RenderError(
            f"{where}的来源指向本条没有的文章，请核对 article_id",
            f"a source refers to article {ref.article_id!r}, which is not in the item's story",
            source=one_line(ref.article_id),
        )
    text = article.title if ref.part == "title" else article.text
    if ref.part not in ("text", "title") or ref.span.end > len(text):
        raise RenderError(
            f"{where}的来源位置 {ref.part} {ref.span.start}–{ref.span.end} 超出文章范围，请核对 sources",
            f"a source lies outside its article: {ref.part} {ref.span.start}..{ref.span.end} of {len(text)}",
            source=one_line(ref.article_id),
        )
    return article, text


def cited(item: BriefingItem, number: int) -> tuple[Cited, ...]:
    """Every source of item `number` with the key of what cites it, headline first.

    Clauses that only a mark or white space parts are joined, so that a reader sees one stretch. Raises
    RenderError when a source points at nothing.
    """
    articles = {a.id: a for a in item.story.articles}
    groups = [(f"{number}-0", f"第{number}条标题", item.summary.headline_sources)]
    groups += [
        (f"{number}-{i}", f"第{number}条第{i}句", s.sources) for i, s in enumerate(item.summary.sentences, 1)
    ]
    return tuple(Cited(key, ref) for key, where, refs in groups for ref in _join(refs, articles, where))


def _join(refs: Sequence[SourceRef], articles: Mapping[str, Article], where: str) -> list[SourceRef]:
    joined: list[SourceRef] = []
    for ref in refs:
        _, text = _referred(ref, articles, where)
        last = joined[-1] if joined else None
        if (
            last
            and (last.article_id, last.part) == (ref.article_id, ref.part)
            and last.span.end <= ref.span.start
        ):
            gap = text[last.span.end : ref.span.start]
            # A line end is a paragraph's: the two stay apart.
            if "\n" not in gap and not any(char.isalnum() for char in gap):
                joined[-1] = SourceRef(ref.article_id, Span(last.span.start, ref.span.end), ref.part)
                continue
        joined.append(ref)
    return joined


def trace(refs: Sequence[SourceRef], articles: Mapping[str, Article], where: str, pages: Pages) -> Trace:
    """What `refs` point at. Raises RenderError, naming `where`, when one points at nothing."""
    excerpts: list[str] = []
    places: dict[str, list[str]] = {}
    for ref in refs:
        article, text = _referred(ref, articles, where)
        excerpts.append(one_line(text[ref.span.start : ref.span.end]))
        found = places.setdefault(wording.file_label(article.source), [])
        found += [f"{s.start + 1}—{s.end}" for s in _origin(article, ref, pages)]
    return Trace(
        tuple(e for e in excerpts if e),
        tuple(f"{name}第{'、'.join(found)}字" for name, found in places.items() if found),
    )


def build_articles(
    articles: Sequence[Article], citations: Sequence[Cited], pages: Pages
) -> tuple[ArticleView, ...]:
    """The articles of one story, the lead first, cited characters marked."""
    views = []
    seen: set[str] = set()
    for article in articles:
        own = [c for c in citations if c.ref.article_id == article.id]
        in_text = [Citation(c.key, c.ref.span) for c in own if c.ref.part == "text"]
        in_title = [Citation(c.key, c.ref.span) for c in own if c.ref.part == "title"]
        title = mark_beginnings(cut_segments(article.title or UNTITLED, in_title), seen)
        paragraphs = split_paragraphs(cut_segments(article.text, in_text))
        views.append(
            ArticleView(
                source=wording.source_label(article),
                url=wording.safe_url(article.url),
                kicker=one_line(article.kicker),
                title=title,
                subtitle=one_line(article.subtitle),
                byline=one_line(article.byline),
                paragraphs=tuple(mark_beginnings(p, seen) for p in paragraphs),
                document=pages[article.source].number if article.source in pages else 0,
            )
        )
    return tuple(views)


def source_line(articles: Sequence[Article]) -> str:
    """（来源：…）: each publication once, the lead's first; how many publishers when more than one."""
    labels = list(dict.fromkeys(wording.source_label(a) for a in articles))
    shown = "；".join(labels[:MAX_SOURCES_IN_LINE])
    more = "等" if len(labels) > MAX_SOURCES_IN_LINE else ""
    publishers = len({wording.publisher(a) for a in articles})
    count = f"；共{publishers}家刊发" if publishers > 1 else ""
    return f"（来源：{shown}{more}{count}）"


def number_pages(documents: Sequence[SourceDocument]) -> Pages:
    """The kept inputs by their name."""
    return {d.source: Page(n, d.text) for n, d in enumerate(documents, 1)}


def build_documents(briefing: Briefing, pages: Pages) -> tuple[DocumentView, ...]:
    """Inputs in the briefing's order, with the pieces of their text that items came from, marked."""
    citations: dict[str, list[Citation]] = {}
    extents: dict[str, list[Span]] = {}
    users: dict[str, list[int]] = {}
    for number, item in enumerate(briefing.items, 1):
        articles = {a.id: a for a in item.story.articles}
        for article in articles.values():
            users.setdefault(article.source, []).append(number)
            extents.setdefault(article.source, []).extend(_extent(article))
        for cite in cited(item, number):
            article = articles[cite.ref.article_id]
            found = _origin(article, cite.ref, pages)
            citations.setdefault(article.source, []).extend(Citation(cite.key, s) for s in found)
    return tuple(
        DocumentView(
            number=n,
            name=wording.file_label(d.source),
            outlet=wording.outlet_label(d.outlet),
            media_type=one_line(d.media_type),
            sha256=one_line(d.sha256),
            chars=len(d.text),
            items=tuple(dict.fromkeys(users.get(d.source, ()))),
            windows=_windows(d, extents.get(d.source, []), citations.get(d.source, [])),
        )
        for n, d in enumerate(briefing.documents, 1)
    )


def _extent(article: Article) -> list[Span]:
    return [Span(r.origin_start, r.origin_start + r.length) for r in article.origin] + list(article.head_origin)


def _origin(article: Article, ref: SourceRef, pages: Pages) -> tuple[Span, ...]:
    """`ref` on the page as it came; nothing when the briefing does not keep that page."""
    page = pages.get(article.source)
    if page is None:
        return ()
    if ref.part == "title":
        spans = article.head_origin
    else:
        spans = merge(to_origin(article.origin, ref.span), page.text)
    if any(s.end > len(page.text) for s in spans):
        raise RenderError(
            f"文章的 origin 超出原始文本（共{len(page.text)}字），简报文件可能被改坏",
            f"an article's origin lies outside its document of {len(page.text)} characters",
            source=one_line(article.source),
        )
    return spans


def _windows(
    document: SourceDocument, extents: list[Span], citations: list[Citation]
) -> tuple[PageWindow, ...]:
    pieces = join_windows(extents, len(document.text), CONTEXT_CHARS)
    return tuple(PageWindow(w.start + 1, cut_segments(document.text, citations, w)) for w in pieces)


def build_drops(documents: Sequence[SourceDocument]) -> tuple[DropView, ...]:
    """What was left out of each input, for inputs that had any."""
    return tuple(_build_drop(d) for d in documents if d.dropped)


def _build_drop(document: SourceDocument) -> DropView:
    kinds = Counter(wording.DROP_LABELS[block.reason] for block in document.dropped)
    return DropView(
        source=wording.file_label(document.source),
        count=len(document.dropped),
        kinds=tuple(f"{name}{count}处" for name, count in kinds.items()),
        pieces=tuple((wording.DROP_LABELS[b.reason], printable(b.text).strip()) for b in document.dropped),
    )

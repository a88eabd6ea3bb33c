"""Leads a document through the splitter: units, labels, articles, displaced headlines, dropped blocks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from briefing import resources
from briefing.boosted import Trees
from briefing.records import Article, DropReason, RawDocument, SegmentedDocument, Span
from briefing.segment import cues
from briefing.segment.articles import (
    Draft,
    Masthead,
    Page,
    body_text,
    build_article,
    dropped,
    head_text,
    read_masthead,
)
from briefing.segment.decode import Floats, Label, best_labels, label_logs, load_label_trees
from briefing.segment.features import page_features
from briefing.segment.heads import BodyIndex, HeadStack, place_heads, read_stack, without_list_marks
from briefing.segment.language import Language, load_language
from briefing.segment.structure import adjust
from briefing.segment.units import Unit, make_units
from briefing.text.normalise import NormalisedText, normalise

# A headline without a body and no article without a headline: the text is cut where the headline fits best, if
# the label's log-odds there are at least this and it fits what follows better than what stands before by the
# gain.
_MIN_FORCED_START = -5.0
_MIN_FORCED_GAIN = 0.2
# A page of more units is cut: whatever is compared all with all stays bounded. The largest of rmrb_2020_jan_sep
# has 260 paragraphs.
_WINDOW_UNITS = 1_200
# A first line of at most this many characters can be the title of a single article.
_MAX_TITLE_CHARS = 60
_MAX_NOTICE_CHARS = 60
_MIN_UNNAMED_LINES = 5
# Fewer or longer articles on a web page are one text with sub-headings.
_MIN_DIGEST_ITEMS = 3
_MAX_ITEM_CHARS = 260
# Two parts of a headline whose joint scores less are phrases of their own, with a blank between.
_MIN_SAME_PHRASE = -0.5


@dataclass(frozen=True, slots=True)
class Splitter:
    """The trained parts: n-gram scorers and the trees of every label."""

    language: Language
    trees: tuple[Trees, ...]


@dataclass
class _Sorted:
    """What the labels of a document say, before headlines are placed."""

    drafts: list[Draft]
    pool: list[tuple[int, list[int]]]  # page number, parts of one head line without a body
    furniture: list[int]


def load_splitter() -> Splitter:
    """The shipped splitter. Raises ResourceError when its files are missing or damaged."""
    folder = resources.find("models", "segment")
    return Splitter(load_language(folder / "language.npz"), load_label_trees(folder))


def split_document(document: RawDocument, splitter: Splitter) -> SegmentedDocument:
    """The articles of `document` in reading order; every character is in one of them or in a dropped block."""
    normalised = normalise(document.text)
    units: list[Unit] = []
    printed: list[int] = []  # the printed page of every window: what is decoded together
    for number, span in enumerate(_page_spans(document, normalised)):
        own = make_units(normalised, document.text, span, len(printed))
        for start in range(0, len(own), _WINDOW_UNITS):
            window = own[start : start + _WINDOW_UNITS]
            units += [replace(unit, page=len(printed)) for unit in window] if start else window
            printed.append(number)
    page_of = [unit.page for unit in units]
    page = Page(document, normalised, tuple(units))
    if not units:
        return SegmentedDocument(document.source, (), ())
    drafts, furniture, loose = (
        _single(page, splitter) if document.single_article else _split(page, page_of, splitter)
    )
    mastheads = _mastheads(page, printed, furniture)
    articles = [
        build_article(page, draft, _stack(page, draft, splitter.language), mastheads[draft.page], k)
        for k, draft in enumerate(drafts)
    ]
    blocks = [dropped(page, [n], _sure_reason(page, n)) for n in furniture] + [
        dropped(page, line) for line in loose
    ]
    return SegmentedDocument(
        document.source, tuple(_distinct(articles)), tuple(sorted(blocks, key=lambda b: b.span.start))
    )


def _page_spans(document: RawDocument, normalised: NormalisedText) -> list[Span]:
    """The document's pages in normalised positions: they tile the text."""
    runs = normalised.runs
    starts = [run.origin_start for run in runs]
    size = len(normalised.text)
    cuts = [0]
    for span in document.pages[1:]:
        at = bisect_left(starts, span.start)
        if at and runs[at - 1].origin_start + runs[at - 1].length > span.start:
            cuts.append(runs[at - 1].text_start + span.start - runs[at - 1].origin_start)
        else:
            cuts.append(runs[at].text_start if at < len(runs) else size)
    cuts.append(size)
    return [Span(a, b) for a, b in pairwise(cuts) if a < b]


_Drafted = tuple[list[Draft], list[int], list[list[int]]]


def _single(page: Page, splitter: Splitter) -> _Drafted:
    """All text as one article: a first line that is the stated title, or reads like one, is its headline;
    credits and notices at either end are dropped. A digest (要闻速览) is taken apart: where its items are
    numbered, else where the labels clearly find short items."""
    units = page.units
    first, last = 0, len(units)
    stated = page.document.title.replace(" ", "")
    head: list[list[int]] = []
    is_title = units[0].text.replace(" ", "") == stated or units[0].heading_mark
    if not is_title and not stated:
        is_title = len(units[0].text) <= _MAX_TITLE_CHARS and not cues.STOP_END.search(units[0].text)
    if is_title and len(units) > 1:
        head, first = [[0]], 1
    while first < last - 1 and _is_notice(units[first].text):
        first += 1
    while last - 1 > first and _is_notice(units[last - 1].text):
        last -= 1
    furniture = [n for n in range(len(head), len(units)) if not first <= n < last]
    title = page.document.title or (units[0].text if head else "")
    items = _numbered_items(units[first:last]) if cues.DIGEST_TITLE.search(title) else []
    if items:
        starts = [first + k for k in items]
        drafts = [
            Draft([[a]], [[n] for n in range(a + 1, b)])
            for a, b in zip(starts, [*starts[1:], last], strict=True)
        ]
        return drafts, [n for line in head for n in line] + furniture + list(range(first, starts[0])), []
    if cues.DIGEST_TITLE.search(title):
        found = _split(page, [unit.page for unit in units], splitter)
        if _is_digest(page, found[0]):
            return found
    draft = Draft(head)
    for number in range(first, last):
        if not draft.paragraphs and number < last - 1 and _is_byline(units[number].text):
            draft.bylines.append(number)
        else:
            draft.paragraphs.append([number])
    return [draft], furniture, []


def _is_digest(page: Page, drafts: Sequence[Draft]) -> bool:
    """Whether the articles found are short items with headlines of their own."""
    headed = sum(bool(draft.heads) for draft in drafts)
    chars = sum(len(body_text(page, draft)) for draft in drafts)
    return headed >= _MIN_DIGEST_ITEMS and headed == len(drafts) and chars <= _MAX_ITEM_CHARS * headed


def _is_byline(text: str) -> bool:
    return len(text) <= _MAX_NOTICE_CHARS and bool(cues.BYLINE.match(text))


def _is_notice(text: str) -> bool:
    """A credit, source line or notice of a web page, as it stands at the ends of an article."""
    if len(text) > _MAX_NOTICE_CHARS:
        return False
    return bool(cues.CREDIT.match(text) or cues.SOURCE_LINE.match(text) or cues.WEB_BOILERPLATE.search(text))


def _numbered_items(units: Sequence[Unit]) -> list[int]:
    """Places of headlines 1, 2, 3… that have text below; none when they are not a row of at least three."""
    found: list[int] = []
    for k, unit in enumerate(units[:-1]):
        number = cues.ITEM_NUMBER.match(unit.text)
        short = len(unit.text) <= _MAX_TITLE_CHARS and not cues.STOP_END.search(unit.text)
        if (
            number
            and short
            and int(number[1]) == len(found) + 1
            and not cues.ITEM_NUMBER.match(units[k + 1].text)
        ):
            found.append(k)
    return found if len(found) >= 3 else []


def _split(
    page: Page, page_of: Sequence[int], splitter: Splitter
) -> tuple[list[Draft], list[int], list[list[int]]]:
    """Drafts in reading order, furniture units, and head lines that found no body."""
    features = page_features(page.units, splitter.language)
    logs = adjust(label_logs(splitter.trees, features), page.units)
    labels: list[Label] = []
    start = 0
    while start < len(page_of):
        stop = start
        while stop < len(page_of) and page_of[stop] == page_of[start]:
            stop += 1
        labels += best_labels(logs[start:stop], text_open=any(label in _TEXT for label in labels[-40:]))
        start = stop
    sorted_units = _Sorter(page).walk(labels)
    unnamed = _unnamed(page, sorted_units)
    if unnamed:
        furniture = set(sorted_units.furniture) - unnamed
        rest = [n for n in range(len(page.units)) if n not in furniture]
        return [Draft([rest[:1]], [[n] for n in rest[1:]])], sorted(furniture), []
    if not sorted_units.drafts:
        lines = [line for _, line in sorted_units.pool]
        if not lines:
            return [], sorted_units.furniture, []
        # A page that holds nothing but head lines: they are its text.
        return [Draft(paragraphs=lines)], sorted_units.furniture, []
    loose = _place(page, page_of, sorted_units, logs, splitter.language)
    return sorted_units.drafts, sorted_units.furniture, loose


def _unnamed(page: Page, found: _Sorted) -> set[int]:
    """Lines dropped for no reason of their own, when they are more than the text that was kept: a poem, a list
    of names. Such a document is one article."""
    if len(found.drafts) > 1:
        return set()
    lines = {
        n
        for n in found.furniture
        if not page.units[n].is_list
        and not cues.is_surely_furniture(page.units[n].text)
        and cues.drop_reason(page.units[n].text) == DropReason.RUBRIC
    }
    kept = sum(len(body_text(page, draft)) for draft in found.drafts)
    dropped_chars = sum(len(page.units[n].text) for n in lines)
    return lines if len(lines) >= _MIN_UNNAMED_LINES and dropped_chars > kept else set()


_TEXT = (Label.START, Label.PARA, Label.CONT, Label.SUB)


class _Sorter:
    """Walks over the labelled units of a document and sorts them into drafts, homeless heads and furniture."""

    def __init__(self, page: Page) -> None:
        self._units = page.units
        self._heads: list[list[int]] = []
        self._bylines: list[int] = []
        self._rubric = ""
        self.result = _Sorted([], [], [])

    def walk(self, labels: Sequence[Label]) -> _Sorted:
        for n, label in enumerate(labels):
            if n and self._units[n].page != self._units[n - 1].page:
                self._lose_heads(self._units[n - 1].page)
            if label in (Label.HEAD, Label.HEAD_CONT):
                self._head(n, label)
            elif label in _TEXT:
                self._text(n, label)
            elif label == Label.BYLINE:
                self._byline(n, _next_text(labels, n))
            else:
                self._rubric = self._rubric or self._units[n].text
                self.result.furniture.append(n)
            if label != Label.FURNITURE:
                self._rubric = ""
        self._lose_heads(self._units[-1].page)
        if self.result.drafts:
            self.result.drafts[-1].bylines += self._bylines
        else:
            self.result.furniture += self._bylines
        return self.result

    def _lose_heads(self, page: int) -> None:
        self.result.pool += [(page, line) for line in self._heads]
        self._heads = []

    def _head(self, n: int, label: Label) -> None:
        if label == Label.HEAD_CONT and self._heads:
            self._heads[-1].append(n)
        else:
            self._heads.append([n])

    def _text(self, n: int, label: Label) -> None:
        drafts = self.result.drafts
        if label == Label.START or not drafts:
            drafts.append(Draft(self._heads, [[n]], self._bylines, self._units[n].page, self._rubric))
            self._heads, self._bylines = [], []
            return
        self._lose_heads(self._units[n].page)
        if label == Label.CONT:
            drafts[-1].paragraphs[-1].append(n)
        else:
            drafts[-1].paragraphs.append([n])

    def _byline(self, n: int, following: Label | None) -> None:
        if self._heads or not self.result.drafts or following == Label.START:
            self._bylines.append(n)
        else:
            self.result.drafts[-1].bylines.append(n)


def _next_text(labels: Sequence[Label], n: int) -> Label | None:
    for label in labels[n + 1 :]:
        if label not in (Label.BYLINE, Label.FURNITURE):
            return label
    return None


def _place(
    page: Page, page_of: Sequence[int], found: _Sorted, logs: Floats, language: Language
) -> list[list[int]]:
    """Gives displaced head lines to the articles without one; returns those that fit none."""
    loose: list[list[int]] = []
    lines_of: dict[int, list[list[int]]] = {}
    drafts_of: dict[int, list[Draft]] = {}
    for number, line in found.pool:
        lines_of.setdefault(number, []).append(line)
    for draft in found.drafts:
        drafts_of.setdefault(draft.page, []).append(draft)
    for number in sorted({*lines_of, *drafts_of}):
        lines, drafts = lines_of.get(number, []), drafts_of.get(number, [])
        headless = [k for k, d in enumerate(drafts) if not d.heads]
        if lines and not headless and drafts:
            cut = _forced_start(page, drafts, lines, logs, language)
            if cut is not None:
                at, paragraph = cut
                old = drafts[at]
                new = Draft([], old.paragraphs[paragraph:], [], number)
                old.paragraphs = old.paragraphs[:paragraph]
                found.drafts.insert(_index(found.drafts, old) + 1, new)
                drafts.insert(at + 1, new)
                headless = [k for k, d in enumerate(drafts) if not d.heads]
        index = BodyIndex([body_text(page, d) for d in drafts])
        texts = [_line_text(page, line, language) for line in lines]
        for placed in place_heads(texts, headless, index):
            if placed.body < 0:
                loose.append(lines[placed.head])
            else:
                drafts[placed.body].heads.append(lines[placed.head])
        _move_foreign_heads(page, drafts, index, language)
    return loose


def _index(drafts: Sequence[Draft], draft: Draft) -> int:
    return next(k for k, d in enumerate(drafts) if d is draft)


def _move_foreign_heads(page: Page, drafts: list[Draft], index: BodyIndex, language: Language) -> None:
    """A displaced stack printed right above another one: its lines go to the headless article that they fit."""
    for k, draft in enumerate(drafts):
        headless = [i for i, d in enumerate(drafts) if not d.heads]
        if len(draft.heads) < 2 or not headless:
            continue
        texts = [_line_text(page, line, language) for line in draft.heads]
        own = [index.share(text, k) for text in texts]
        for i in headless:
            other = [index.share(text, i) for text in texts]
            cuts = [c for c in range(1, len(texts)) if min(other[:c]) > 0.45 and max(own[:c]) < 0.3]
            if cuts:
                drafts[i].heads = draft.heads[: cuts[-1]]
                draft.heads = draft.heads[cuts[-1] :]
                break


def _forced_start(
    page: Page, drafts: Sequence[Draft], lines: Sequence[Sequence[int]], logs: Floats, language: Language
) -> tuple[int, int] | None:
    """Draft and paragraph at which an article for the displaced `lines` begins, if one clearly does."""
    head = " ".join(_line_text(page, line, language) for line in lines)
    best: tuple[float, tuple[int, int]] | None = None
    for k, draft in enumerate(drafts):
        for p in range(1, len(draft.paragraphs)):
            first = draft.paragraphs[p][0]
            odds = float(logs[first, Label.START] - max(logs[first, Label.PARA], logs[first, Label.SUB]))
            if odds < _MIN_FORCED_START:
                continue
            before = " ".join(page.units[n].text for para in draft.paragraphs[:p] for n in para)
            after = " ".join(page.units[n].text for para in draft.paragraphs[p:] for n in para)
            index = BodyIndex([before, after])
            gain = index.share(head, 1) - index.share(head, 0)
            value = gain + 0.05 * odds
            if gain >= _MIN_FORCED_GAIN and (best is None or value > best[0]):
                best = (value, (k, p))
    return best[1] if best else None


def _line_text(page: Page, line: Sequence[int], language: Language) -> str:
    """A head line from its parts: with a blank where the parts are phrases of their own."""
    texts = [page.units[n].text for n in line]
    spaced = [False] + [
        b[:1] not in "“《（" and language.score("joint", a, b) < _MIN_SAME_PHRASE for a, b in pairwise(texts)
    ]
    return head_text(page, line, spaced)


def _stack(page: Page, draft: Draft, language: Language) -> HeadStack:
    lines = [without_list_marks(_line_text(page, line, language)) for line in draft.heads]
    stack = read_stack(lines, body_text(page, draft))
    if page.document.single_article and not stack.title:
        return replace(stack, title=page.document.title)
    return stack


def _mastheads(page: Page, printed: Sequence[int], furniture: Sequence[int]) -> list[Masthead]:
    """Masthead of every window; outlet and date carry over to pages that state none."""
    lines: dict[int, list[str]] = {}
    for n in furniture:
        text = page.units[n].text
        if len(text) <= _MAX_NOTICE_CHARS and (
            cues.drop_reason(text) == DropReason.MASTHEAD or cues.WEEKDAY.search(text)
        ):
            lines.setdefault(printed[page.units[n].page], []).append(text)
    result: list[Masthead] = []
    last = Masthead()
    for k, number in enumerate(printed):
        if not k or number != printed[k - 1]:
            own = read_masthead(lines.get(number, []))
            last = Masthead(own.outlet or last.outlet, own.published_on or last.published_on, own.page_label)
        result.append(last)
    return result


def _sure_reason(page: Page, n: int) -> DropReason | None:
    """The text under an advertisement's title is advertising; a list is for no reader."""
    if page.units[n].is_list:
        return DropReason.UNREADABLE
    return DropReason.ADVERTISEMENT if n and cues.AD_TITLE.fullmatch(page.units[n - 1].text) else None


def _distinct(articles: Sequence[Article]) -> list[Article]:
    """Equal texts get ids with a suffix."""
    seen: dict[str, int] = {}
    result = []
    for article in articles:
        seen[article.id] = seen.get(article.id, 0) + 1
        count = seen[article.id]
        result.append(replace(article, id=f"{article.id}-{count}") if count > 1 else article)
    return result


__all__ = ["Splitter", "load_splitter", "split_document"]

"""Leads a document through the splitter: units, labels, articles, displaced headlines, dropped blocks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefing import resources
from briefing.boosted import Trees
from briefing.records import Article, DroppedBlock, DropReason, RawDocument, SegmentedDocument, Span
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
from briefing.segment.heads import BodyIndex, HeadStack, place_heads, read_stack
from briefing.segment.language import Language, load_language
from briefing.segment.units import Unit, make_units
from briefing.text.normalise import NormalisedText, normalise

# A headline without a body and no article without a headline: the text is cut where the headline fits best, if the
# label's log-odds there are at least this. Chosen on damaged pages made from rmrb_2020_jan_sep, not on damaged_dev.
_MIN_FORCED_START = -5.0
_MIN_FORCED_GAIN = 0.2
# A first line of at most this many characters can be the title of a single article.
_MAX_TITLE_CHARS = 60


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
    """The articles of `document` in reading order; every printed character is in one of them or in a dropped block."""
    normalised = normalise(document.text)
    spans = _page_spans(document, normalised)
    units: list[Unit] = []
    for number, span in enumerate(spans):
        units += make_units(normalised, document.text, span, number)
    page_of = [unit.page for unit in units]
    page = Page(document, normalised, tuple(units))
    if not units:
        return SegmentedDocument(document.source, (), ())
    if document.single_article:
        drafts, furniture, loose = _single(page), [], []
    else:
        drafts, furniture, loose = _split(page, page_of, splitter)
    mastheads = _mastheads(page, page_of, furniture)
    articles = [
        build_article(
            page, draft, _stack(page, draft, splitter.language), mastheads.get(draft.page, Masthead()), k
        )
        for k, draft in enumerate(drafts)
    ]
    blocks = [dropped(page, [n]) for n in furniture] + [
        dropped(page, line, _loose_reason(page, line)) for line in loose
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
    return [Span(a, b) for a, b in zip(cuts, cuts[1:], strict=False) if a < b]


def _single(page: Page) -> list[Draft]:
    """All text as one article: a first line that is the stated title, or reads like one, is its headline."""
    draft = Draft()
    numbers = list(range(len(page.units)))
    first = page.units[0]
    stated = page.document.title.replace(" ", "")
    is_title = first.text.replace(" ", "") == stated or first.heading_mark
    if not is_title and not stated:
        is_title = len(first.text) <= _MAX_TITLE_CHARS and not cues.STOP_END.search(first.text)
    if is_title and len(numbers) > 1:
        draft.heads = [[0]]
        numbers = numbers[1:]
    for number in numbers:
        if not draft.paragraphs and number < len(page.units) - 1 and cues.BYLINE.match(page.units[number].text):
            draft.bylines.append(number)
        else:
            draft.paragraphs.append([number])
    return [draft]


def _split(
    page: Page, page_of: Sequence[int], splitter: Splitter
) -> tuple[list[Draft], list[int], list[list[int]]]:
    """Drafts in reading order, furniture units, and head lines that found no body."""
    logs = label_logs(splitter.trees, page_features(page.units, splitter.language))
    labels: list[Label] = []
    start = 0
    while start < len(page_of):
        stop = start
        while stop < len(page_of) and page_of[stop] == page_of[start]:
            stop += 1
        labels += best_labels(logs[start:stop], text_open=any(label in _TEXT for label in labels[-40:]))
        start = stop
    sorted_units = _sort(page, page_of, labels)
    if not sorted_units.drafts:
        lines = [line for _, line in sorted_units.pool]
        if not lines:
            return [], sorted_units.furniture, []
        # A page that holds nothing but head lines: they are its text.
        return [Draft(paragraphs=lines)], sorted_units.furniture, []
    loose = _place(page, page_of, sorted_units, logs, splitter.language)
    return sorted_units.drafts, sorted_units.furniture, loose


_TEXT = (Label.START, Label.PARA, Label.CONT, Label.SUB)


def _sort(page: Page, page_of: Sequence[int], labels: Sequence[Label]) -> _Sorted:
    result = _Sorted([], [], [])
    heads: list[list[int]] = []
    bylines: list[int] = []
    rubric = ""
    for n, label in enumerate(labels):
        if n and page_of[n] != page_of[n - 1]:
            result.pool += [(page_of[n - 1], line) for line in heads]
            heads = []
        if label == Label.HEAD or (label == Label.HEAD_CONT and not heads):
            heads.append([n])
        elif label == Label.HEAD_CONT:
            heads[-1].append(n)
        elif label == Label.START or (label in _TEXT and not result.drafts):
            result.drafts.append(Draft(heads, [[n]], bylines, page_of[n], rubric))
            heads, bylines = [], []
        elif label in _TEXT:
            result.pool += [(page_of[n], line) for line in heads]
            heads = []
            draft = result.drafts[-1]
            if label == Label.CONT:
                draft.paragraphs[-1].append(n)
            else:
                draft.paragraphs.append([n])
        elif label == Label.BYLINE:
            if heads or not result.drafts or _next_text(labels, n) == Label.START:
                bylines.append(n)
            else:
                result.drafts[-1].bylines.append(n)
        else:
            result.furniture.append(n)
        rubric = (
            page.units[n].text
            if label == Label.FURNITURE and (not rubric or n and labels[n - 1] != label)
            else (rubric if label == Label.FURNITURE else "")
        )
    result.pool += [(page_of[-1], line) for line in heads]
    if bylines:
        if result.drafts:
            result.drafts[-1].bylines += bylines
        else:
            result.furniture += bylines
    return result


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
    for number in sorted({draft.page for draft in found.drafts} | {p for p, _ in found.pool}):
        lines = [line for p, line in found.pool if p == number]
        drafts = [d for d in found.drafts if d.page == number]
        headless = [k for k, d in enumerate(drafts) if not d.heads]
        if lines and not headless and drafts:
            cut = _forced_start(page, drafts, lines, logs, language)
            if cut is not None:
                at, paragraph = cut
                old = drafts[at]
                new = Draft([], old.paragraphs[paragraph:], [], number)
                old.paragraphs = old.paragraphs[:paragraph]
                found.drafts.insert(_index(found.drafts, old) + 1, new)
                drafts = [d for d in found.drafts if d.page == number]
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
    spaced = [False] + [
        language.score("joint", page.units[a].text, page.units[b].text) < 0.0
        for a, b in zip(line, line[1:], strict=False)
    ]
    return head_text(page, line, spaced)


def _stack(page: Page, draft: Draft, language: Language) -> HeadStack:
    stack = read_stack([_line_text(page, line, language) for line in draft.heads], body_text(page, draft))
    return replace(stack, title=stack.title or page.document.title) if page.document.single_article else stack


def _mastheads(page: Page, page_of: Sequence[int], furniture: Sequence[int]) -> dict[int, Masthead]:
    """Masthead of every page; outlet and date carry over to pages that state none."""
    lines: dict[int, list[str]] = {}
    for n in furniture:
        text = page.units[n].text
        if len(text) < 60 and cues.drop_reason(text) == DropReason.MASTHEAD or cues.WEEKDAY.search(text):
            lines.setdefault(page_of[n], []).append(text)
    result: dict[int, Masthead] = {}
    last = Masthead()
    for number in range(page_of[-1] + 1):
        own = read_masthead(lines.get(number, []))
        last = Masthead(own.outlet or last.outlet, own.published_on or last.published_on, own.page_label)
        result[number] = last
    return result


def _loose_reason(page: Page, line: Sequence[int]) -> DropReason:
    reason = cues.drop_reason("".join(page.units[n].text for n in line))
    return reason


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

"""The stages in order. The only file that knows it:

ingest -> segment -> clean -> dedupe -> classify, rank -> summarise -> check -> assemble
bytes     Article    marks    Story     order, cut        Summary      Finding  Briefing

An article that a stage fails on becomes a Skip and the rest goes on; nothing here reads a clock, prints
or writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from briefing import clean
from briefing.check import Source, check_summary, fall_back
from briefing.classify import Classifier
from briefing.dedupe import DedupeOptions, load_scorer, merge_stories
from briefing.dedupe import recall as recall_stories
from briefing.errors import BriefingError
from briefing.ingest import IngestLimits, list_inputs, read_document
from briefing.rank import RankOptions, ScoredStory, duplicates, score, select
from briefing.records import (
    HEADLINE,
    Article,
    BriefingItem,
    EarlierItem,
    Finding,
    LeftOut,
    LeftOutReason,
    RawDocument,
    SegmentedDocument,
    Severity,
    Skip,
    Story,
    Summary,
)
from briefing.segment import Splitter, split_document
from briefing.summarise import Engine, SummaryOptions

# Called with (stage, done, total); total 0 while it is unknown.
Progress = Callable[[str, int, int], None]


def no_progress(stage: str, done: int, total: int) -> None:
    """Reports nothing."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the user says of inputs that do not say it themselves."""

    outlet: str = ""
    published_on: date | None = None
    page_label: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything loaded once and used by every run; made by `app.load_parts`."""

    splitter: Splitter
    classifier: Classifier
    engine: Engine
    limits: IngestLimits
    dedupe: DedupeOptions | None
    rank: RankOptions
    summary: SummaryOptions
    min_quality: float
    spare: Engine | None = None  # the extract, beside an engine that writes freely
    printed: tuple[tuple[EarlierItem, BriefingItem], ...] = ()


@dataclass(slots=True)
class Notes:
    """What a run gathers on its way; private to one run."""

    skips: list[Skip] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def skip(source: str, stage: str, err: Exception) -> Skip:
    """`err` as data. A fault of ours in one article must not cost the reader the others: it is listed
    too, and the run says `partial`."""
    if isinstance(err, BriefingError):
        return Skip(err.source or source, stage, err.zh, err.en)
    kind = f"{type(err).__name__}: {err}"
    return Skip(source, stage, f"程序内部错误（{kind}），请反馈", f"internal error ({kind}): please report")


def ingest(
    inputs: Sequence[str], limits: IngestLimits, *, now: datetime, stdin: bytes | None, progress: Progress
) -> Iterator[RawDocument | Skip]:
    """Documents of all inputs in order, a Skip in the place of what cannot be read."""
    paths: dict[str, None] = {}
    for given in inputs:
        # One mistyped path beside good ones must not cost the edition: it is listed.
        try:
            listed, skips = list_inputs([given], limits)
        except BriefingError as err:
            yield skip(given, "ingest", err)
            continue
        yield from skips
        paths |= dict.fromkeys(listed)
    for done, path in enumerate(paths):
        progress("read", done, len(paths))
        try:
            yield from read_document(path, limits, now=now, stdin=stdin)
        except Exception as err:
            yield skip(str(path), "ingest", err)
    progress("read", len(paths), len(paths))


def segment(document: RawDocument, splitter: Splitter) -> SegmentedDocument | Skip:
    """The document's articles; a Skip when it has none."""
    try:
        segmented = split_document(document, splitter)
    except Exception as err:
        return replace(skip(document.source, "segment", err), row_id=document.row_id)
    if segmented.articles:
        return segmented
    zh, en = "没有找到文章，请检查内容", "no article found: check the content"
    return Skip(document.source, "segment", zh, en, document.row_id)


def with_unique_ids(segmented: SegmentedDocument, taken: set[str]) -> SegmentedDocument:
    """The document with ids that no earlier one has: two files may hold the same text."""
    articles = []
    for article in segmented.articles:
        number, unique = 1, article.id
        while unique in taken:
            number += 1
            unique = f"{article.id}-d{number}"
        taken.add(unique)
        articles.append(article if unique == article.id else replace(article, id=unique))
    return replace(segmented, articles=tuple(articles))


def apply_defaults(document: RawDocument, defaults: Defaults) -> RawDocument:
    return replace(
        document,
        outlet=document.outlet or defaults.outlet,
        published_on=document.published_on or defaults.published_on,
        page_label=document.page_label or defaults.page_label,
    )


def clean_articles(segmented: Iterable[SegmentedDocument], parts: Parts, notes: Notes) -> list[Article]:
    """Articles fit to be summarised, boilerplate marked; the others are noted as left out."""
    kept = []
    for document in segmented:
        for article in document.articles:
            marked = clean.mark_boilerplate(article)
            reason = _unfit(marked, parts.min_quality)
            if reason:
                notes.left_out.append(_left_out(marked, *reason))
            else:
                kept.append(marked)
    return kept


def _unfit(article: Article, min_quality: float) -> tuple[LeftOutReason, str] | None:
    if article.caption:
        return LeftOutReason.CAPTION, "图片说明，不单独成条"
    if clean.is_advertisement(article):
        return LeftOutReason.ADVERTISEMENT, "广告或启事"
    quality = clean.text_quality(article)
    if quality < min_quality:
        return LeftOutReason.LOW_QUALITY, f"识别质量 {quality:.2f}，低于 {min_quality:.2f}，请核对原件"
    if all(s.dropped for s in article.sentences):
        return LeftOutReason.INSUFFICIENT, "除套话外没有正文"
    return None


def _left_out(article: Article, reason: LeftOutReason, detail: str) -> LeftOut:
    title = article.title or article.text[:24].replace("\n", " ")
    return LeftOut(title, article.source, reason, detail, article.id)


def merge(articles: Sequence[Article], parts: Parts, notes: Notes) -> tuple[Story, ...]:
    """Articles as stories; every merged one is noted with the article that stands for it."""
    if parts.dedupe is None:
        return tuple(Story(a) for a in articles)
    stories = merge_stories(articles, parts.dedupe)
    notes.left_out.extend(left for story in stories for left in duplicates(story))
    return stories


def recall(
    stories: Sequence[Story], parts: Parts, notes: Notes
) -> tuple[tuple[Story, ...], dict[str, EarlierItem]]:
    """Stories with something new since earlier editions, and the item that each of them continues, by lead."""
    if not parts.printed:
        return tuple(stories), {}
    options = parts.dedupe or DedupeOptions()
    recalled = recall_stories(
        stories, parts.printed, options.min_event_probability, options.min_copy_containment, load_scorer()
    )
    notes.left_out.extend(recalled.left_out)
    return recalled.stories, recalled.earlier


def rank(stories: Sequence[Story], parts: Parts) -> list[ScoredStory]:
    """Every story with its area, importance and score; order as given."""
    classified = parts.classifier.classify([s.lead for s in stories])
    return [score(story, found, parts.rank) for story, found in zip(stories, classified, strict=True)]


def write_items(
    ranked: Sequence[ScoredStory], parts: Parts, notes: Notes, progress: Progress
) -> list[BriefingItem]:
    """The items to print, most important first: chosen, summarised and checked.

    Only chosen stories are summarised (a night may bring thousands). One that turns out to say too
    little makes room for the next in line, so choosing is repeated until nothing drops out.
    """
    written: dict[str, BriefingItem] = {}
    unfit: dict[str, LeftOut] = {}
    while True:
        selection = select([r for r in ranked if r.story.lead.id not in unfit], parts.rank)
        chosen = selection.chosen
        new = [r for r in chosen if r.story.lead.id not in written]
        if not new:
            break
        done = len(written)
        summaries = summarise([r.story.lead for r in new], parts, notes, progress)
        for item, summary in zip(new, summaries, strict=True):
            lead = item.story.lead
            progress("check", done := done + 1, len(chosen))
            if summary is None:
                unfit[lead.id] = _left_out(lead, LeftOutReason.FAILED, "处理失败，见运行报告")
            elif summary.insufficient or not summary.sentences:
                unfit[lead.id] = _left_out(lead, LeftOutReason.INSUFFICIENT, "正文过短，不足以成条")
            else:
                proved, findings = prove(
                    summary, item.story.articles, parts.summary.max_chars, extract_of(lead, parts)
                )
                if proved.sentences:
                    written[lead.id] = _item(item, proved, findings)
                else:
                    unfit[lead.id] = _left_out(lead, LeftOutReason.INSUFFICIENT, "没有一句通过核验")
    notes.left_out.extend(unfit.values())
    notes.left_out.extend(selection.left_out)
    return [written[r.story.lead.id] for r in chosen]


def _item(ranked: ScoredStory, summary: Summary, findings: tuple[Finding, ...]) -> BriefingItem:
    return BriefingItem(
        story=ranked.story,
        summary=summary,
        findings=findings,
        area=ranked.classification.area,
        importance=ranked.classification.importance,
        score=ranked.score,
        score_parts=ranked.parts,
    )


def summarise(
    articles: Sequence[Article], parts: Parts, notes: Notes, progress: Progress
) -> list[Summary | None]:
    """Summaries in order; None (and a note) for an article that the engine fails on."""
    total = len(articles)
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        progress("summarise", done, total)

    try:
        return list(parts.engine.summarise(articles, parts.summary, count))
    except Exception:
        # One bad article must not cost the batch: find it by going one at a time.
        summaries: list[Summary | None] = []
        for article in articles:
            try:
                summaries.extend(parts.engine.summarise([article], parts.summary, None))
            except Exception as err:
                notes.skips.append(skip(article.source, "summarise", err))
                summaries.append(None)
            progress("summarise", len(summaries), total)
        return summaries


def prove(
    summary: Summary, articles: Sequence[Article], max_chars: int, spare: Callable[[], Summary] | None = None
) -> tuple[Summary, tuple[Finding, ...]]:
    """The summary with every failed sentence replaced by its source, and the findings of what is printed.

    Why a sentence was replaced stands in its `fallback`. `spare` gives the extract of the same article, for
    engines that write freely: where not one of their own sentences stands, the extract reads better than the
    source sentences that happen to share words with what failed.
    """
    source = Source(articles)
    findings = check_summary(summary, source)
    if not _has_error(findings):
        return summary, findings
    failed = next((f.check for f in findings if f.severity is Severity.ERROR and f.sentence != HEADLINE), "")
    summary = fall_back(summary, findings, source, max_chars)
    if spare and failed and all(s.fallback for s in summary.sentences):
        summary = _extracted(spare(), summary, failed)
        findings = check_summary(summary, source)
        summary = fall_back(summary, findings, source, max_chars) if _has_error(findings) else summary
    return summary, check_summary(summary, source)


def _has_error(findings: Iterable[Finding]) -> bool:
    return any(f.severity is Severity.ERROR for f in findings)


def _extracted(extract: Summary, written: Summary, failed: str) -> Summary:
    """`extract` under the name of the engine that it stands for, every sentence marked with what failed."""
    sentences = tuple(replace(s, fallback=s.fallback or failed) for s in extract.sentences)
    return replace(
        extract,
        sentences=sentences,
        engine=written.engine,
        prompt=written.prompt,
        warnings=written.warnings,
    )


def extract_of(article: Article, parts: Parts) -> Callable[[], Summary] | None:
    """What `prove` falls back to where `parts` has an engine that writes freely."""
    engine = parts.spare
    if engine is None:
        return None
    return lambda: engine.summarise([article], parts.summary, None)[0]

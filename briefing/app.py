"""The entry points: what the command line, a scheduler or a web page may ask for.

Doors parse input, call a function here and show its result; they hold no rule about news.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, islice, tee
from pathlib import Path

import briefing
from briefing import clean, pipeline
from briefing.assemble import AssembleOptions, SectionOrder, assemble_briefing, keep_document
from briefing.check import CHECKS, check_summary
from briefing.classify import load_classifier
from briefing.config import Config
from briefing.dedupe import DedupeOptions
from briefing.errors import ConfigError, NothingToPrintError, SourceError
from briefing.ingest import IngestLimits
from briefing.json_form import read_briefing
from briefing.parallel import LOT, WORTH_STARTING, beside, model_options
from briefing.pipeline import Defaults, Notes, Parts, Progress, no_progress
from briefing.rank import RankOptions
from briefing.records import (
    Article,
    Briefing,
    BriefingItem,
    Classification,
    Finding,
    Layout,
    LeftOutReason,
    RawDocument,
    Rendered,
    RunReport,
    RunStatus,
    SegmentedDocument,
    Severity,
    Skip,
    SourceRef,
    Span,
    Summary,
)
from briefing.render import RENDERERS, RenderOptions, render_briefing
from briefing.render.layouts import find_layout
from briefing.segment import Splitter, load_splitter
from briefing.summarise import WRITERS, SummaryOptions, choose_engine, load_engine
from briefing.text.spans import merge, to_origin
from briefing.workers import ordered_map

# Stage of a Skip that stands beside its document, not in its place: a part could not be read.
PARTLY_READ = "partly read"


@dataclass(frozen=True, slots=True)
class Moment:
    """When a run happens: the edition's date, and the aware clock time at which inputs are read."""

    date: date
    now: datetime


def ingest_limits(config: Config) -> IngestLimits:
    return IngestLimits(
        max_file_bytes=config.ingest.max_file_megabytes << 20,
        max_files=config.ingest.max_files,
        max_pdf_pages=config.ingest.max_pdf_pages,
    )


def load_parts(config: Config, day: date) -> Parts:
    """Models and options for `config` and an edition of `day`. Raises ConfigError or ResourceError."""
    name = choose_engine(config.summary.engine, config.summary.model)
    engine, writes = load_engine(name, model_options(config)), name in WRITERS
    return Parts(
        splitter=load_splitter(),
        classifier=load_classifier(),
        engine=engine,
        spare=load_engine("extract") if writes else None,
        limits=ingest_limits(config),
        dedupe=DedupeOptions() if config.dedupe.enabled else None,
        rank=_rank_options(config, day),
        summary=SummaryOptions(max_chars=config.summary.max_chars, max_sentences=config.summary.max_sentences),
        min_quality=config.limits.min_quality,
    )


def _rank_options(config: Config, day: date) -> RankOptions:
    weights = config.ranking
    caps = [(a.topic, 0 if a.hidden else a.max_items) for a in config.areas if a.hidden or a.max_items]
    return RankOptions(
        today=day,
        publishers=weights.publishers,
        front_page=weights.front_page,
        top_of_page=weights.top_of_page,
        stale_per_day=weights.stale_per_day,
        watch=tuple((word, weights.watch_points) for word in weights.watch_words),
        area_bonus=tuple((a.topic, a.points) for a in config.areas if a.points),
        area_caps=tuple(caps),
        items_per_area=config.limits.max_items_per_area,
        items=config.limits.max_items,
        min_score=config.limits.min_score,
    )


def make_briefing(
    inputs: Sequence[str],
    config: Config,
    moment: Moment,
    *,
    defaults: Defaults | None = None,
    stdin: bytes | None = None,
    progress: Progress = no_progress,
) -> tuple[Briefing, RunReport]:
    """The briefing of `inputs` (files, folders, globs, "-"), and the report of the run with timings.

    The report inside the briefing has no timings, so equal input gives an equal briefing. Raises
    NothingToPrintError, with the reasons, when no item is left.
    """
    assemble_options(config, moment.date)  # a wrong layout is said before any work is done
    parts = load_parts(config, moment.date)
    parts = replace(parts, engine=beside(parts.engine, config))
    notes = Notes()
    clock = _Stopwatch()
    pairs: list[tuple[RawDocument, SegmentedDocument]] = []
    reading = pipeline.ingest(inputs, parts.limits, now=moment.now, stdin=stdin, progress=progress)
    for result in _segmented(reading, parts.splitter, defaults or Defaults()):
        if isinstance(result, Skip):
            notes.skips.append(result)
        else:
            pairs.append(result)
    clock.lap("read and segment")
    made, report = compose(pairs, notes, parts, config, moment.date, progress)
    return made, replace(report, seconds=(*clock.laps(), *report.seconds))


def compose(
    pairs: Sequence[tuple[RawDocument, SegmentedDocument]],
    notes: Notes,
    parts: Parts,
    config: Config,
    day: date,
    progress: Progress,
) -> tuple[Briefing, RunReport]:
    """The briefing of documents that are cut already; `notes` of the reading become part of its report.

    Raises NothingToPrintError, with the reasons, when no item is left.
    """
    assembling = assemble_options(config, day)
    clock = _Stopwatch()
    articles = pipeline.clean_articles([s for _, s in pairs], parts, notes)
    clock.lap("clean")
    stories = pipeline.merge(articles, parts, notes)
    clock.lap("dedupe")
    stories, earlier = pipeline.recall(stories, parts, notes)
    clock.lap("compare with earlier editions")
    ranked = pipeline.rank(stories, parts)
    clock.lap("classify and rank")
    items = pipeline.write_items(ranked, parts, notes, progress)
    clock.lap("summarise and check")
    items = [replace(i, earlier=earlier.get(i.story.lead.id)) for i in items]
    if not items:
        raise _nothing_to_print(notes)
    counts = (
        ("documents", len(pairs)),
        ("articles", sum(len(s.articles) for _, s in pairs)),
        ("stories", len(stories)),
        ("items", len(items)),
        *_counts_of_writing(items, parts),
    )
    report = RunReport(_status(notes), tuple(notes.skips), counts)
    made = assemble_briefing(
        _named_areas(items, config),
        notes.left_out,
        [keep_document(d, s) for d, s in pairs],
        report,
        assembling,
        _generated_by(parts, items),
    )
    clock.lap("assemble")
    return made, replace(report, seconds=clock.laps())


class _Stopwatch:
    def __init__(self) -> None:
        self._laps: list[tuple[str, float]] = []
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps.append((name, round(now - self._last, 3)))
        self._last = now

    def laps(self) -> tuple[tuple[str, float], ...]:
        return tuple(self._laps)


def _status(notes: Notes) -> RunStatus:
    # An unreadable scan is news that the reader does not get, as much as a file that would not open.
    lost = notes.skips or any(
        left.reason in (LeftOutReason.LOW_QUALITY, LeftOutReason.FAILED) for left in notes.left_out
    )
    return RunStatus.PARTIAL if lost else RunStatus.OK


def _nothing_to_print(notes: Notes) -> NothingToPrintError:
    reasons = [(f"{s.source}：{s.zh}", f"{s.source}: {s.en}") for s in notes.skips]
    reasons += [
        (
            f"{x.source}《{x.title}》：{x.reason.value}，{x.detail}",
            f"{x.source}: {x.reason.name.lower()}",
        )
        for x in notes.left_out
    ]
    return NothingToPrintError(
        "没有可以成条的材料，未生成简报", "nothing to print, no briefing written", reasons
    )


def _named_areas(items: Sequence[BriefingItem], config: Config) -> list[BriefingItem]:
    """Items under the section names that the configuration gives their areas."""
    names = {a.topic: a.name for a in config.areas}
    return [replace(i, area=names.get(i.area, i.area)) for i in items]


def check_layout(config: Config) -> None:
    """Raise ConfigError for a layout that is nowhere."""
    find_layout(config.layout.name)


def assemble_options(config: Config, day: date) -> AssembleOptions:
    """Raises ConfigError for a layout that is nowhere, before any work is done."""
    office = config.layout
    ready = find_layout(office.name)
    return AssembleOptions(
        date=day,
        title=config.briefing.title or ready.form.title,
        office=config.briefing.office,
        issue_number=config.briefing.issue_number,
        area_order=tuple(dict.fromkeys(a.name for a in config.areas)),
        section_order=SectionOrder(config.briefing.section_order),
        lead_items=config.briefing.lead_items,
        colophon=(("编辑", office.editor), ("核稿", office.checker), ("签发", office.signer)),
        layout=Layout(
            name=ready.name,
            mark=office.mark,
            serial=office.serial,
            topic=office.topic,
            editors_note=office.editors_note,
            judgement=office.judgement,
            report_to=office.report_to,
            send_to=office.send_to,
            issue_to=office.issue_to,
            copies=office.copies,
            key_figures=office.key_figures,
            chart=office.chart,
            appendices=office.appendices,
            supplement=office.supplement,
            clean=office.clean,
        ),
    )


def _counts_of_writing(items: Sequence[BriefingItem], parts: Parts) -> list[tuple[str, int]]:
    """How often the gate stepped in, where a model wrote freely: sentences replaced, and items of which not
    one sentence of the model's own stands."""
    if parts.spare is None:
        return []
    sentences = [s for i in items for s in i.summary.sentences]
    return [
        ("sentences", len(sentences)),
        ("sentences_replaced", sum(bool(s.fallback) for s in sentences)),
        ("items_extracted", sum(all(s.fallback for s in i.summary.sentences) for i in items)),
    ]


def _generated_by(parts: Parts, items: Sequence[BriefingItem]) -> list[tuple[str, str]]:
    prompts = dict.fromkeys(i.summary.prompt for i in items if i.summary.prompt)
    return [
        *(("prompt", p) for p in prompts),
        ("program", briefing.__version__),
        ("checks", ",".join(CHECKS)),
        ("engine", f"{parts.engine.name}@{parts.engine.revision}"),
    ]


def _segmented(
    reading: Iterable[RawDocument | Skip], splitter: Splitter, defaults: Defaults
) -> Iterator[tuple[RawDocument, SegmentedDocument] | Skip]:
    taken: set[str] = set()
    for document in reading:
        if isinstance(document, Skip):
            yield document
            continue
        yield from (Skip(document.source, PARTLY_READ, zh, en, document.row_id) for zh, en in document.warnings)
        known = pipeline.apply_defaults(document, defaults)
        segmented = pipeline.segment(known, splitter)
        if isinstance(segmented, Skip):
            yield segmented
        else:
            yield known, pipeline.with_unique_ids(segmented, taken)


def split_inputs(
    inputs: Sequence[str],
    config: Config,
    moment: Moment,
    *,
    stdin: bytes | None = None,
    progress: Progress = no_progress,
) -> Iterator[tuple[RawDocument, SegmentedDocument] | Skip]:
    """Each input cut into its articles, in order, as it is ready; a Skip for what cannot be read."""
    limits = ingest_limits(config)
    reading = pipeline.ingest(inputs, limits, now=moment.now, stdin=stdin, progress=progress)
    return _segmented(reading, load_splitter(), Defaults())


def origin_spans(document: RawDocument, article: Article) -> tuple[Span, ...]:
    """Where `article.text` stands in `document.text`, neighbours joined, in reading order."""
    return merge(to_origin(article.origin, Span(0, len(article.text))), document.text)


@dataclass(frozen=True, slots=True)
class Condensed:
    """One article condensed and checked on its own; `summary` spans index `article.text`."""

    document: RawDocument
    article: Article
    summary: Summary
    findings: tuple[Finding, ...]
    classification: Classification


def summarise_inputs(
    inputs: Sequence[str],
    config: Config,
    moment: Moment,
    *,
    stdin: bytes | None = None,
    progress: Progress = no_progress,
    jobs: int = 1,
) -> Iterator[Condensed | Skip]:
    """Every article of `inputs` condensed and checked on its own: no merging, ranking or cutting.

    Results come in the order of the inputs: one for each article, a Skip in the place of each failure. With
    `jobs` above 1, WORTH_STARTING articles and more are worked on by so many processes, to the same results.
    """
    parts = load_parts(config, moment.date)
    reading = pipeline.ingest(inputs, parts.limits, now=moment.now, stdin=stdin, progress=progress)
    batches = _batches(_segmented(reading, parts.splitter, Defaults()))
    alone = WORTH_STARTING // LOT
    first = list(islice(batches, alone))
    rest = chain(first, batches)
    if jobs < 2 or len(first) < alone:
        for batch in rest:
            yield from _paired(batch, _condense(_articles(batch), parts))
        return
    mine, theirs = tee(rest)  # apart by the few batches that are under way
    done = ordered_map(
        _condense, map(_articles, theirs), load=load_parts, arguments=(config, moment.date), jobs=jobs
    )
    for batch, found in zip(mine, done, strict=True):
        yield from _paired(batch, found)


# An article with its document, or what stands in the place of one.
_Entry = tuple[RawDocument, Article] | Skip
_Found = tuple[Summary, tuple[Finding, ...], Classification] | Skip


def _batches(
    results: Iterable[tuple[RawDocument, SegmentedDocument] | Skip],
) -> Iterator[list[_Entry]]:
    batch: list[_Entry] = []
    for result in results:
        if isinstance(result, Skip):
            batch.append(result)
        else:
            document, segmented = result
            batch.extend((document, clean.mark_boilerplate(a)) for a in segmented.articles)
        if len(batch) >= LOT:
            yield batch
            batch = []
    if batch:
        yield batch


def _articles(batch: Iterable[_Entry]) -> list[Article]:
    return [entry[1] for entry in batch if not isinstance(entry, Skip)]


def _condense(articles: Sequence[Article], parts: Parts) -> list[_Found]:
    notes = Notes()
    summaries = pipeline.summarise(articles, parts, notes, no_progress)
    classifications = parts.classifier.classify(articles)
    failures = iter(notes.skips)
    found: list[_Found] = []
    for article, summary, classification in zip(articles, summaries, classifications, strict=True):
        if summary is None:
            found.append(next(failures))
            continue
        spare = pipeline.extract_of(article, parts)
        proved, findings = pipeline.prove(summary, (article,), parts.summary.max_chars, spare)
        found.append((proved, findings, classification))
    return found


def _paired(batch: Iterable[_Entry], found: Iterable[_Found]) -> Iterator[Condensed | Skip]:
    """What was made of each article of `batch`, beside its document."""
    made = iter(found)
    for entry in batch:
        if isinstance(entry, Skip):
            yield entry
            continue
        document, article = entry
        result = next(made)
        if isinstance(result, Skip):
            yield replace(result, row_id=document.row_id)
        else:
            summary, findings, classification = result
            yield Condensed(document, article, summary, findings, classification)


def row_spans(condensed: Condensed, refs: Iterable[SourceRef]) -> list[Span]:
    """`refs` into the article's text as spans of the document's text, neighbours joined."""
    spans = [s for r in refs if r.part == "text" for s in to_origin(condensed.article.origin, r.span)]
    return list(merge(spans, condensed.document.text))


def check_briefing(briefing: Briefing) -> Briefing:
    """`briefing` with the findings of every summary as it now stands, edited by hand or not."""
    sections = []
    for section in briefing.sections:
        items = [replace(i, findings=check_summary(i.summary, i.story.articles)) for i in section.items]
        sections.append(replace(section, items=tuple(items)))
    return replace(briefing, sections=tuple(sections))


def read_briefing_file(path: Path) -> Briefing:
    """The briefing in a `briefing.json`. Raises SourceError."""
    try:
        body = path.read_bytes()
    except OSError as err:
        raise SourceError(
            f"无法读取（{err.strerror}），请检查路径",
            f"cannot read ({err.strerror}): check the path",
            source=str(path),
        ) from err
    return read_briefing(body, source=str(path))


def render(briefing: Briefing, formats: Sequence[str], options: RenderOptions) -> list[Rendered]:
    """The briefing in each of `formats`, in that order, each once."""
    return [render_briefing(briefing, f, options) for f in dict.fromkeys(formats)]


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(f.severity is Severity.ERROR for f in findings)


def check_formats(formats: Sequence[str]) -> None:
    """Raise ConfigError for a format that cannot be rendered, before any work is done."""
    unknown = [f for f in formats if f not in RENDERERS]
    if unknown or not formats:
        allowed = ", ".join(RENDERERS)
        raise ConfigError(
            f"未知的输出格式 {', '.join(unknown) or '（空）'}；可用：{allowed}",
            f"unknown format {', '.join(unknown) or '(none)'}: use {allowed}",
            source="--format",
        )

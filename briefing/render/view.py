"""What a briefing says, ready to be laid out: numbers, labels, source lines, marks and click targets.

Every format is made from this one view, so they all say the same. All strings are plain text, without
control characters, and not escaped: that is the format's part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from briefing.errors import RenderError
from briefing.records import (
    HEADLINE,
    Article,
    Briefing,
    BriefingItem,
    Finding,
    RunStatus,
    Severity,
    SourceRef,
    SourceStatus,
)
from briefing.render import wording
from briefing.render.contract import RenderOptions
from briefing.render.digest_view import (
    DigestView,
    EntryView,
    build_digest,
    build_entries,
    build_span,
    printed_note,
)
from briefing.render.dressing import DressView, build_dress
from briefing.render.layouts import Form, ReadyLayout, find_layout
from briefing.render.sources import (
    ArticleView,
    DocumentView,
    DropView,
    Pages,
    Trace,
    build_articles,
    build_documents,
    build_drops,
    cited,
    number_pages,
    source_line,
    trace,
)
from briefing.render.wording import UNTITLED, one_line

# Enough to recognise the place in the original; the whole text stands beside it.
MAX_EVIDENCE_CHARS = 80


@dataclass(frozen=True, slots=True)
class FindingView:
    """`place`: 标题 or 第n句. `words`: what the check objects to. `evidence`: what the source says."""

    key: str
    place: str
    check: str
    level: str
    severity: str
    message: str
    words: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SentenceView:
    """`key`: "item-sentence", the same in every `Segment.keys`. `mark`: a flag for the editor or ""."""

    key: str
    text: str
    mark: str
    mark_reason: str
    trace: Trace
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class MarkView:
    """Why a sentence carries a flag, for the list under its item."""

    key: str
    place: str
    mark: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScoreView:
    name: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """`number` counts through the issue, `ordinal` within the section: （一）, 一、 or 1. by the layout."""

    number: int
    ordinal: str
    area: str
    headline: SentenceView
    sentences: tuple[SentenceView, ...]
    insufficient: str
    source_line: str
    articles: tuple[ArticleView, ...]
    findings: tuple[FindingView, ...]
    marks: tuple[MarkView, ...]
    score: str
    importance: str
    score_parts: tuple[ScoreView, ...]
    span: str = ""
    entries: tuple[EntryView, ...] = ()

    def sentences_of(self, entry: EntryView) -> tuple[SentenceView, ...]:
        return self.sentences[entry.start : entry.end]


@dataclass(frozen=True, slots=True)
class SectionView:
    """`heading` is "" in layouts without sections: their items count as level one."""

    number: int
    heading: str
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class LeftOutView:
    title: str
    source: str
    reason: str
    detail: str
    item_number: int  # the item it was merged into; 0 for none


@dataclass(frozen=True, slots=True)
class SkipView:
    source: str
    stage: str
    message: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Why the issue is not whole. `headline` is "" when it is."""

    headline: str
    skips: tuple[SkipView, ...]


@dataclass(frozen=True, slots=True)
class BriefingView:
    title: str
    issue: str
    office: str
    date: str
    iso_date: str
    notice: NoticeView
    overview: str
    sections: tuple[SectionView, ...]
    documents: tuple[DocumentView, ...]
    left_out: tuple[LeftOutView, ...]
    drops: tuple[DropView, ...]
    dress: DressView
    check_statement: str
    generated_by: tuple[str, ...]
    clean: bool
    digest: DigestView | None = None

    @property
    def items(self) -> tuple[ItemView, ...]:
        return tuple(item for section in self.sections for item in section.items)

    @property
    def colophon(self) -> tuple[tuple[str, str], ...]:
        return self.dress.colophon

    @property
    def contents(self) -> bool:
        """本期要目 is for issues of several items."""
        return self.dress.form.contents and len(self.items) > 1


def layout_of(briefing: Briefing, options: RenderOptions) -> ReadyLayout:
    """The layout asked for, else the record's own, which must be a shipped one."""
    if options.layout:
        return find_layout(options.layout)
    return find_layout(briefing.layout.name, folders=False)


def view_of(briefing: Briefing, options: RenderOptions) -> BriefingView:
    """The view as `options` and the record ask for it: what every format starts from."""
    clean = options.clean or briefing.layout.clean
    return build_view(briefing, clean=clean, form=layout_of(briefing, options).form)


def build_view(briefing: Briefing, *, clean: bool = False, form: Form | None = None) -> BriefingView:
    """The view of `briefing` in the layout `form`, by default its own.

    Raises RenderError when a source points outside its article, or when `clean` is asked for and an
    ERROR finding still stands.
    """
    if clean:
        _refuse_standing_errors(briefing)
    form = form or layout_of(briefing, RenderOptions()).form
    pages = number_pages(briefing.documents)
    sections = []
    number = 0
    for i, section in enumerate(briefing.sections, 1):
        items = []
        for k, item in enumerate(section.items, 1):
            number += 1
            items.append(_build_item(item, number, _ordinal(form, number, k), pages))
        sections.append(SectionView(i, _heading(form, i, one_line(section.area)), tuple(items)))
    return BriefingView(
        title=one_line(briefing.title),
        issue=wording.issue_label(briefing.issue_number),
        office=wording.office_label(briefing.office),
        date=wording.chinese_date(briefing.date),
        iso_date=briefing.date.isoformat(),
        notice=_build_notice(briefing),
        overview=_overview(briefing),
        sections=tuple(sections),
        documents=build_documents(briefing, pages),
        left_out=_build_left_out(briefing),
        drops=build_drops(briefing.documents),
        dress=build_dress(briefing, form, clean=clean),
        check_statement=_check_statement(briefing),
        generated_by=tuple(wording.maker_label(k, v) for k, v in briefing.generated_by),
        clean=clean,
        digest=build_digest(briefing.digest),
    )


def _ordinal(form: Form, number: int, place: int) -> str:
    """`number` counts through the issue, `place` through the section."""
    if form.numbering == "areas":
        return f"（{wording.chinese_number(place)}）"
    return f"{wording.chinese_number(number)}、" if form.numbering == "topic" else f"{number}."


def _heading(form: Form, number: int, area: str) -> str:
    if form.numbering == "topic":
        return ""
    return f"{wording.chinese_number(number)}、{area}" if form.numbering == "areas" else f"【{area}】"


def standing_errors(item: BriefingItem) -> tuple[Finding, ...]:
    """ERROR findings on words that would be printed: not those a fallback has already replaced."""
    sentences = item.summary.sentences
    return tuple(
        f
        for f in item.findings
        if f.severity is Severity.ERROR
        and not (0 <= f.sentence < len(sentences) and sentences[f.sentence].fallback)
    )


def _refuse_standing_errors(briefing: Briefing) -> None:
    for number, item in enumerate(briefing.items, 1):
        for finding in standing_errors(item):
            place = _place(finding.sentence)
            raise RenderError(
                f"第{number}条{place}有未处理的核验错误（{one_line(finding.message)}），改正后才能出清样",
                f"item {number} still has an error (check {finding.check}): correct it before a clean copy",
                source=one_line(item.summary.headline),
            )


def _build_item(item: BriefingItem, number: int, ordinal: str, pages: Pages) -> ItemView:
    articles = {a.id: a for a in item.story.articles}
    findings = tuple(_build_finding(f, item, articles, number) for f in item.findings)
    summary = item.summary
    sources: dict[str, list[SourceRef]] = {}
    citations = cited(item, number)
    for cite in citations:
        sources.setdefault(cite.key, []).append(cite.ref)
    texts = [(summary.headline or UNTITLED, ""), *((s.text, s.fallback) for s in summary.sentences)]
    sentences = []
    for i, (text, fallback) in enumerate(texts):
        key = f"{number}-{i}"
        traced = trace(sources.get(key, []), articles, f"第{number}条", pages)
        own = tuple(f for f in findings if f.key == key)
        sentences.append(_build_sentence(key, text, fallback, traced, own))
    return ItemView(
        number=number,
        ordinal=ordinal,
        area=one_line(item.area),
        headline=sentences[0],
        sentences=tuple(sentences[1:]),
        insufficient="【材料不足】原文信息过少，未作概括。" if summary.insufficient else "",
        source_line=source_line(item.story.articles) + wording.continues(item.earlier) + printed_note(item),
        articles=build_articles(item.story.articles, citations, pages),
        findings=findings,
        marks=tuple(
            MarkView(s.key, _place(i), s.mark, s.mark_reason) for i, s in enumerate(sentences[1:]) if s.mark
        ),
        score=f"{item.score:.2f}",
        importance=f"{item.importance:.1f}",
        score_parts=tuple(
            ScoreView(wording.SCORE_LABELS.get(p.name, one_line(p.name)), f"{p.value:+.2f}", one_line(p.reason))
            for p in item.score_parts
        ),
        span=build_span(item),
        entries=build_entries(item),
    )


def _build_sentence(
    key: str, text: str, fallback: str, traced: Trace, findings: tuple[FindingView, ...]
) -> SentenceView:
    mark = reason = ""
    if fallback:
        check = wording.check_label(fallback)
        mark, reason = "【据原文】", f"原摘要句未通过“{check}”核验，改用原文句"
    elif not traced.excerpts and not key.endswith("-0"):
        mark, reason = "【未注出处】", "此句没有标明原文出处，请核对"
    return SentenceView(key, one_line(text), mark, reason, traced, findings)


def _place(sentence: int) -> str:
    return "标题" if sentence == HEADLINE else f"第{sentence + 1}句"


def _build_finding(
    finding: Finding, item: BriefingItem, articles: Mapping[str, Article], number: int
) -> FindingView:
    """A person may have edited the sentence since it was checked: the span is cut to what there is.

    Of a sentence that a fallback replaced, the words found at fault are no longer there to be quoted.
    """
    sentences = item.summary.sentences
    level = wording.SEVERITY_LABELS[finding.severity]
    text = item.summary.headline if finding.sentence == HEADLINE else ""
    if 0 <= finding.sentence < len(sentences):
        replaced = sentences[finding.sentence].fallback
        level = f"{level}已替换" if replaced else level
        text = "" if replaced else sentences[finding.sentence].text
    place = _place(finding.sentence)
    evidence = trace(finding.evidence, articles, f"第{number}条核验提示（{place}）", {})
    return FindingView(
        key=f"{number}-{finding.sentence + 1}",
        place=place,
        check=wording.check_label(finding.check),
        level=level,
        severity=finding.severity.value,
        message=one_line(finding.message),
        words=one_line(text[finding.span.start : finding.span.end]),
        evidence=tuple(wording.shorten(e, MAX_EVIDENCE_CHARS) for e in evidence.excerpts),
    )


def _build_notice(briefing: Briefing) -> NoticeView:
    report = briefing.report
    skips = tuple(
        SkipView(
            wording.file_label(s.source), wording.STAGE_LABELS.get(s.stage, one_line(s.stage)), one_line(s.zh)
        )
        for s in report.skips
    )
    if report.status is RunStatus.OK:
        return NoticeView("", skips)
    what = "本期不完整" if report.status is RunStatus.PARTIAL else "本期生成失败"
    lost = [one_line(r.name) for r in briefing.coverage if r.status is SourceStatus.FAILED]
    why = [f"来源{'、'.join(lost)}未能获取"] if lost else []
    why += [f"有{len(skips)}项材料未能处理"] if skips else []
    return NoticeView("：".join([what, "；".join(why)]) if why else what, skips)


def _overview(briefing: Briefing) -> str:
    if briefing.digest is not None:
        return "各条原文与版面见所刊各期。"
    documents, items, left = len(briefing.documents), len(briefing.items), len(briefing.left_out)
    said = f"收到材料{documents}份，选编{items}条，未采用{left}项。"
    sources = [
        f"{one_line(r.name)}{wording.SOURCE_LABELS[r.status]}"
        + (f"{r.documents}份" if r.documents else "")
        + (f"（{one_line(r.zh)}）" if r.zh else "")
        for r in briefing.coverage
    ]
    return said + (f"来源情况：{'；'.join(sources)}。" if sources else "")


def _build_left_out(briefing: Briefing) -> tuple[LeftOutView, ...]:
    numbers = {item.story.lead.id: n for n, item in enumerate(briefing.items, 1)}
    return tuple(
        LeftOutView(
            title=one_line(entry.title) or UNTITLED,
            source=wording.file_label(entry.source),
            reason=entry.reason.value,
            detail=one_line(entry.detail),
            item_number=numbers.get(entry.kept_as, 0) if entry.kept_as else 0,
        )
        for entry in briefing.left_out
    )


def _check_statement(briefing: Briefing) -> str:
    """Counts taken from the record; it claims no check that the record does not show."""
    items = briefing.items
    sentences = [s for item in items for s in item.summary.sentences]
    traced = sum(1 for s in sentences if s.sources)
    replaced = sum(1 for s in sentences if s.fallback)
    findings = [f for item in items for f in item.findings]
    errors = sum(len(standing_errors(item)) for item in items)
    text = f"摘要共{len(sentences)}句，{traced}句注明原文出处；据原文替换{replaced}句"
    text += f"；核验提示{len(findings)}条" if findings else "；无核验提示"
    return text + (f"，其中未处理的错误{errors}处。" if errors else "。")

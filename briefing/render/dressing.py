"""The view of what stands around the items: masthead, note, judgement, tables, tail, what is still missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from briefing.records import Briefing, Layout
from briefing.render import wording
from briefing.render.figures import find_figures, is_proved
from briefing.render.layouts import Form
from briefing.render.sources import source_line
from briefing.render.wording import PENDING, UNTITLED, one_line

# Part of the ready layout 舆情快报: a leader reads the judgement alone.
MAX_JUDGEMENT_CHARS = 200
APPENDIX_TITLES = {"sources": "来源一览", "left_out": "未采用材料及原因"}


@dataclass(frozen=True, slots=True)
class QuotedView:
    """A summary sentence that stands again on top; `key` as in `SentenceView`, "" for a person's words."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class JudgementView:
    """`heading` says whose words they are: 【研判】 a person's, 【综述】 the items' own sentences."""

    heading: str
    sentences: tuple[QuotedView, ...]

    @property
    def text(self) -> str:
        return "".join(s.text for s in self.sentences)


@dataclass(frozen=True, slots=True)
class FigureView:
    """`key`: the sentence that says it. `value` is — where the source gives only the change."""

    key: str
    item_number: int
    indicator: str
    value: str
    change: str
    source: str


@dataclass(frozen=True, slots=True)
class AppendixView:
    """`kind`: "sources" or "left_out". `number`: 附一."""

    kind: str
    number: str
    title: str

    @property
    def heading(self) -> str:
        return f"{self.number}\u3000{self.title}"


@dataclass(frozen=True, slots=True)
class DressView:
    """`mark`, `serial`, `topic`, `copies` are "" where nothing is printed. `areas`: items of each area, for
    the chart, with `areas_caption` saying the same in words. `pending`: (zh, configuration key) of what
    prints 【待补】."""

    form: Form
    mark: str
    serial: str
    topic: str
    editors_note: tuple[str, ...]
    judgement: JudgementView | None
    figures: tuple[FigureView, ...]
    areas: tuple[tuple[str, int], ...]
    areas_caption: str
    appendices: tuple[AppendixView, ...]
    distribution: tuple[tuple[str, str], ...]
    colophon: tuple[tuple[str, str], ...]
    copies: str
    pending: tuple[tuple[str, str], ...]


def build_dress(briefing: Briefing, form: Form, *, clean: bool) -> DressView:
    layout = briefing.layout
    areas = _areas(briefing) if form.chart and layout.chart and briefing.digest is None else ()
    dress = DressView(
        form=form,
        mark=one_line(layout.mark),
        serial=one_line(layout.serial),
        topic=_topic(briefing) if form.numbering == "topic" and not form.judgement else "",
        editors_note=tuple(p for p in map(one_line, layout.editors_note.split("\n")) if p),
        judgement=_judgement(briefing) if form.judgement else None,
        figures=_figures(briefing)
        if form.key_figures and layout.key_figures and briefing.digest is None
        else (),
        areas=areas,
        areas_caption=_areas_caption(areas),
        appendices=() if clean else _appendices(form, layout, digest=briefing.digest is not None),
        distribution=_distribution(layout) if form.tail else (),
        colophon=tuple((one_line(k), one_line(v) or PENDING) for k, v in briefing.colophon)
        if form.tail
        else (),
        copies=f"共印{layout.copies or PENDING}份" if form.tail else "",
        pending=(),
    )
    return _with_pending(dress, briefing)


def _topic(briefing: Briefing) -> str:
    """The office's words, or the only item's headline; of several items nobody is told the topic."""
    given = one_line(briefing.layout.topic)
    if not given and len(briefing.items) == 1:
        given = one_line(briefing.items[0].summary.headline) or UNTITLED
    return given or PENDING


def _judgement(briefing: Briefing) -> JudgementView:
    """A person's words, or whole sentences that no check objects to: the first of each item, best item
    first, as many as fit. 【待补】 when there is none."""
    given = one_line(briefing.layout.judgement)
    if given:
        return JudgementView("【研判】", (QuotedView("", given),))
    chosen: list[QuotedView] = []
    numbered = sorted(enumerate(briefing.items, 1), key=lambda pair: -pair[1].score)
    for number, item in numbered:
        if not item.summary.sentences or not is_proved(item, 0):
            continue
        text = one_line(item.summary.sentences[0].text)
        if sum(len(s.text) for s in chosen) + len(text) <= MAX_JUDGEMENT_CHARS:
            chosen.append(QuotedView(f"{number}-1", text))
    return JudgementView("【综述】", tuple(chosen) or (QuotedView("", PENDING),))


def _figures(briefing: Briefing) -> tuple[FigureView, ...]:
    return tuple(
        FigureView(
            key=f"{figure.item}-{figure.sentence + 1}",
            item_number=figure.item,
            indicator=one_line(f"{figure.indicator}（{figure.period}）" if figure.period else figure.indicator),
            value=one_line(figure.value) or "—",
            change=one_line(figure.change),
            source=source_line(briefing.items[figure.item - 1].story.articles[:1])[4:-1],
        )
        for figure in find_figures(briefing.items)
    )


def _areas(briefing: Briefing) -> tuple[tuple[str, int], ...]:
    """Most items first; nothing to compare when there are fewer than two areas."""
    counts = Counter(one_line(item.area) for item in briefing.items)
    return tuple(counts.most_common()) if len(counts) > 1 else ()


def _areas_caption(areas: tuple[tuple[str, int], ...]) -> str:
    if not areas:
        return ""
    listed = "，".join(f"{name}{count}条" for name, count in areas)
    return f"本期{sum(count for _, count in areas)}条：{listed}。"


def _appendices(form: Form, layout: Layout, *, digest: bool) -> tuple[AppendixView, ...]:
    kinds = [kind for kind in form.appendices if kind in layout.appendices]
    if digest:  # what was left out stands in the editions themselves
        kinds = [kind for kind in kinds if kind != "left_out"]
    return tuple(
        AppendixView(kind, f"附{wording.chinese_number(n)}", APPENDIX_TITLES[kind])
        for n, kind in enumerate(kinds, 1)
    )


def _distribution(layout: Layout) -> tuple[tuple[str, str], ...]:
    """报、送、发 that were given; all three as 【待补】 when none was: an office may have no superiors to
    report to, but a tail without any reader is one that nobody filled in."""
    rows = (("报", layout.report_to), ("送", layout.send_to), ("发", layout.issue_to))
    if not any(names for _, names in rows):
        return tuple((label, PENDING) for label, _ in rows)
    return tuple((label, "，".join(map(one_line, names))) for label, names in rows if names)


def _with_pending(dress: DressView, briefing: Briefing) -> DressView:
    missing = [
        (not briefing.office.strip(), "编印单位", "briefing.office"),
        (not briefing.issue_number.strip(), "期号", "briefing.issue_number"),
        (dress.topic == PENDING, "专报标题", "layout.topic"),
        (dress.judgement is not None and dress.judgement.text == PENDING, "研判", "layout.judgement"),
        (
            any(text == PENDING for _, text in dress.distribution),
            "报、送、发",
            "layout.report_to, send_to, issue_to",
        ),
    ]
    keys = {"编辑": "layout.editor", "核稿": "layout.checker", "签发": "layout.signer"}
    missing += [(value == PENDING, label, keys.get(label, label)) for label, value in dress.colophon]
    missing.append((PENDING in dress.copies, "份数", "layout.copies"))
    return replace(dress, pending=tuple((zh, en) for absent, zh, en in missing if absent))

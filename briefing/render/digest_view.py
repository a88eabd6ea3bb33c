"""The view of a digest: what it counts, in words, and where its items were printed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from briefing.digest_records import Correction, Digest, Printed
from briefing.records import BriefingItem
from briefing.render.wording import chinese_date, one_line

_BEFORE = {"week": "上周", "month": "上月", "range": "上一时段"}


@dataclass(frozen=True, slots=True)
class EntryView:
    """A piece of a continuing story: where it was printed, and which of the item's sentences it has."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """`indicator` is "" in the rows of earlier values of the indicator above."""

    indicator: str
    value: str
    change: str
    source: str


@dataclass(frozen=True, slots=True)
class DigestView:
    """`areas`: area, items, items of the period before, difference in words. `corrections`, `coverage`: a line
    each."""

    lead: str
    before: str
    figures: tuple[SeriesRow, ...]
    areas: tuple[tuple[str, str, str, str], ...]
    corrections: tuple[str, ...]
    coverage: tuple[str, ...]


def printed_label(printed: Printed) -> str:
    """《每日政策要情》2026年第25期第3条; with the date where the issue has no number."""
    number = one_line(printed.issue_number).split("（总")[0] or chinese_date(printed.day)
    return f"《{one_line(printed.title)}》{number}第{printed.number}条"


def printed_note(item: BriefingItem) -> str:
    """Where the one edition that carried it stands, for the source line; "" for all else."""
    return f"（原刊{printed_label(item.printed[0])}）" if len(item.printed) == 1 else ""


def build_entries(item: BriefingItem) -> tuple[EntryView, ...]:
    """The pieces of a continuing story, oldest first; () for other items."""
    if len(item.printed) < 2:
        return ()
    ends = [*(p.first_sentence for p in item.printed[1:]), len(item.summary.sentences)]
    return tuple(
        EntryView(f"{chinese_date(p.day)}（{printed_label(p)}）", p.first_sentence, end)
        for p, end in zip(item.printed, ends, strict=True)
    )


def build_span(item: BriefingItem) -> str:
    """How long a continuing story ran; "" for other items."""
    if len(item.printed) < 2:
        return ""
    first, last = item.printed[0].day, item.printed[-1].day
    days = len({p.day for p in item.printed})
    return f"首见{chinese_date(first)}，最近{chinese_date(last)}，列出{days}日所刊{len(item.printed)}条。"


def build_digest(digest: Digest | None) -> DigestView | None:
    if digest is None:
        return None
    before = _BEFORE.get(digest.kind, _BEFORE["range"])
    items = sum(count for _, count in digest.areas)
    span = f"{chinese_date(digest.since)}至{chinese_date(digest.until)}"
    lead = f"本期汇编{span}所刊简报{digest.editions}期、{items}条"
    if digest.editions_before:
        lead += f"；{before}{digest.editions_before}期、{sum(c for _, c in digest.before)}条。"
    else:
        lead += f"；{before}没有可比的刊发记录。"
    return DigestView(
        lead=lead,
        before=before,
        figures=_figures(digest),
        areas=_areas(digest),
        corrections=tuple(_correction(c) for c in digest.corrections),
        coverage=_coverage(digest),
    )


def _figures(digest: Digest) -> tuple[SeriesRow, ...]:
    rows = []
    for series in digest.figures:
        for n, (value, change, period, source, printed) in enumerate(series.values):
            name = one_line(series.indicator) if not n else "（此前）"
            name += f"（{one_line(period)}）" if period else ""
            where = f"{one_line(source)}；{printed_label(printed)}"
            rows.append(SeriesRow(name, one_line(value) or "—", one_line(change), where))
    return tuple(rows)


def _areas(digest: Digest) -> tuple[tuple[str, str, str, str], ...]:
    before = dict(digest.before)
    rows = []
    for name, count in [*digest.areas, *((n, 0) for n in before if n not in dict(digest.areas))]:
        if not digest.editions_before:
            rows.append((one_line(name), str(count), "—", "—"))
            continue
        change = count - before.get(name, 0)
        said = f"增{change}" if change > 0 else f"减{-change}" if change else "持平"
        rows.append((one_line(name), str(count), str(before.get(name, 0)), said))
    return tuple(rows)


def _correction(correction: Correction) -> str:
    where = printed_label(correction.printed)
    if not correction.after:
        return f"{where}“{one_line(correction.before)}”，后出的版本未再刊载。"
    return f"{where}原作“{one_line(correction.before)}”，后出的版本改为“{one_line(correction.after)}”。"


def _coverage(digest: Digest) -> tuple[str, ...]:
    missed = f"，缺{len(digest.missed)}期：" if digest.missed else "，无缺期。"
    lines = [f"出刊{digest.editions}期{missed}"]
    for day, name, why in digest.missed:
        lines.append(f"{chinese_date(day)}《{one_line(name)}》未出刊（{one_line(why)}）。")
    for source in digest.sources:
        if source.failed:
            lines.append(
                f"来源{one_line(source.name)}：{source.asked}日中有{len(source.failed)}日未能获取（{_days(source.failed)}）。"
            )
        if source.partial:
            lines.append(
                f"来源{one_line(source.name)}：{source.asked}日中有{len(source.partial)}日部分获取（{_days(source.partial)}）。"
            )
    if digest.sources and not any(s.failed or s.partial for s in digest.sources):
        lines.append(f"{len(digest.sources)}个来源均正常。")
    return tuple(lines)


def _days(days: tuple[datetime.date, ...]) -> str:
    return "、".join(f"{d.month}月{d.day}日" for d in days)

"""What a digest counts: items by area, key figures over time, corrections, editions missed, sources down."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from briefing.digest_records import Correction, FigureSeries, Printed, SourceDays
from briefing.editions.digest_items import Entry, Issue
from briefing.editions.periods import Period
from briefing.editions.working_days import calendar_of, runs_on
from briefing.editions.workplace import Workplace
from briefing.records import Briefing, BriefingItem, SourceReport, SourceStatus
from briefing.render.figures import find_figures
from briefing.render.wording import source_label
from briefing.run_tables import EditionTable
from briefing.store.database import Store
from briefing.store.editions import EditionRecord, find_edition, list_versions, load_edition
from briefing.store.runs import RunState, first_day, last_run, source_reports

_PLACE = re.compile(
    r"全国|[\u4e00-\u9fff]{2,6}?(?:省|自治区|市|县|自治州|盟|旗|镇|乡)(?![\u4e00-\u9fff]{0,1}场)"
)
_WHY = {
    RunState.FAILED: "运行失败",
    RunState.EMPTY: "无可刊材料",
    RunState.RUNNING: "运行中断",
}


def count_areas(issues: Sequence[Issue]) -> tuple[tuple[str, int], ...]:
    """Items of each area, most first."""
    return tuple(Counter(i.area for issue in issues for i in issue.briefing.items).most_common())


def collect_figures(entries: Sequence[Entry], most: int) -> tuple[FigureSeries, ...]:
    """At most `most` indicators with their values, latest first; those with several values come first.

    Values stand side by side only where indicator and place are the same words: figures of two counties must
    never look like one series. A figure that names no place stands alone.
    """
    series: dict[tuple[str, str], list[tuple[str, str, str, str, Printed]]] = {}
    for entry in sorted(entries, key=lambda e: (e.record.day, e.record.id), reverse=True):
        for figure in find_figures((entry.item,)):
            text = entry.item.summary.sentences[figure.sentence].text
            place = _PLACE.search(figure.indicator) or _PLACE.search(text)
            alone = f"{entry.key}" if place is None else place.group()
            label = source_label(entry.item.story.lead)
            row = (figure.value, figure.change, figure.period, label, entry.printed())
            rows = series.setdefault((figure.indicator, alone), [])
            if all(r[:3] != row[:3] for r in rows):
                rows.append(row)
    ordered = sorted(series.items(), key=lambda pair: -min(len(pair[1]), 2))
    return tuple(FigureSeries(indicator, tuple(rows)) for (indicator, _), rows in ordered)[:most]


def find_corrections(store: Store, issues: Sequence[Issue]) -> tuple[Correction, ...]:
    """What later versions of editions that had gone out changed or took out; additions are no corrections."""
    found: list[Correction] = []
    for issue in issues:
        versions = [
            v
            for v in list_versions(store, issue.record.edition, issue.record.day)
            if v.published_at is not None
        ]
        former: tuple[EditionRecord, Briefing] | None = None
        for record in versions:
            briefing = issue.briefing if record.id == issue.record.id else load_edition(store, record)
            if former is not None:
                found += _compare(*former, briefing)
            former = record, briefing
    return tuple(found)


def _compare(record: EditionRecord, old: Briefing, new: Briefing) -> list[Correction]:
    merged = {x.article_id for x in new.left_out if x.kept_as}
    found = []
    for number, item in enumerate(old.items, 1):
        ids = {a.id for a in item.story.articles}
        now = next((n for n in new.items if ids & {a.id for a in n.story.articles}), None)
        if now is None and ids & merged:
            continue
        before, after = _said(item), _said(now) if now else ""
        if before != after:
            found.append(Correction(Entry(record, number, item).printed(), before, after))
    return found


def _said(item: BriefingItem) -> str:
    return f"{item.summary.headline}：{item.summary.text}"


def find_missed(
    store: Store, place: Workplace, tables: Sequence[EditionTable], issues: Sequence[Issue], period: Period
) -> tuple[tuple[date, str, str], ...]:
    """Days on which an edition was due and none went out, with the reason. Days before the first run of an
    edition do not count."""
    calendar = calendar_of(place)
    titles = {i.record.edition: i.record.title for i in issues}
    found = []
    for table in tables:
        first = first_day(store, table.name)
        for n in range((period.until - period.since).days + 1):
            day = period.since + timedelta(days=n)
            if first is None or day < first or not runs_on(table, day, calendar):
                continue
            record = find_edition(store, table.name, day)
            if record is not None and record.state.value != "held":
                continue
            run = last_run(store, table.name, day)
            why = _WHY.get(run.status, "未出刊") if run else "未运行"
            name = titles.get(table.name) or table.title or table.name
            found.append((day, name, "草稿未核准" if record else why))
    return tuple(sorted(found))


def count_sources(
    store: Store, tables: Sequence[EditionTable], issues: Sequence[Issue], period: Period
) -> tuple[SourceDays, ...]:
    """Every source that was asked in the period, by the notes of the editions and of runs without one."""
    reports: dict[tuple[str, date], list[SourceReport]] = {}
    made = {(i.record.edition, i.record.day) for i in issues}
    for issue in issues:
        for report in issue.briefing.coverage:
            reports.setdefault((report.name, issue.record.day), []).append(report)
    for table in tables:
        for n in range((period.until - period.since).days + 1):
            day = period.since + timedelta(days=n)
            run = None if (table.name, day) in made else last_run(store, table.name, day)
            for report in source_reports(store, run.id).values() if run else ():
                reports.setdefault((report.name, day), []).append(report)
    found = []
    for name in dict.fromkeys(name for name, _ in reports):
        days = sorted(day for n, day in reports if n == name)
        # Reached by one edition of the day is reached.
        states = {day: {r.status for r in reports[name, day]} for day in days}
        failed = tuple(d for d in days if states[d] == {SourceStatus.FAILED})
        partial = tuple(d for d in days if d not in failed and SourceStatus.PARTIAL in states[d])
        found.append(SourceDays(name, len(days), failed, partial))
    return tuple(found)

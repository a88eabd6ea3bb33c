"""Those who look after the runs are told, once each: no edition, one with parts missing, a draft that waits, a
delivery that failed, and that all is well again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from briefing.editions.workplace import DEFAULT_EDITION, Workplace
from briefing.records import SourceStatus
from briefing.store.database import Store
from briefing.store.deliveries import (
    DeliveryState,
    NoticeRecord,
    prune_notices,
    queue_notice,
    troubled_deliveries,
)
from briefing.store.editions import EditionState, find_edition
from briefing.store.runs import RunRecord, RunState, list_runs, source_reports

# What lies further back is no news, also where notices have just been switched on.
_FRESH = timedelta(hours=24)
_MAX_LINES = 12
_NO_EDITION = (RunState.FAILED, RunState.EMPTY)


def queue_notices(store: Store, place: Workplace) -> int:
    """Queue what nobody was told yet, worked out from the store, so that no crash between a run and its notice
    loses one. Returns how many."""
    outlets = [o for o in place.outlets() if o.notices]
    if not outlets:
        return 0
    wanted = place.config.delivery.notices
    count = 0
    for event, edition, notice in (*_of_runs(store, place), *_of_deliveries(store, place)):
        channels = [o.channel.name for o in outlets if not o.editions or not edition or edition in o.editions]
        if event in wanted and channels and queue_notice(store, notice, channels):
            count += 1
            place.observe("notice", {"key": notice.key, "title": notice.title})
    # Older ones are kept longer than anything could ask for them again.
    prune_notices(store, place.now() - timedelta(days=place.config.keep.runs_days))
    return count


def _of_runs(store: Store, place: Workplace) -> Iterator[tuple[str, str, NoticeRecord]]:
    since = place.now() - _FRESH
    runs = [r for r in list_runs(store, 200) if r.finished_at]
    for at, run in enumerate(runs):
        if run.finished_at is None or run.finished_at < since:
            continue
        former = next((r for r in runs[at + 1 :] if r.edition == run.edition), None)
        yield from _of_run(store, place, run, former)


def _of_run(
    store: Store, place: Workplace, run: RunRecord, former: RunRecord | None
) -> Iterator[tuple[str, str, NoticeRecord]]:
    which = _which(run)
    if run.status in _NO_EDITION:
        yield "failed", run.edition, _notice(place, f"run:{run.id}", f"未出刊：{which}", _why(store, run))
    elif run.status is RunState.PARTIAL:
        lines = _why(store, run)
        # Partial for a delivery only: its own notice says it.
        if lines:
            title = f"已出刊，但不完整：{which}"
            yield "partial", run.edition, _notice(place, f"run:{run.id}", title, lines)
    troubled = former is not None and (
        former.status in _NO_EDITION or (former.status is RunState.PARTIAL and bool(_why(store, former)))
    )
    if troubled and run.status in (RunState.OK, RunState.UNCHANGED) and former is not None:
        lines = [f"此前：{_which(former)}{_STATES[former.status]}"]
        yield "recovered", run.edition, _notice(place, f"recovered:{run.id}", f"已恢复正常：{which}", lines)
    if run.version:
        record = find_edition(store, run.edition, run.day, run.version)
        if record and record.state is EditionState.HELD:
            lines = [
                f"{record.items} 条，第{record.version}版",
                f"核准：briefing approve {run.day}{_option(run)}",
            ]
            yield "held", run.edition, _notice(place, f"held:{record.id}", f"草稿待核准：{which}", lines)


_STATES = {
    RunState.FAILED: "未出刊",
    RunState.EMPTY: "未出刊（无可刊材料）",
    RunState.PARTIAL: "不完整",
}


_SOURCE_STATES = {SourceStatus.FAILED: "未能获取", SourceStatus.PARTIAL: "部分获取"}


def _which(run: RunRecord) -> str:
    day = f"{run.day.year}年{run.day.month}月{run.day.day}日"
    return day if run.edition == DEFAULT_EDITION else f"{day} {run.edition}"


def _option(run: RunRecord) -> str:
    return "" if run.edition == DEFAULT_EDITION else f" --edition {run.edition}"


def _why(store: Store, run: RunRecord) -> list[str]:
    """One line for each source that was not whole, then what the run skipped, cut to what a chat shows."""
    lines = [
        f"来源 {r.name}：{_SOURCE_STATES[r.status]}" + (f"（{r.zh}）" if r.zh else "")
        for r in source_reports(store, run.id).values()
        if r.status in _SOURCE_STATES
    ]
    if run.report:
        lines += [f"{s.source}：{s.zh}" for s in run.report.skips]
        late = dict(run.report.counts).get("late_documents", 0)
        lines += [f"{late} 份材料到时未及处理，留待下期"] if late else []
    if not lines and run.status in _NO_EDITION:
        empty = run.status is RunState.EMPTY
        lines = ["没有可刊的材料" if empty else (run.message or "运行失败，详见 briefing runs")]
    if len(lines) > _MAX_LINES:
        lines = [*lines[: _MAX_LINES - 1], f"……共 {len(lines)} 项，详见 briefing status"]
    return lines


def _of_deliveries(store: Store, place: Workplace) -> Iterator[tuple[str, str, NoticeRecord]]:
    """Of editions only: a notice that cannot be delivered is not worth another."""
    for record in troubled_deliveries(store, place.now() - _FRESH - timedelta(days=7)):
        if record.edition is None or place.now() - record.changed_at > _FRESH:
            continue
        state = "结果不明，请核对对方是否收到" if record.state is DeliveryState.UNCLEAR else "未送达，不再重试"
        lines = [record.error_zh or record.error_en, f"查看与处理：briefing deliver --channel {record.channel}"]
        key = f"delivery:{record.id}:{record.state.value}:{record.attempts}"
        title = f"{record.about} 发往“{record.channel}”{state}"
        yield "delivery", record.about.rpartition("-v")[0][:-11], _notice(place, key, title, lines)


def _notice(place: Workplace, key: str, title: str, lines: list[str]) -> NoticeRecord:
    return NoticeRecord(0, key, place.now(), title, tuple(" ".join(line.split()) for line in lines))

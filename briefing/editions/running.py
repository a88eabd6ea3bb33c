"""One run from sources to readers. Every step's result is in the store before the next begins, so that a run
that was cut off, at any moment, is gone on with and ends with the same edition."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import msgspec

from briefing import app
from briefing.config import Config
from briefing.editions.delivering import send_queued
from briefing.editions.gathering import gather
from briefing.editions.keeping import Cutting, KeptEngine
from briefing.editions.lock import run_lock
from briefing.editions.notices import withdraw_notice, write_notice
from briefing.editions.notifying import queue_notices
from briefing.editions.numbering import confirm_number, take_number
from briefing.editions.publishing import Published, publish, publish_left_over
from briefing.editions.watching import tidy, write_watch_files
from briefing.editions.workplace import Workplace
from briefing.errors import BriefingError, NothingToPrintError, StoreError
from briefing.ingest.sources import Source
from briefing.parallel import beside
from briefing.pipeline import Notes, Progress, no_progress
from briefing.records import Briefing, RunReport, RunStatus, SourceReport, SourceStatus
from briefing.run_tables import EditionTable
from briefing.store.database import Store, open_store
from briefing.store.documents import pending_documents
from briefing.store.editions import (
    EditionRecord,
    EditionState,
    NewEdition,
    edition_documents,
    edition_of_run,
    find_edition,
    keep_edition,
    load_edition,
    printed_before,
)
from briefing.store.runs import (
    Ending,
    RunRecord,
    RunState,
    begin_run,
    finish_run,
    freeze_documents,
    frozen_documents,
    reserved_documents,
    source_reports,
)

_GATHERED = "gathered"


@dataclass(frozen=True, slots=True)
class RunRequest:
    """`day` None: today in the schedule's zone. `redo`: a new version even when nothing is new."""

    edition: str = ""
    day: date | None = None
    redo: bool = False


@dataclass(frozen=True, slots=True)
class RunResult:
    """`record`: the version that is current now, None when the date has none. `paths`: files written."""

    status: RunState
    record: EditionRecord | None = None
    paths: tuple[Path, ...] = ()
    coverage: tuple[SourceReport, ...] = ()
    report: RunReport | None = None
    problems: tuple[tuple[str, str], ...] = ()


def run_edition(place: Workplace, request: RunRequest, progress: Progress = no_progress) -> RunResult:
    """Make the edition of a day, or go on where a run was cut off. Raises BriefingError when it cannot begin
    (configuration, lock, store) and StoreError when the disk is full; all else is in the result."""
    edition = place.edition(request.edition)
    app.check_formats(place.config.run.formats)
    sources = place.sources_of(edition)
    now = place.now()
    day = request.day or now.date()
    with run_lock(place.folder, now) as left, open_store(place.store_path) as store:
        if left:
            place.observe("taken over", {"owner": left.get("pid"), "since": left.get("since")})
        publish_left_over(store, place, besides=(edition.name, day))
        run = begin_run(store, edition.name, day, request.redo, now)
        place.observe("begun", {"edition": edition.name, "day": day.isoformat(), "resumed": run.resumed})
        try:
            result = _Run(place, store, run, edition, progress).go(sources)
        except StoreError:
            raise  # the run stays open: the next one goes on with it
        except BriefingError as err:
            finish_run(store, run.id, Ending(RunState.FAILED, message=err.en), place.now())
            place.observe("failed", {"message": err.en})
            write_watch_files(store, place)
            _tell(store, place)
            raise
        seconds = dict(result.report.seconds) if result.report else {}
        place.observe("finished", {"status": result.status.value, "seconds": seconds})
        tidy(store, place)
        write_watch_files(store, place)
        _tell(store, place)
        return result


def _tell(store: Store, place: Workplace) -> None:
    """Notices of what has happened, and whatever else waits to be sent: neither changes how the run ended."""
    with contextlib.suppress(StoreError):
        queue_notices(store, place)
        send_queued(store, place)


@dataclass(slots=True)
class _Run:
    place: Workplace
    store: Store
    run: RunRecord
    edition: EditionTable
    progress: Progress
    # Wall time by stage, of this process alone: what a cut-off run had done costs the next one nothing.
    seconds: list[tuple[str, float]] = field(default_factory=list)

    def _took(self, stage: str, since: float) -> None:
        self.seconds.append((stage, round(self.place.clock.monotonic() - since, 3)))

    def go(self, sources: list[Source]) -> RunResult:
        made = edition_of_run(self.store, self.run.id)
        if made is None:
            stopped = self._until_made(sources)
            if stopped is not None:
                return stopped
            made = edition_of_run(self.store, self.run.id)
            assert made is not None
        return self._finish(made, sources)

    def _until_made(self, sources: list[Source]) -> RunResult | None:
        """Gather and make the edition; a result when there is none to make."""
        end = self.place.clock.monotonic() + self.place.config.run.run_minutes * 60
        if self.run.stage == "":
            begun = self.place.clock.monotonic()
            gather(self.store, self.run.id, sources, self.run.day, self.place)
            freeze_documents(self.store, self.run.id, self._documents(sources), _GATHERED)
            self._took("fetch", begun)
            self.place.observe(_GATHERED, {})
        hashes = [key for key, late in frozen_documents(self.store, self.run.id) if not late]
        former = find_edition(self.store, self.edition.name, self.run.day)
        if former and not self.run.redo:
            known = set(edition_documents(self.store, self.edition.name, self.run.day))
            if all(key in known for key in hashes):
                return self._unchanged(former, sources)
        try:
            self._make(hashes, end, sources)
        except NothingToPrintError as err:
            return self._nothing(err, sources)
        return None

    def _documents(self, sources: list[Source]) -> list[str]:
        """What the edition is made from: what it was made from before, and what no edition has used."""
        day = self.run.day
        own = edition_documents(self.store, self.edition.name, day)
        since = day - timedelta(days=self.place.config.run.max_age_days)
        # Made again later, an old edition takes nothing that may be of another day.
        undated = not own or day >= self.place.now().date()
        names = [s.name for s in sources]
        pending = pending_documents(self.store, names, self.edition.memory, since, day, undated=undated)
        # What a cut-off run of another edition prints when it is gone on with is not printed here too.
        sharing = [e.name for e in self.place.config.editions if e.memory == self.edition.memory]
        reserved = reserved_documents(self.store, self.run.id, sharing)
        return list(dict.fromkeys([*own, *(key for key in pending if key not in reserved)]))

    def _coverage(self, sources: list[Source]) -> tuple[SourceReport, ...]:
        reports = source_reports(self.store, self.run.id)
        return tuple(reports[s.name] for s in sources if s.name in reports)

    def _make(self, hashes: list[str], end: float, sources: list[Source]) -> None:
        place, store, day = self.place, self.store, self.run.day
        config = place.config
        config = _dressed(config, self.edition)
        since = day - timedelta(days=config.run.memory_days)
        printed = printed_before(store, self.edition.memory, self.edition.name, day, since)
        parts = replace(app.load_parts(config, day), printed=tuple(printed))
        parts = replace(
            parts, engine=KeptEngine(beside(parts.engine, config), store, self.run.id, place.observe)
        )
        notes = Notes()
        begun = place.clock.monotonic()
        cutting = Cutting(store, self.run.id, parts, lambda: place.clock.monotonic() >= end, place.observe)
        pairs, late = cutting.cut(hashes, notes)
        self._took("segment", begun)
        place.observe("cut all", {"documents": len(pairs), "late": len(late)})
        briefing, report = app.compose(pairs, notes, parts, config, day, self.progress)
        self.seconds += report.seconds
        briefing = _covered(briefing, self._coverage(sources), len(late))
        place.observe("composed", {"items": len(briefing.items)})
        briefing = take_number(store, place, self.edition, briefing)
        place.observe("numbered", {"issue_number": briefing.issue_number})
        used = set(late)
        new = NewEdition(
            edition=self.edition.name,
            memory=self.edition.memory,
            run=self.run.id,
            documents=tuple(h for h in hashes if h not in used),
            held=config.run.draft,
        )
        begun = place.clock.monotonic()
        record = keep_edition(store, briefing, new, place.now())
        self._took("keep", begun)
        place.observe("kept", {"version": record.version, "items": record.items})

    def _finish(self, made: EditionRecord, sources: list[Source]) -> RunResult:
        confirm_number(self.store, self.place, made)
        published = Published((), ())
        begun = self.place.clock.monotonic()
        if made.state is not EditionState.HELD:
            published = publish(self.store, self.place, made)
        self._took("publish", begun)
        current = find_edition(self.store, made.edition, made.day, made.version)
        report = replace(self._report(made), seconds=tuple(self.seconds))
        partial = report.status is RunStatus.PARTIAL or bool(published.problems)
        status = RunState.PARTIAL if partial else RunState.OK
        message = "; ".join(en for _, en in published.problems)
        finish_run(self.store, self.run.id, Ending(status, report, made.version, message), self.place.now())
        withdraw_notice(self.place, made.edition, made.day)
        return RunResult(status, current, published.paths, self._coverage(sources), report, published.problems)

    def _report(self, made: EditionRecord) -> RunReport:
        return load_edition(self.store, made).report

    def _unchanged(self, former: EditionRecord, sources: list[Source]) -> RunResult:
        """The date has its edition and nothing is new; what a cut-off run left undone is done."""
        published = Published((), ())
        if former.state is EditionState.MADE:
            published = publish(self.store, self.place, former)
        ending = Ending(RunState.UNCHANGED, version=former.version)
        finish_run(self.store, self.run.id, ending, self.place.now())
        return RunResult(
            RunState.UNCHANGED, former, published.paths, self._coverage(sources), None, published.problems
        )

    def _nothing(self, err: NothingToPrintError, sources: list[Source]) -> RunResult:
        """No empty briefing: a notice that says why, and nothing is used up."""
        coverage = self._coverage(sources)
        down = all(r.status is SourceStatus.FAILED for r in coverage)
        status = RunState.FAILED if down else RunState.EMPTY
        zh = "全部来源均未能获取，未生成简报" if down else err.zh
        en = "no source could be had, no briefing made" if down else err.en
        path = write_notice(self.place, self.edition.name, self.run.day, (zh, en), coverage)
        finish_run(self.store, self.run.id, Ending(status, message=en), self.place.now())
        return RunResult(status, None, (path,), coverage, None, ((zh, en),))


def _dressed(config: Config, edition: EditionTable) -> Config:
    """The configuration with what the edition says of itself."""
    own, layout = config.briefing, config.layout
    if edition.supplement:
        own = msgspec.structs.replace(own, issue_number="")
        layout = msgspec.structs.replace(layout, supplement=True)
    own = msgspec.structs.replace(
        own, title=edition.title or own.title, issue_number=edition.issue_number or own.issue_number
    )
    return msgspec.structs.replace(config, briefing=own, layout=layout)


def _covered(briefing: Briefing, coverage: tuple[SourceReport, ...], late: int) -> Briefing:
    """With its coverage note; partial when a source was not whole or the time was up."""
    lost = late or any(r.status in (SourceStatus.FAILED, SourceStatus.PARTIAL) for r in coverage)
    report = briefing.report
    if lost:
        report = replace(report, status=RunStatus.PARTIAL)
    if late:
        report = replace(report, counts=(*report.counts, ("late_documents", late)))
    return replace(briefing, coverage=coverage, report=report)

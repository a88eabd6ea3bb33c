"""Which edition is due when: times, the office's zone, the Chinese working days; and the service that waits.

Planning is plain functions of the clock that is handed in. APScheduler only wakes the service up; what is due
is always worked out anew from the clock and the store, so sleep, clock changes and downtime need no special
case.
"""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from briefing.editions.digest_times import digests_on, is_done, next_digest
from briefing.editions.resending import deliver_waiting
from briefing.editions.working_days import calendar_of, runs_on
from briefing.editions.workplace import Workplace
from briefing.ingest.extras import need
from briefing.run_tables import EditionTable, is_digest
from briefing.store.database import open_store
from briefing.store.editions import find_edition
from briefing.store.runs import RunState, list_runs

# Longer than the longest Chinese holiday with its week-ends.
_LOOK_AHEAD_DAYS = 30
_WAKE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Slot:
    """One edition that is to be made: `at` aware, `day` its date in the zone of the schedule. Of a digest
    `edition` is its series and `day` the first one after its period."""

    edition: str
    day: date
    at: datetime


def slot_on(place: Workplace, edition: EditionTable, day: date) -> Slot:
    """When the edition of `day` is due. A time that the zone skips (summer time) is taken as it stands."""
    clock = time.fromisoformat(edition.time)
    return Slot(edition.name, day, datetime.combine(day, clock, place.zone))


def next_slot(place: Workplace, edition: EditionTable) -> datetime | None:
    """When the edition is due next, after now; None when not within a month."""
    now, calendar = place.now(), calendar_of(place)
    for ahead in range(_LOOK_AHEAD_DAYS + 1):
        day = now.date() + timedelta(days=ahead)
        slot = slot_on(place, edition, day)
        if slot.at > now and runs_on(edition, day, calendar):
            return slot.at
    return None


def due_slots(place: Workplace) -> list[Slot]:
    """Of each edition the latest slot that has come, is not older than `catch_up_hours`, and was not tried yet.

    So after downtime each edition is caught up once. A run that was cut off counts as not tried; one that
    ended, well or badly, does not come again by itself.
    """
    now, calendar = place.now(), calendar_of(place)
    # An edition that is only a minute late is no catching up, also with catch_up_hours = 0.
    oldest = now - max(timedelta(hours=place.config.schedule.catch_up_hours), timedelta(minutes=5))
    due: list[Slot] = []
    for edition in place.config.editions:
        for back in range((now.date() - oldest.date()).days + 1):
            day = now.date() - timedelta(days=back)
            slot = slot_on(place, edition, day)
            if oldest <= slot.at <= now and runs_on(edition, day, calendar):
                if not _tried(place, slot):
                    due.append(slot)
                break
    return sorted(due, key=lambda s: s.at)


def due_digests(place: Workplace) -> list[Slot]:
    """The digests whose time has come, is not older than `catch_up_hours`, and that are not there yet. Without
    a store nothing was printed."""
    now, calendar = place.now(), calendar_of(place)
    oldest = now - max(timedelta(hours=place.config.schedule.catch_up_hours), timedelta(minutes=5))
    days = [oldest.date() + timedelta(days=n) for n in range((now.date() - oldest.date()).days + 1)]
    slots = [s for day in days for s in digests_on(place, day, calendar) if oldest <= s.at <= now]
    if not slots or not place.store_path.is_file():
        return []
    with open_store(place.store_path) as store:
        return [Slot(s.period.edition, s.period.day, s.at) for s in slots if not is_done(store, s.period)]


def next_time(place: Workplace, name: str) -> datetime | None:
    """When the edition or digest `name` comes next."""
    return next_digest(place, name) if is_digest(name) else next_slot(place, place.edition(name))


def _tried(place: Workplace, slot: Slot) -> bool:
    if not place.store_path.is_file():
        return False
    with open_store(place.store_path) as store:
        if find_edition(store, slot.edition, slot.day) is not None:
            return True
        return any(
            run.day == slot.day and run.status is not RunState.RUNNING
            for run in list_runs(store, 50, slot.edition)
        )


def jitter(slot: Slot, folder: Path, limit: int) -> float:
    """Seconds, 0 to `limit`, by which a slot is put off: the same for a slot, other for other offices."""
    seed = f"{folder.resolve()} {slot.edition} {slot.day}"
    return random.Random(seed).uniform(0, limit)  # noqa: S311 - spreads load


# Makes the edition of a slot; returns the exit code. Called in a thread of the scheduler.
Runner = Callable[[Slot], int]


class Service:
    """`briefing schedule`: looks every half minute what is due, and runs it, one after the other."""

    def __init__(self, place: Workplace, runner: Runner) -> None:
        self.place = place
        self.runner = runner
        self.stopping = threading.Event()

    def look(self) -> None:
        """Run what is due now."""
        for slot in [*due_slots(self.place), *due_digests(self.place)]:
            delay = jitter(slot, self.place.folder, self.place.config.schedule.jitter_seconds)
            if delay and self.stopping.wait(delay):
                return
            if self.stopping.is_set():
                return
            self.place.observe("due", {"edition": slot.edition, "day": slot.day.isoformat()})
            code = self.runner(slot)
            self.place.observe("ran", {"edition": slot.edition, "day": slot.day.isoformat(), "exit_code": code})

    def deliver(self) -> None:
        """Try again what is to go out and could not; what is wrong stands in the log."""
        deliver_waiting(self.place)

    def serve(self) -> None:
        """Until `stopping` is set. Raises SourceError when APScheduler is not installed."""
        background = need("apscheduler.schedulers.background", "schedule", "briefing schedule")
        scheduler = background.BackgroundScheduler(timezone=self.place.zone)
        scheduler.add_job(
            self._look_safely,
            "interval",
            seconds=_WAKE_SECONDS,
            next_run_time=datetime.now(self.place.zone),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        # In a thread of its own: a mail server that stalls must not hold an edition up.
        scheduler.add_job(
            self._deliver_safely,
            "interval",
            seconds=_WAKE_SECONDS,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        scheduler.start()
        try:
            self.stopping.wait()
        finally:
            scheduler.shutdown(wait=True)

    def _deliver_safely(self) -> None:
        try:
            self.deliver()
        except Exception as err:  # as below
            self.place.observe("failed", {"message": f"{type(err).__name__}: {err}"})

    def _look_safely(self) -> None:
        try:
            self.look()
        except Exception as err:  # the service lives on; the next look may do better
            self.place.observe("failed", {"message": f"{type(err).__name__}: {err}"})


@dataclass(slots=True)
class ProcessRunner:
    """Runs each edition in a process of its own, so that months of them leave nothing behind in this one.

    `stop` ends the run that is going on; it is gone on with at the next start.
    """

    config: Path
    hard_limit_minutes: float
    process: subprocess.Popen[bytes] | None = None

    def __call__(self, slot: Slot) -> int:
        day = slot.day.isoformat()
        if is_digest(slot.edition):
            arguments = ["digest", "--series", slot.edition, "--date", day]
        else:
            arguments = ["run", "--edition", slot.edition, "--date", day]
        command = [sys.executable, "-m", "briefing", *arguments, "--quiet", "--config", str(self.config)]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own program
        try:
            return self.process.wait(self.hard_limit_minutes * 60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            self.process = None

    def stop(self) -> None:
        process = self.process
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()

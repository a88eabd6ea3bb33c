"""A simulated year of unattended runs: reprints, follow-ups, corrections, outages, full disks, clock changes, kills.

PYTHONPATH=. python tests/long/simulate_year.py --days 366 --start 2027-09-01 [--zone Europe/Berlin] [--out report.json]

The papers (made_papers.py) know which document tells which story, so what was missed, lost, repeated, merged or
pointed to wrongly is counted, not guessed. Runs are killed with SIGKILL at random steps in processes of their own
(--kills, share of days), and stopped by a disk that is full (--full-disks). Figures: docs/scheduled-runs.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from briefing.editions import RunRequest, Workplace, run_edition  # noqa: E402
from briefing.errors import StoreError  # noqa: E402
from briefing.records import Briefing, BriefingItem  # noqa: E402
from briefing.store.database import open_store  # noqa: E402
from briefing.store.editions import find_edition, load_edition  # noqa: E402
from tests.long.made_papers import code, given, key_of, kind_of, outages, papers  # noqa: E402
from tests.unit.editions.made_sources import MadeClock, config  # noqa: E402

OK, FAILED, PARTIAL, FULL, BROKEN = 0, 1, 3, 4, 9
MEMORY_DAYS = 7


@dataclass(frozen=True)
class Plan:
    """One simulation: `folder` the office, `zone` that of its schedule."""

    folder: Path
    start: date
    days: int
    zone: ZoneInfo

    def moment(self, day: date) -> datetime:
        """Seven in the morning; on the day of a clock change half past two, an hour that is missing or comes
        twice."""
        noon, before = (
            datetime(d.year, d.month, d.day, 12, tzinfo=self.zone) for d in (day, day - timedelta(1))
        )
        changed = noon.utcoffset() != before.utcoffset()
        hour, minute = (2, 30) if changed else (7, 0)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone).astimezone(UTC)


def run_day(plan: Plan, day: date, kill_at: int = 0, disk_bytes: int = 0) -> int:
    """One run in a process of its own, killed at its `kill_at`-th step, its files not above `disk_bytes`
    (0: neither); its wait status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    steps = 0

    def observe(step: str, facts: Mapping[str, object]) -> None:
        nonlocal steps
        steps += 1
        if steps == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    settings = f'[schedule]\nzone = "{plan.zone.key}"\n[run]\nmemory_days = {MEMORY_DAYS}\n'
    clock = MadeClock(plan.moment(day))
    place = Workplace(
        config(plan.folder, settings), plan.folder, clock.clock(), observe, papers(plan.start, plan.days)
    )
    if disk_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (disk_bytes, disk_bytes))
    try:
        # No day is given: today in the zone is the program's to find.
        result = run_edition(place, RunRequest())
        os._exit({"ok": OK, "partial": PARTIAL, "unchanged": OK}.get(result.status.value, FAILED))
    except StoreError as err:
        print(day, err.en, file=sys.stderr)
        os._exit(FULL)
    except BaseException as err:
        print(day, type(err).__name__, err, file=sys.stderr)
        os._exit(BROKEN)


@dataclass
class Seen:
    """What the editions hold, against what the papers told."""

    missed: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    wrong_pointers: list[str] = field(default_factory=list)
    right_pointers: int = 0
    told: dict[tuple[str, str], date] = field(default_factory=dict)
    # Kind and story of each new fact: the item that has it has a pointer or not.
    facts: dict[tuple[str, tuple[str, str]], bool] = field(default_factory=dict)
    headlines: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    sentences: dict[str, date] = field(default_factory=dict)

    def edition(self, day: date, briefing: Briefing) -> None:
        for item in briefing.items:
            self._item(day, item)
        for item in briefing.items:
            self.headlines.setdefault(item.summary.headline, set()).update(_keys(item))

    def _item(self, day: date, item: BriefingItem) -> None:
        keys = _keys(item)
        if len(keys) > 1:
            self.merged.append(f"{day} {item.summary.headline}: {sorted(keys)}")
        for key in keys:
            self.told.setdefault(key, day)
        for sentence in item.summary.sentences:
            words = re.sub(r"\s", "", sentence.text)
            before = self.sentences.setdefault(words, day)
            # The made texts share their closing words: only a sentence with a figure tells one story.
            if before != day and (day - before).days <= MEMORY_DAYS and re.search(r"\d{2}", words):
                self.repeated.append(f"{day} {sentence.text[:40]}")
        text = "".join(a.text for a in item.story.articles)
        self.wrong += [f"{day} {n}" for n in re.findall(r"\d+(?:\.\d+)?", item.summary.text) if n not in text]
        if item.earlier is not None:
            if self.headlines.get(item.earlier.headline, set()) & keys:
                self.right_pointers += 1
            else:
                self.wrong_pointers.append(f"{day} {item.summary.headline} → {item.earlier.headline}")
        for source in {a.source for a in item.story.articles}:
            if kind_of(source) in ("more", "fix"):
                written, k = key_of(source)
                if str(code(date.fromisoformat(written), int(k))) in item.summary.text:
                    self.facts[kind_of(source), (written, k)] = item.earlier is not None


def _keys(item: BriefingItem) -> set[tuple[str, str]]:
    return {key_of(a.source) for a in item.story.articles}


def examine(plan: Plan) -> dict[str, object]:
    """What was missed, lost, repeated or wrong, from the store alone."""
    seen = Seen()
    every = outages(plan.start, plan.days)[1]
    notices = 0
    with open_store(plan.folder / "data" / "store.db") as store:
        for day in _days(plan):
            record = find_edition(store, "daily", day)
            if record is not None:
                seen.edition(day, load_edition(store, record))
            elif day in every:
                notices += (plan.folder / "out" / day.isoformat() / "未出刊说明.txt").is_file()
            else:
                seen.missed.append(day.isoformat())
        versions = len(store.rows("SELECT id FROM editions"))
        size = store.size_bytes()
    stories, facts = _truth(plan)
    late = [
        f"{key}: {seen.told[key]}" for key in stories if key in seen.told
        if (seen.told[key] - date.fromisoformat(key[0])).days > 2
    ]  # fmt: skip
    counted = {
        f"{name}_{what}": sum(
            k == kind and (k, key) in seen.facts and test(seen.facts[k, key]) for k, key in facts
        )
        for kind, name in (("more", "follow_ups"), ("fix", "corrections"))
        for what, test in (
            ("printed_with_pointer", bool),
            ("printed_without_pointer", lambda pointer: not pointer),
        )
    }
    lost_facts = [f"{kind} {key}" for kind, key in facts if (kind, key) not in seen.facts]
    return {
        "missed": seen.missed, "lost_stories": [f"{k}" for k in stories if k not in seen.told], "late_stories": late,
        "repeated": seen.repeated, "wrong_figures": seen.wrong, "merged_stories": seen.merged,
        "stories": len(stories), "new_facts": len(facts), **counted, "lost_facts": lost_facts,
        "right_pointers": seen.right_pointers, "wrong_pointers": seen.wrong_pointers,
        "days_all_down": len(every), "notices": notices, "versions": versions, "store_bytes": size,
    }  # fmt: skip


def _truth(plan: Plan) -> tuple[list[tuple[str, str]], list[tuple[str, tuple[str, str]]]]:
    """Stories told by any paper, and new facts (kind, story), that the last editions could still have."""
    sources = [d.source for day in _days(plan)[:-2] for docs in given(plan.start, day).values() for d in docs]
    stories = list(dict.fromkeys(key_of(s) for s in sources))
    return stories, [(kind_of(s), key_of(s)) for s in sources if kind_of(s) in ("more", "fix")]


def _days(plan: Plan) -> list[date]:
    return [plan.start + timedelta(days=n) for n in range(plan.days)]


def simulate(plan: Plan, kills: float, full_disks: float) -> dict[str, object]:
    chance = random.Random(5)
    seconds: list[float] = []
    failed: list[str] = []
    killed = filled = 0
    every = outages(plan.start, plan.days)[1]
    for day in _days(plan):
        if chance.random() < kills:
            killed += run_day(plan, day, kill_at=chance.randint(1, 14)) == signal.SIGKILL
        if chance.random() < full_disks:
            # No file may grow beyond so much: the store's journal meets it at some step or other.
            status = run_day(plan, day, disk_bytes=chance.randint(20_000, 300_000))
            filled += os.waitstatus_to_exitcode(status) == FULL
            if os.waitstatus_to_exitcode(status) == BROKEN:
                failed.append(f"{day} full disk: not told as one")
        begun = time.monotonic()
        status = os.waitstatus_to_exitcode(run_day(plan, day))
        seconds.append(time.monotonic() - begun)
        if status not in ((FAILED,) if day in every else (OK, PARTIAL)):
            failed.append(f"{day} exit {status}")
    return examine(plan) | {
        "days": plan.days, "start": plan.start.isoformat(), "zone": plan.zone.key, "killed": killed,
        "disk_full": filled, "failed": failed,
        "slowest_seconds": round(max(seconds), 2), "mean_seconds": round(sum(seconds) / len(seconds), 2),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=366)
    parser.add_argument("--start", type=date.fromisoformat, default=date(2027, 9, 1))
    parser.add_argument("--kills", type=float, default=0.1, help="share of days on which the run is killed")
    parser.add_argument("--full-disks", type=float, default=0.05, help="share of days with a full disk first")
    parser.add_argument("--zone", type=ZoneInfo, default=ZoneInfo("Asia/Shanghai"))
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        plan = Plan(Path(name), options.start, options.days, options.zone)
        report = simulate(plan, options.kills, options.full_disks)
    text = json.dumps(report, ensure_ascii=False, indent=1)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""A simulated year of unattended runs: made papers with reprints, follow-ups, outages, duplicates and kills.

python tests/long/simulate_year.py --days 365 --start 2027-09-01 [--out report.json]

Every story that a paper prints has a number in it that no other has, so the program can be told what should have
been printed and when. Runs are killed with SIGKILL at random steps in processes of their own (--kills, share of
days). Figures of a run, and what is not covered: docs/scheduled-runs.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from briefing.editions import RunRequest, Workplace, run_edition  # noqa: E402
from briefing.records import RawDocument  # noqa: E402
from briefing.store.database import open_store  # noqa: E402
from briefing.store.editions import find_edition, load_edition  # noqa: E402
from tests.unit.editions.made_sources import MadeClock, MadeSource, config, document, text_of  # noqa: E402

PAPERS = ("青禾日报", "白石晚报", "临河新闻网")
STORIES = 5
# A follow-up is told two days later with one new fact; the day between, another paper reprints the old story.
FOLLOW_UP = "截至{m}月{d}日，该项工作新到位资金{n}万元，较计划提前{k}天。"


def code(day: date, k: int) -> int:
    """The figure that tells a follow-up's new fact from all others."""
    return 10_000 + (day.toordinal() % 800) * 100 + k * 7


def papers(start: date) -> list[MadeSource]:
    """Three papers: the second reprints half of the first's stories, a day late some of them; the third brings
    follow-ups; each is down on some days."""

    def first(day: date) -> list[RawDocument]:
        return [_made(day, k, PAPERS[0], day) for k in range(STORIES)]

    def second(day: date) -> list[RawDocument]:
        late = day - timedelta(days=1)
        return [_made(day, k, PAPERS[1], day) for k in (0, 2)] + [
            _made(late, k, PAPERS[1], day) for k in (1, 3)
        ]

    def third(day: date) -> list[RawDocument]:
        before = day - timedelta(days=2)
        if before < start:
            return []
        # Not story 4: another county road of the same town is in the first paper that very day.
        title, text = text_of(before, 3)
        news = FOLLOW_UP.format(m=day.month, d=day.day, n=code(before, 3), k=3 + day.day % 9)
        return [document(title + "有新进展", text + news, day, PAPERS[2], f"third/{day}/3")]

    down = random.Random(11)
    outages = {(name, start + timedelta(days=n)) for n in range(400) for name in PAPERS if down.random() < 0.04}
    return [
        MadeSource(name, give, lambda day, name=name: (name, day) in outages)  # type: ignore[misc]
        for name, give in zip(PAPERS, (first, second, third), strict=True)
    ]


def _made(written: date, k: int, outlet: str, printed: date) -> RawDocument:
    title, text = text_of(written, k)
    return document(title, text, printed, outlet, f"{outlet}/{printed}/{written}/{k}")


def run_day(folder: Path, day: date, start: date, kill_at: int) -> int:
    """One run in a process of its own, killed at its `kill_at`-th step (0: not); its wait status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    steps = 0

    def observe(step: str, facts: Mapping[str, object]) -> None:
        nonlocal steps
        steps += 1
        if steps == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    clock = MadeClock(datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=1))
    place = Workplace(config(folder), folder, clock.clock(), observe, papers(start))
    try:
        result = run_edition(place, RunRequest(day=day))
        os._exit({"ok": 0, "partial": 3, "unchanged": 0}.get(result.status.value, 1))
    except BaseException as err:
        print(day, type(err).__name__, err, file=sys.stderr)
        os._exit(9)


def examine(folder: Path, days: list[date]) -> dict[str, object]:
    """What was missed, repeated or wrong, from the store alone."""
    missed: list[str] = []
    repeated: list[str] = []
    pointers = told = 0
    wrong: list[str] = []
    printed: dict[str, date] = {}
    with open_store(folder / "data" / "store.db") as store:
        for day in days:
            record = find_edition(store, "daily", day)
            if record is None:
                missed.append(day.isoformat())
                continue
            for item in load_edition(store, record).items:
                for sentence in item.summary.sentences:
                    key = re.sub(r"\s", "", sentence.text)
                    before = printed.setdefault(key, day)
                    # The made texts share their closing words: only a sentence with a figure tells one story.
                    if before != day and (day - before).days <= 7 and re.search(r"\d{2}", key):
                        repeated.append(f"{day} {sentence.text[:40]}")
                text = "".join(a.text for a in item.story.articles)
                if item.earlier is not None:
                    pointers += 1
                    told += "新到位资金" in item.summary.text
                    # Every made headline opens with its town, two characters: no pointer leads to another town.
                    if item.earlier.headline[:2] not in item.summary.headline + item.summary.text:
                        wrong.append(f"{day} {item.summary.headline} is no news of {item.earlier.headline}")
                wrong += [
                    f"{day} {n}" for n in re.findall(r"\d+(?:\.\d+)?", item.summary.text) if n not in text
                ]
        versions = len(store.rows("SELECT id FROM editions"))
        size = store.size_bytes()
    return {
        "missed": missed, "repeated": repeated, "wrong": wrong, "pointers": pointers, "pointers_with_their_new_fact": told,
        "versions": versions,
        "store_bytes": size,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--start", type=date.fromisoformat, default=date(2027, 9, 1))
    parser.add_argument("--kills", type=float, default=0.1, help="share of days on which the run is killed")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    chance = random.Random(5)
    days = [options.start + timedelta(days=n) for n in range(options.days)]
    seconds: list[float] = []
    killed = 0
    failed: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for day in days:
            if chance.random() < options.kills:
                killed += run_day(folder, day, options.start, chance.randint(1, 14)) == signal.SIGKILL
            begun = time.monotonic()
            status = os.waitstatus_to_exitcode(run_day(folder, day, options.start, 0))
            seconds.append(time.monotonic() - begun)
            if status not in (0, 3):
                failed.append(f"{day} exit {status}")
        report = examine(folder, days)
    report |= {
        "days": options.days, "start": options.start.isoformat(), "killed": killed, "failed": failed,
        "slowest_seconds": round(max(seconds), 2), "mean_seconds": round(sum(seconds) / len(seconds), 2),
    }  # fmt: skip
    text = json.dumps(report, ensure_ascii=False, indent=1)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()

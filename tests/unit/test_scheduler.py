"""Which edition is due when: zones, working days, downtime, and the service that stops when it is told."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from briefing.cli.schedule import cron_line, systemd_unit
from briefing.config import load_config
from briefing.editions import Workplace
from briefing.editions.working_days import load_calendar
from briefing.errors import ConfigError
from briefing.ingest.sources import Clock
from briefing.scheduler import Service, Slot, due_slots, jitter, next_slot
from briefing.store.database import open_store
from briefing.store.runs import Ending, RunState, begin_run, finish_run

TWO = '[[editions]]\nname = "daily"\n[[editions]]\nname = "evening"\ntime = "18:00"\ndays = "daily"\n'


def place(folder: Path, now: str, text: str = "") -> Workplace:
    (folder / "briefing.toml").write_text(text, "utf-8")
    moment = datetime.fromisoformat(now)
    return Workplace(load_config(folder / "briefing.toml", environment={}), folder, Clock(now=lambda: moment))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2026-03-05T06:59+08:00", "2026-03-05T07:00+08:00", id="this morning"),
        pytest.param("2026-03-05T07:00+08:00", "2026-03-06T07:00+08:00", id="the time itself is past"),
        pytest.param("2026-03-06T12:00+08:00", "2026-03-09T07:00+08:00", id="over the week-end"),
        pytest.param("2026-09-30T12:00+08:00", "2026-10-08T07:00+08:00", id="over the National Day holiday"),
        pytest.param("2026-10-09T12:00+08:00", "2026-10-10T07:00+08:00", id="a make-up Saturday is worked"),
        pytest.param("2028-02-28T12:00+08:00", "2028-02-29T07:00+08:00", id="leap day"),
        pytest.param("2026-03-04T23:30+00:00", "2026-03-06T07:00+08:00", id="clock of another zone"),
    ],
)
def test_the_next_edition_is_on_the_next_working_day(tmp_path: Path, now: str, expected: str) -> None:
    here = place(tmp_path, now)
    assert next_slot(here, here.edition()) == datetime.fromisoformat(expected)


def test_the_users_own_days_come_first(tmp_path: Path) -> None:
    (tmp_path / "days.txt").write_text("# 本单位\n2026-03-06 休\n2026-03-07 班 # 补班\n", "utf-8")
    here = place(tmp_path, "2026-03-05T12:00+08:00", '[schedule]\ncalendar = "days.txt"\n')
    assert next_slot(here, here.edition()) == datetime.fromisoformat("2026-03-07T07:00+08:00")


@pytest.mark.parametrize("line", ["2026-03-06", "2026-13-01 休", "2026-03-06 放假"])
def test_a_wrong_line_of_the_calendar_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "days.txt"
    path.write_text(f"2026-03-01 班\n{line}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"days\.txt:2"):
        load_calendar(path)


@pytest.mark.parametrize(
    ("now", "text", "expected"),
    [
        pytest.param("2026-03-05T06:59+08:00", "", [], id="too early"),
        pytest.param("2026-03-05T07:00+08:00", "", ["daily 2026-03-05"], id="on time"),
        pytest.param("2026-03-05T14:59+08:00", "", ["daily 2026-03-05"], id="caught up within eight hours"),
        pytest.param("2026-03-05T15:01+08:00", "", [], id="not later"),
        pytest.param("2026-03-05T07:20+08:00", "[schedule]\ncatch_up_hours = 0\n", [], id="no catching up"),
        pytest.param("2026-03-07T08:00+08:00", "", [], id="a free day"),
        pytest.param("2026-03-07T19:00+08:00", TWO, ["evening 2026-03-07"], id="one of two editions"),
        pytest.param(
            "2026-03-06T01:00+08:00", "[schedule]\ncatch_up_hours = 20\n", ["daily 2026-03-05"], id="yesterday's"
        ),
    ],
)  # fmt: skip
def test_what_is_due(tmp_path: Path, now: str, text: str, expected: list[str]) -> None:
    assert [f"{s.edition} {s.day}" for s in due_slots(place(tmp_path, now, text))] == expected


BERLIN = '[schedule]\nzone = "Europe/Berlin"\n[[editions]]\nname = "daily"\ntime = "02:30"\ndays = "daily"\n'


@pytest.mark.parametrize(
    ("day", "first_look"),
    [
        pytest.param(date(2026, 3, 29), "2026-03-29T03:00+02:00", id="a time that does not exist"),
        pytest.param(date(2026, 10, 25), "2026-10-25T02:30+02:00", id="a time that exists twice"),
        pytest.param(date(2028, 2, 29), "2028-02-29T02:30+01:00", id="leap day"),
    ],
)
def test_a_change_of_clocks_makes_exactly_one_edition(tmp_path: Path, day: date, first_look: str) -> None:
    """Every ten minutes from the evening before to the evening after."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=3)
    path = tmp_path / "briefing.toml"
    path.write_text(BERLIN, "utf-8")
    config = load_config(path, environment={})
    ran: list[datetime] = []
    while moment < datetime(day.year, day.month, day.day, 20, tzinfo=UTC):
        here = Workplace(config, tmp_path, Clock(now=lambda at=moment: at))
        for slot in due_slots(here):
            with open_store(here.store_path) as store:
                run = begin_run(store, slot.edition, slot.day, False, here.now())
                finish_run(store, run.id, Ending(RunState.OK), here.now())
            ran += [moment] if slot.day == day else []
        moment += timedelta(minutes=10)
    assert [at.astimezone(UTC) for at in ran] == [datetime.fromisoformat(first_look)]


def test_a_clock_that_jumps_back_or_forth_makes_no_edition_twice_and_loses_none(tmp_path: Path) -> None:
    made = []
    # Forward over the time, back before it, forward again, a day ahead by mistake, and right again.
    for now in (
        "03-05T06:50",
        "03-05T09:00",
        "03-05T06:55",
        "03-05T07:10",
        "03-06T07:00",
        "03-05T08:00",
        "03-09T07:05",
    ):
        here = place(tmp_path, f"2026-{now}+08:00")
        for slot in due_slots(here):
            made.append(slot.day.day)
            with open_store(here.store_path) as store:
                run = begin_run(store, slot.edition, slot.day, False, here.now())
                finish_run(store, run.id, Ending(RunState.OK), here.now())
    assert made == [5, 6, 9]


@pytest.mark.parametrize(
    ("status", "again"),
    [
        pytest.param(RunState.OK, False, id="made"),
        pytest.param(RunState.FAILED, False, id="failed"),
        pytest.param(RunState.RUNNING, True, id="cut off"),
    ],
)
def test_a_slot_is_tried_once_and_a_cut_off_run_again(tmp_path: Path, status: RunState, again: bool) -> None:
    here = place(tmp_path, "2026-03-05T07:01+08:00")
    with open_store(here.store_path) as store:
        run = begin_run(store, "daily", date(2026, 3, 5), False, here.now())
        if status is not RunState.RUNNING:
            finish_run(store, run.id, Ending(status), here.now())
    assert bool(due_slots(here)) is again


def test_jitter_is_bounded_and_the_same_for_a_slot(tmp_path: Path) -> None:
    days = [date(2026, 3, 1) + timedelta(days=n) for n in range(60)]
    slots = [Slot("daily", day, datetime(2026, 3, 1, tzinfo=UTC)) for day in days]
    delays = [jitter(slot, tmp_path, 90) for slot in slots]
    assert delays == [jitter(slot, tmp_path, 90) for slot in slots]
    assert all(0 <= d <= 90 for d in delays)
    assert len(set(delays)) == 60
    assert delays != [jitter(slot, tmp_path / "other", 90) for slot in slots]
    assert jitter(slots[0], tmp_path, 0) == 0


def test_the_service_runs_what_is_due_in_order(tmp_path: Path) -> None:
    ran: list[Slot] = []

    def runner(slot: Slot) -> int:
        ran.append(slot)
        return 0

    text = TWO + "[schedule]\ncatch_up_hours = 24\n"
    Service(place(tmp_path, "2026-03-05T19:00+08:00", text), runner).look()
    assert [s.edition for s in ran] == ["daily", "evening"]


def test_the_service_makes_the_edition_and_stops_cleanly_on_sigterm(tmp_path: Path) -> None:
    """The real program: one edition a minute ago, a folder as its source."""
    pytest.importorskip("apscheduler")
    (tmp_path / "inbox").mkdir()
    page = tmp_path / "inbox" / "page.txt"
    page.write_text("青禾县新建农村公路26公里\n\n青禾县交通运输局3月5日公布，全县今年新建农村公路26公里，总投资5.7亿元，惠及15个乡镇。"
                    "项目分三批实施，首批15个标段已经开工。县里要求，年底前全部完工并通车。\n", "utf-8")  # fmt: skip
    os.utime(page, (time.time() - 600, time.time() - 600))
    due = datetime.now(UTC).strftime("%H:%M")
    (tmp_path / "briefing.toml").write_text(
        f'[schedule]\nzone = "UTC"\n[[editions]]\nname = "daily"\ndays = "daily"\ntime = "{due}"\n'
        '[[sources]]\nkind = "folder"\nname = "in"\npath = "inbox"\n', "utf-8",
    )  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "briefing", "schedule", "--config", str(tmp_path / "briefing.toml")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        log = tmp_path / "data" / "briefing.log"
        end = time.monotonic() + 60
        while time.monotonic() < end and not (log.exists() and '"exit_code": 0' in log.read_text("utf-8")):
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        output = process.communicate(timeout=30)[0].decode()
    finally:
        process.kill()
    assert process.returncode == 0, output
    assert list(tmp_path.glob("out/*/briefing.md"))
    assert '"step": "stopped"' in log.read_text("utf-8")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_itself_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    folder = tmp_path / "政务 简报 100%"
    folder.mkdir()
    unit = tmp_path / "briefing.service"
    unit.write_text(systemd_unit(folder / "briefing.toml"), "utf-8")
    env = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}
    command = ["systemd-analyze", "verify", "--user", "--man=no", str(unit)]
    run = subprocess.run(command, check=False, env=env, capture_output=True, text=True, timeout=60)
    ours = [line for line in run.stderr.splitlines() if unit.name in line]
    assert not ours, run.stderr
    assert run.returncode == 0, run.stderr
    unit.write_text(unit.read_text("utf-8").replace("Restart=on-failure", "Restart=sometimes"), "utf-8")
    run = subprocess.run(command, check=False, env=env, capture_output=True, text=True, timeout=60)
    assert "sometimes" in run.stderr, "a wrong unit must be seen, or this test says nothing"


@pytest.mark.skipif(sys.platform != "linux", reason="systemd")
def test_units_quote_what_their_readers_take_for_special() -> None:
    path = Path('/srv/100% $HOME "b"/briefing.toml')
    unit = systemd_unit(path)
    assert '--config "/srv/100%% $$HOME \\"b\\"/briefing.toml"' in unit
    assert cron_line(path).startswith("*/10 * * * * ")
    assert "100\\%" in cron_line(path)

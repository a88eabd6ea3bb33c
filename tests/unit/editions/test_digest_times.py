"""Digests that come by themselves: on which day, once, after downtime, and out through the channels."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from briefing.cli import run as command_line
from briefing.config import load_config
from briefing.editions import Workplace, digesting
from briefing.editions.digest_times import digests_on, next_digest, period_of, scheduled
from briefing.editions.digesting import make_digest
from briefing.editions.working_days import calendar_of
from briefing.errors import ConfigError, NothingToPrintError
from briefing.ingest.sources import Clock
from briefing.scheduler import Runner, Service, Slot, due_digests
from briefing.store.database import open_store
from briefing.store.editions import EditionState, find_edition
from briefing.store.runs import list_runs
from tests.unit.editions.test_digest import Office

BOTH = '[digest]\nweekly = "mon 08:30"\nmonthly = "1 09:00"\n'


def place(folder: Path, now: str, text: str = BOTH) -> Workplace:
    (folder / "briefing.toml").write_text(text, "utf-8")
    moment = datetime.fromisoformat(now)
    return Workplace(load_config(folder / "briefing.toml", environment={}), folder, Clock(now=lambda: moment))


def named(here: Workplace, day: date) -> list[str]:
    slots = digests_on(here, day, calendar_of(here))
    return [f"{s.period.edition} {s.period.since}..{s.period.until} {s.at:%H:%M}" for s in slots]


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        pytest.param(BOTH, date(2026, 3, 9), ["weekly 2026-03-02..2026-03-08 08:30"], id="Monday"),
        pytest.param(BOTH, date(2026, 3, 10), [], id="Tuesday"),
        pytest.param(BOTH, date(2026, 9, 1), ["monthly 2026-08-01..2026-08-31 09:00"], id="first of the month"),
        pytest.param(
            BOTH, date(2026, 6, 1),
            ["weekly 2026-05-25..2026-05-31 08:30", "monthly 2026-05-01..2026-05-31 09:00"], id="both on one day",
        ),
        pytest.param(BOTH, date(2026, 10, 5), [], id="Monday in the National Day holiday"),
        pytest.param(
            BOTH, date(2026, 10, 8),
            ["weekly 2026-09-28..2026-10-04 08:30", "monthly 2026-09-01..2026-09-30 09:00"],
            id="after the holiday, of the week and month that were named",
        ),
        pytest.param(
            '[digest]\nweekly = "fri 17:00"\n', date(2026, 3, 6), ["weekly 2026-02-23..2026-03-01 17:00"],
            id="the last whole week on a Friday",
        ),
        pytest.param(
            '[digest]\nweekly = "sun 08:00"\n', date(2026, 3, 9), ["weekly 2026-02-23..2026-03-01 08:00"],
            id="a Sunday is put off to Monday",
        ),
        pytest.param('[digest]\nmonthly = "1 09:00"\n', date(2028, 3, 1), ["monthly 2028-02-01..2028-02-29 09:00"], id="leap month"),
        pytest.param("", date(2026, 6, 1), [], id="not asked for"),
    ],
)  # fmt: skip
def test_on_which_day_a_digest_comes(tmp_path: Path, text: str, day: date, expected: list[str]) -> None:
    assert named(place(tmp_path, "2026-03-01T00:00+08:00", text), day) == expected


def test_every_week_of_three_years_comes_once(tmp_path: Path) -> None:
    """Holidays put weeks off and never lose one or give it twice."""
    here = place(tmp_path, "2024-01-01T00:00+08:00")
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(3 * 365)]
    found = [s.period for day in days for s in digests_on(here, day, calendar_of(here))]
    for series, least in (("weekly", 155), ("monthly", 35)):
        firsts = [p.since for p in found if p.edition == series]
        assert len(firsts) >= least
        assert firsts == sorted(set(firsts))
    weeks = [p for p in found if p.edition == "weekly"]
    assert all(b.since - a.since == timedelta(days=7) for a, b in itertools.pairwise(weeks))


def test_the_next_digest_is_told(tmp_path: Path) -> None:
    here = place(tmp_path, "2026-10-01T12:00+08:00")
    assert next_digest(here, "weekly") == datetime.fromisoformat("2026-10-08T08:30+08:00")
    assert next_digest(here, "monthly") == datetime.fromisoformat("2026-10-08T09:00+08:00")
    assert scheduled(here.config.digest) == ("weekly", "monthly")
    assert next_digest(place(tmp_path, "2026-10-01T12:00+08:00", ""), "weekly") is None


@pytest.mark.parametrize("value", ["monday 08:30", "mon 25:00", "08:30", "mon"])
def test_a_time_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match=r"digest\.weekly"):
        place(tmp_path, "2026-03-01T00:00+08:00", f'[digest]\nweekly = "{value}"\n')
    with pytest.raises(ConfigError, match=r"digest\.monthly"):
        place(tmp_path, "2026-03-01T00:00+08:00", '[digest]\nmonthly = "29 09:00"\n')


SETTINGS = """
[digest]
weekly = "mon 08:30"
[[deliver]]
kind = "folder"
name = "共享盘"
path = "share"
formats = ["md"]
editions = ["weekly"]
"""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Five editions of the week from 2 to 6 March 2026; it is Monday the 9th, 08:31."""
    made = Office(tmp_path, SETTINGS)
    made.week()
    made.clock.value = datetime(2026, 3, 9, 0, 31, tzinfo=UTC)
    return made


def _make(here: Workplace, slot: Slot) -> int:
    make_digest(here, period_of(slot.edition, slot.day))
    return 0


def _runner(office: Office, ran: list[Slot]) -> Runner:
    def runner(slot: Slot) -> int:
        ran.append(slot)
        return _make(office.place, slot) if slot.edition == "weekly" else 0

    return runner


def test_the_service_makes_and_delivers_the_digest_once(office: Office) -> None:
    share = office.place.base / "share"
    share.mkdir()
    ran: list[Slot] = []
    service = Service(office.place, _runner(office, ran))
    service.look()
    service.look()
    service.deliver()
    assert [(s.edition, s.day) for s in ran if s.edition == "weekly"] == [("weekly", date(2026, 3, 9))]
    [delivered] = share.rglob("*.md")
    assert "政策要情周报" in delivered.read_text("utf-8")


def test_what_could_not_be_delivered_goes_out_between_the_editions(office: Office) -> None:
    """The share is not mounted at first; the service tries again when the time has come, and not before."""
    share = office.place.base / "share"
    service = Service(office.place, _runner(office, []))
    service.look()
    share.mkdir()
    service.deliver()
    assert not list(share.rglob("*.md")), "a minute has not passed yet"
    office.clock.move(minutes=2)
    service.deliver()
    [delivered] = share.rglob("*.md")
    written = delivered.stat().st_mtime_ns
    office.clock.move(hours=2)
    service.deliver()
    assert [f.stat().st_mtime_ns for f in share.rglob("*.md")] == [written]


def test_downtime_is_caught_up_within_the_limit(office: Office) -> None:
    office.clock.value = datetime(2026, 3, 9, 8, 29, tzinfo=UTC)
    assert [s.edition for s in due_digests(office.place)] == ["weekly"]
    office.clock.value = datetime(2026, 3, 9, 8, 31, tzinfo=UTC)
    assert due_digests(office.place) == []


def test_a_digest_that_was_kept_and_not_published_comes_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*args: object) -> None:
        raise KeyboardInterrupt

    [slot] = due_digests(office.place)
    with monkeypatch.context() as patch:
        patch.setattr(digesting, "publish", cut)
        with pytest.raises(KeyboardInterrupt):
            _make(office.place, slot)
    assert due_digests(office.place) == [slot]
    _make(office.place, slot)
    assert due_digests(office.place) == []
    with open_store(office.place.store_path) as store:
        record = find_edition(store, "weekly", slot.day)
        assert record is not None
        assert (record.version, record.state) == (1, EditionState.PUBLISHED)


def test_a_week_without_editions_is_tried_once_and_written_down(office: Office) -> None:
    office.clock.value = datetime(2026, 3, 16, 0, 31, tzinfo=UTC)
    [slot] = due_digests(office.place)
    with pytest.raises(NothingToPrintError):
        _make(office.place, slot)
    assert due_digests(office.place) == []
    with open_store(office.place.store_path) as store:
        [run] = list_runs(store, 5, "weekly")
        assert run.status.value == "empty"
        assert "2026-03-09" in run.message


def test_status_tells_of_digests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = place(tmp_path, "2026-03-01T00:00+08:00", BOTH)
    with open_store(here.store_path):
        pass
    command_line(["status", "--json", "--config", str(tmp_path / "briefing.toml")])
    told = {e["name"]: e["next"] for e in json.loads(capsys.readouterr().out)["editions"]}
    assert set(told) == {"daily", "weekly", "monthly"}
    assert all(told.values())
    command_line(["schedule", "--config", str(tmp_path / "briefing.toml"), "status"])
    assert "weekly" in capsys.readouterr().out

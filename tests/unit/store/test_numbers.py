"""Issue numbers: counted per year and overall, kept by a rerun, given back by a failure, settled after a kill."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefing.errors import ConfigError
from briefing.resources import WRITTEN_MANIFEST
from briefing.store.database import Store, open_store
from briefing.store.numbers import Issue, IssueNumber, confirm, parse_number, release, reserve

NOW = datetime(2026, 3, 5, 7, tzinfo=UTC)
FIRST = IssueNumber(2026, 25, 325)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "numbers.sqlite") as opened:
        yield opened


def issue(
    day: str, place: Path = Path("nowhere"), *, series: str = "青石要情", supplement: bool = False
) -> Issue:
    return Issue(series, day, int(day[:4]), place, supplement)


def publish(store: Store, day: str, given: IssueNumber | None = None) -> str:
    number = reserve(store, issue(day), NOW, given)
    assert number
    confirm(store, issue(day))
    return number.label


def test_the_first_number_of_a_series_is_the_offices_to_say(store: Store) -> None:
    assert reserve(store, issue("2026-03-05"), NOW) is None
    assert publish(store, "2026-03-05", FIRST) == "2026年第25期（总第325期）"
    assert publish(store, "2026-03-06") == "2026年第26期（总第326期）"


def test_a_new_year_begins_at_one_and_the_total_goes_on(store: Store) -> None:
    publish(store, "2026-12-31", IssueNumber(2026, 250, 550))
    assert publish(store, "2027-01-04") == "2027年第1期（总第551期）"


def test_the_same_day_keeps_its_number(store: Store) -> None:
    publish(store, "2026-03-05", FIRST)
    publish(store, "2026-03-06")
    assert publish(store, "2026-03-05") == FIRST.label


def test_a_failed_run_skips_nothing(store: Store) -> None:
    publish(store, "2026-03-05", FIRST)
    reserve(store, issue("2026-03-06"), NOW)
    release(store, issue("2026-03-06"))
    assert publish(store, "2026-03-09") == "2026年第26期（总第326期）"


def test_a_number_given_back_late_goes_to_the_next_issue(store: Store) -> None:
    publish(store, "2026-03-05", FIRST)
    reserve(store, issue("2026-03-06"), NOW)
    assert publish(store, "2026-03-07") == "2026年第27期（总第327期）"
    release(store, issue("2026-03-06"))
    assert publish(store, "2026-03-09") == "2026年第26期（总第326期）"
    assert publish(store, "2026-03-10") == "2026年第28期（总第328期）"


def test_what_was_published_is_not_given_back(store: Store) -> None:
    publish(store, "2026-03-05", FIRST)
    reserve(store, issue("2026-03-05"), NOW)
    release(store, issue("2026-03-05"))
    assert publish(store, "2026-03-06") == "2026年第26期（总第326期）"


def test_supplements_and_other_series_are_counted_apart(store: Store) -> None:
    publish(store, "2026-03-05", FIRST)
    extra = issue("2026-03-05", supplement=True)
    assert reserve(store, extra, NOW) is None
    first = reserve(store, extra, NOW, IssueNumber(2026, 1))
    assert first
    assert first.label == "2026年增刊第1期"
    confirm(store, extra)
    second = reserve(store, issue("2026-03-06", supplement=True), NOW)
    assert second
    assert second.label == "2026年增刊第2期"
    assert reserve(store, issue("2026-03-05", series="青石快报"), NOW) is None
    assert publish(store, "2026-03-06") == "2026年第26期（总第326期）"


def test_no_number_is_used_twice(store: Store) -> None:
    publish(store, "2026-03-05", FIRST)
    with pytest.raises(ConfigError, match="already the number"):
        reserve(store, issue("2026-03-06"), NOW, FIRST)
    with pytest.raises(ConfigError, match="already the number"):
        reserve(store, issue("2026-03-06"), NOW, IssueNumber(2026, 26, 325))


def dead_process() -> str:
    import socket

    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return f"{socket.gethostname()} {ended.pid}"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(True, "2026年第27期（总第327期）", id="after its files were written: used"),
        pytest.param(False, "2026年第26期（总第326期）", id="before its files were written: free"),
    ],
)
def test_after_a_kill_the_files_decide(store: Store, tmp_path: Path, written: bool, expected: str) -> None:
    publish(store, "2026-03-05", FIRST)
    place = tmp_path / "2026-03-06"
    reserve(store, issue("2026-03-06", place), NOW)
    with store.write() as connection:
        connection.execute("UPDATE issue_numbers SET process = ? WHERE state = 'reserved'", (dead_process(),))
    if written:
        place.mkdir()
        (place / WRITTEN_MANIFEST).write_text("{}")
        later = (NOW + timedelta(seconds=5)).timestamp()
        os.utime(place / WRITTEN_MANIFEST, (later, later))
    assert publish(store, "2026-03-09") == expected


def test_a_run_that_still_goes_on_keeps_its_number(store: Store) -> None:
    publish(store, "2026-03-05", FIRST)
    reserve(store, issue("2026-03-06"), NOW)
    assert publish(store, "2026-03-09") == "2026年第27期（总第327期）"


def test_a_reservation_of_another_machine_lapses_after_an_hour(store: Store) -> None:
    publish(store, "2026-03-05", FIRST)
    reserve(store, issue("2026-03-06"), NOW)
    with store.write() as connection:
        connection.execute("UPDATE issue_numbers SET process = 'elsewhere 1' WHERE state = 'reserved'")
    number = reserve(store, issue("2026-03-09"), NOW + timedelta(minutes=59))
    assert number
    assert number.number == 27
    release(store, issue("2026-03-09"))
    number = reserve(store, issue("2026-03-09"), NOW + timedelta(minutes=61))
    assert number
    assert number.number == 26


@pytest.mark.parametrize(
    ("label", "number"),
    [
        pytest.param("2026年第25期（总第325期）", FIRST, id="regular"),
        pytest.param(" 2026年第25期 (总第325期)", FIRST, id="half-width brackets"),
        pytest.param("2026年增刊第3期", IssueNumber(2026, 3), id="supplement"),
    ],
)
def test_labels_are_read_and_written(label: str, number: IssueNumber) -> None:
    assert parse_number(label) == number
    assert parse_number(number.label) == number


@pytest.mark.parametrize("label", [pytest.param(x, id=x) for x in ("25", "第25期", "2026年第25期")])
def test_a_label_that_cannot_be_counted_on_is_refused(label: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_number(label)
    assert "2026年第25期（总第325期）" in caught.value.zh


def test_a_number_of_another_year_or_kind_is_refused(store: Store) -> None:
    with pytest.raises(ConfigError, match="year 2026"):
        reserve(store, issue("2026-03-05"), NOW, IssueNumber(2025, 1, 1))
    with pytest.raises(ConfigError, match="supplement"):
        reserve(store, issue("2026-03-05"), NOW, IssueNumber(2026, 1))

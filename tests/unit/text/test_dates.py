"""Dates and clock times: what the words state, and what follows from the day of publishing."""

from __future__ import annotations

from datetime import date

import pytest

from briefing.text.dates import find_dates


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        pytest.param("2024年11月24日", (2024, 11, 24), id="full"),
        pytest.param("11月24日", (0, 11, 24), id="month-and-day"),
        pytest.param("记者24日获悉", (0, 0, 24), id="day"),
        pytest.param("二〇二〇年", (2020, 0, 0), id="chinese-year"),
        pytest.param("12月16号，", (0, 12, 16), id="hao"),
        pytest.param("2018年底", (2018, 0, 0), id="end-of-year"),
        pytest.param("3月，", (0, 3, 0), id="month"),
    ],
)
def test_date_states_its_parts(text: str, stated: tuple[int, int, int]) -> None:
    [found] = find_dates(text)
    assert (found.year, found.month, found.day) == stated


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        pytest.param("昨晚", (2024, 2, 29), id="yesterday-over-a-leap-month"),
        pytest.param("今天", (2024, 3, 1), id="today"),
        pytest.param("去年", (2023, 0, 0), id="last-year"),
    ],
)
def test_relative_date_counts_from_publishing(text: str, stated: tuple[int, int, int]) -> None:
    [found] = find_dates(text, date(2024, 3, 1))
    assert found.relative
    assert (found.year, found.month, found.day) == stated


def test_relative_date_without_publishing_day_states_nothing() -> None:
    [found] = find_dates("昨天")
    assert (found.year, found.month, found.day) == (0, 0, 0)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        pytest.param("22时30分", "22:30", id="hours-and-minutes"),
        pytest.param("9:05", "9:05", id="colon"),
        pytest.param("9点半", "9:30", id="half"),
    ],
)
def test_clock_time_is_read(text: str, clock: str) -> None:
    assert [d.clock for d in find_dates(text)] == [clock]


def test_first_half_of_a_range_is_a_date_too() -> None:
    assert [(d.month, d.day) for d in find_dates("1—7月")] == [(1, 0), (7, 0)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("3年突破3亿元", id="span-of-years"),
        pytest.param("30个工作日", id="working-days"),
        pytest.param("5日内", id="within"),
    ],
)
def test_duration_is_no_date(text: str) -> None:
    assert find_dates(text) == ()


@pytest.mark.parametrize("on", [pytest.param(date.min, id="first-day"), pytest.param(date.max, id="last-day")])
def test_shift_past_the_calendar_states_nothing(on: date) -> None:
    assert len(find_dates("昨天、明天", on)) == 2

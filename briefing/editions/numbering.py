"""The issue number of an edition, where the layout counts them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from briefing.editions.workplace import DEFAULT_EDITION, Workplace
from briefing.records import Briefing
from briefing.run_tables import EditionTable
from briefing.store import numbers
from briefing.store.database import Store, open_store
from briefing.store.editions import EditionRecord


def take_number(store: Store, place: Workplace, edition: EditionTable, briefing: Briefing) -> Briefing:
    """`briefing` under its number: the one this date has, else the next. The first of a series takes the
    configured `issue_number`; where none is given it stays empty and prints as 【待补】."""
    if place.config.layout.number != "auto":
        return briefing
    issue = _issue(place, edition.name, briefing.title, briefing.date)
    with _numbers(store, place) as book:
        number = numbers.reserve(book, issue, place.now())
        # The regular issues' first number is no supplement's.
        given = edition.issue_number or ("" if edition.supplement else place.config.briefing.issue_number)
        if number is None and given:
            number = numbers.reserve(book, issue, place.now(), numbers.parse_number(given))
    return replace(briefing, issue_number=number.label if number else "")


def confirm_number(store: Store, place: Workplace, made: EditionRecord) -> None:
    """The edition is in the store: its number is used for good."""
    if place.config.layout.number == "auto" and made.issue_number:
        with _numbers(store, place) as book:
            numbers.confirm(book, _issue(place, made.edition, made.title, made.day))


def _issue(place: Workplace, edition: str, title: str, day: date) -> numbers.Issue:
    supplement = any(e.supplement for e in place.config.editions if e.name == edition)
    occasion = day.isoformat() if edition == DEFAULT_EDITION else f"{day.isoformat()} {edition}"
    return numbers.Issue(
        series=title,
        occasion=occasion,
        year=day.year,
        place=place.edition_folder(edition, day),
        supplement=place.config.layout.supplement or supplement,
    )


@contextlib.contextmanager
def _numbers(store: Store, place: Workplace) -> Iterator[Store]:
    """The configured file of numbers, else the runs' own store."""
    named = place.config.layout.numbers_file
    if not named:
        yield store
        return
    with open_store(place.base / named) as book:
        yield book

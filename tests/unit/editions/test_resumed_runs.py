"""A run that was cut off, beside runs of other editions and other days; and old dates made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from briefing.editions import RunRequest, Workplace, run_edition
from briefing.records import Briefing
from briefing.store.database import open_store
from briefing.store.editions import find_edition, load_edition
from briefing.store.runs import RunState, list_runs
from tests.unit.editions.made_sources import DAY, MadeClock, config, daily

TWO = '[[editions]]\nname = "daily"\n[[editions]]\nname = "evening"\ntime = "18:00"\ndays = "daily"\n'


def office(folder: Path, settings: str = "", now: str = "2026-03-05T07:00+08:00") -> Workplace:
    folder.mkdir(exist_ok=True)
    clock = MadeClock(datetime.fromisoformat(now).astimezone(UTC))
    return Workplace(config(folder, settings), folder, clock.clock(), sources=[daily("a", "青禾日报")])


class CutOff(BaseException):
    """Ends a run as a killed process does: nothing of the run catches it."""


def cut_at(place: Workplace, step: str) -> Workplace:
    def observe(name: str, facts: Mapping[str, object]) -> None:
        if name == step:
            raise CutOff

    return replace(place, observe=observe)


def edition(place: Workplace, name: str) -> Briefing:
    with open_store(place.store_path) as store:
        record = find_edition(store, name, DAY)
        assert record is not None
        return load_edition(store, record)


def test_an_old_date_made_again_twice_gives_versions_two_and_three(tmp_path: Path) -> None:
    """More than `runs_days` back: the run was pruned as soon as it ended, and its id given out again."""
    place = office(tmp_path)
    versions = [
        run_edition(place, RunRequest(day=date(2024, 4, 2), redo=redo)).record for redo in (False, True, True)
    ]
    assert [v.version if v else None for v in versions] == [1, 2, 3]
    with open_store(place.store_path) as store:
        assert [r.version for r in list_runs(store)] == [3, 2, 1]


@pytest.mark.parametrize("step", ["gathered", "summarised", "composed"])
def test_an_evening_edition_costs_a_cut_off_morning_run_nothing(tmp_path: Path, step: str) -> None:
    whole = office(tmp_path / "whole", TWO)
    run_edition(whole, RunRequest("daily", DAY))
    place = office(tmp_path / "cut", TWO)
    with pytest.raises(CutOff):
        run_edition(cut_at(place, step), RunRequest("daily", DAY))
    evening = run_edition(office(tmp_path / "cut", TWO, "2026-03-05T18:00+08:00"), RunRequest("evening", DAY))
    # All that there is belongs to the morning's run, which still stands.
    assert evening.status is RunState.EMPTY
    resumed = run_edition(place, RunRequest("daily", DAY))
    assert resumed.status is RunState.OK
    assert edition(place, "daily") == edition(whole, "daily")
    with open_store(place.store_path) as store:
        assert [(r.edition, r.resumed, r.status) for r in list_runs(store)] == [
            ("evening", 0, RunState.EMPTY),
            ("daily", 1, RunState.OK),
        ]

"""A run that is killed at any step, or at any moment, is gone on with and ends with the same edition."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from briefing.store.database import open_store
from briefing.store.editions import EditionState, find_edition, list_versions, load_edition
from briefing.store.runs import RunState, list_runs

DAY = date(2026, 3, 5)
SCRIPT = Path(__file__).with_name("killed_run.py")
FILES = ("briefing.md", "briefing.html", "briefing.json")


def run(folder: Path, kill_at: str = "") -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), kill_at],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / "out" / DAY.isoformat() / name).read_bytes() for name in FILES}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], list[str]]:
    """The files of a run that nobody cut off, and the steps it came by."""
    folder = tmp_path_factory.mktemp("whole")
    done = run(folder)
    assert done.returncode == 0, done.stderr
    status, *steps = done.stdout.strip().split(",")
    assert status == "ok"
    return files(folder), steps


def check_same(folder: Path, expected: dict[str, bytes]) -> None:
    assert files(folder) == expected
    with open_store(folder / "data" / "store.db") as store:
        versions = list_versions(store, "daily", DAY)
        assert [v.version for v in versions] == [1]
        assert versions[0].state is EditionState.PUBLISHED
        assert "2026年第25期" in versions[0].issue_number
        assert len(load_edition(store, versions[0]).items) == versions[0].items
        assert [r.status for r in list_runs(store) if r.status is RunState.RUNNING] == []


STEPS = (
    "begun", "source", "gathered", "cut", "cut all", "summarised", "composed", "numbered", "kept", "rendered",
    "written", "published", "finished",
)  # fmt: skip


def test_the_steps_that_are_killed_at_are_all_there_are(whole: tuple[dict[str, bytes], list[str]]) -> None:
    assert tuple(dict.fromkeys(whole[1])) == STEPS


@pytest.mark.parametrize("step", ["source", "summarised", "numbered", "written"])
def test_killed_at_a_step_the_next_run_ends_with_the_same_edition(
    tmp_path: Path, step: str, whole: tuple[dict[str, bytes], list[str]]
) -> None:
    assert run(tmp_path, step).returncode == -signal.SIGKILL
    done = run(tmp_path)
    assert done.returncode == 0, done.stderr
    check_same(tmp_path, whole[0])


def test_killed_at_every_step_in_turn_it_ends_with_the_same_edition(
    tmp_path: Path, whole: tuple[dict[str, bytes], list[str]]
) -> None:
    for _ in (*STEPS, "taken over"):
        assert run(tmp_path, "each").returncode == -signal.SIGKILL
    done = run(tmp_path, "each")
    assert done.returncode == 0, done.stderr
    assert {*(tmp_path / "killed-at.txt").read_text("utf-8").split("\n")} == {*STEPS, "taken over"}
    check_same(tmp_path, whole[0])


def test_killed_again_and_again_at_any_moment_it_still_ends_with_the_same_edition(
    tmp_path: Path, whole: tuple[dict[str, bytes], list[str]]
) -> None:
    """From outside, so also inside transactions and while files are written."""
    moments = random.Random(7)
    tmp_path.mkdir(exist_ok=True)
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(tmp_path), ""],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(moments.uniform(0.6, 1.8))
        process.kill()
        process.wait()
    done = run(tmp_path)
    assert done.returncode == 0, done.stderr
    check_same(tmp_path, whole[0])


FULL_DISK = """
import resource, runpy, sys
from briefing.errors import BriefingError
limit = int(sys.argv.pop())
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except BriefingError as err:
    print("told:", err.en)
    sys.exit(1)
"""


@pytest.mark.parametrize("limit", [pytest.param(n, id=f"{n // 1000} kB") for n in (60_000, 200_000)])
def test_a_disk_that_fills_up_is_told_and_the_next_run_goes_on(
    tmp_path: Path, limit: int, whole: tuple[dict[str, bytes], list[str]]
) -> None:
    command = f"import sys; sys.argv[0] = {str(SCRIPT)!r}\n" + FULL_DISK
    done = subprocess.run(
        [sys.executable, "-c", command, str(tmp_path), "", str(limit)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 0 or "told:" in done.stdout, done.stdout + done.stderr
    done = run(tmp_path)
    assert done.returncode == 0, done.stderr
    check_same(tmp_path, whole[0])


def test_a_cut_off_edition_is_published_by_the_next_days_run(tmp_path: Path) -> None:
    done = run(tmp_path, "kept")
    assert done.returncode == -signal.SIGKILL
    with open_store(tmp_path / "data" / "store.db") as store:
        made = find_edition(store, "daily", DAY)
        assert made is not None
        assert made.state is EditionState.MADE
    subprocess.run([sys.executable, "-c", NEXT_DAY, str(tmp_path)], check=True, timeout=120, cwd=SCRIPT.parent)
    with open_store(tmp_path / "data" / "store.db") as store:
        made = find_edition(store, "daily", DAY)
        assert made is not None
        assert made.state is EditionState.PUBLISHED
        following = find_edition(store, "daily", date(2026, 3, 6))
        assert following is not None
        assert "第26期" in following.issue_number
    assert (tmp_path / "out" / DAY.isoformat() / "briefing.json").is_file()


NEXT_DAY = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from killed_run import SETTINGS
from made_sources import MadeClock, config, daily
from briefing.editions import RunRequest, Workplace, run_edition
folder = Path(sys.argv[1])
clock = MadeClock(datetime(2026, 3, 6, 7, tzinfo=UTC))
place = Workplace(config(folder, SETTINGS), folder, clock.clock(), sources=[daily("a", "青禾日报", 4)])
run_edition(place, RunRequest(day=date(2026, 3, 6)))
"""

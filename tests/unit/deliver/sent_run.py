"""Run by test_delivering.py in a process of its own: one run that is killed at a step of its delivery.

python sent_run.py FOLDER STEP    the settings stand in FOLDER/settings.toml; the result is printed
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from briefing.editions import RunRequest, Workplace, run_edition
from tests.unit.editions.made_sources import DAY, MadeClock, config, daily


def main() -> None:
    folder, kill_at = Path(sys.argv[1]), sys.argv[2]

    def observe(step: str, facts: Mapping[str, object]) -> None:
        if step == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    clock = MadeClock(datetime(2026, 3, 5, 7, tzinfo=UTC))
    settings = (folder / "settings.toml").read_text("utf-8")
    place = Workplace(config(folder, settings), folder, clock.clock(), observe, [daily("a", "青禾日报", 4)])
    result = run_edition(place, RunRequest(day=DAY))
    print(result.status.value, [zh for zh, _ in result.problems])


if __name__ == "__main__":
    main()

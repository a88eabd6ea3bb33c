"""Run by test_killed_runs.py in a process of its own: one run that kills itself at a step.

python killed_run.py FOLDER STEP    STEP: a step's name; "each": the first that no run before was killed at;
                                    "": runs to the end and prints the steps it came by
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from made_sources import DAY, MadeClock, config, daily

from briefing.editions import RunRequest, Workplace, run_edition

SETTINGS = '[briefing]\nissue_number = "2026年第25期（总第325期）"\n[layout]\nnumber = "auto"\n'


def main() -> None:
    folder, kill_at = Path(sys.argv[1]), sys.argv[2]
    killed = folder / "killed-at.txt"
    steps: list[str] = []

    def observe(step: str, facts: Mapping[str, object]) -> None:
        steps.append(step)
        former = killed.read_text("utf-8").split("\n") if killed.exists() else []
        if step == kill_at or (kill_at == "each" and step not in former):
            killed.write_text("\n".join([*former, step]), "utf-8")
            os.kill(os.getpid(), signal.SIGKILL)

    clock = MadeClock(datetime(2026, 3, 5, 7, tzinfo=UTC))
    sources = [daily("a", "青禾日报", 4), daily("b", "白石晚报", 2)]
    place = Workplace(config(folder, SETTINGS), folder, clock.clock(), observe, sources)
    result = run_edition(place, RunRequest(day=DAY))
    print(",".join([result.status.value, *steps]))


if __name__ == "__main__":
    main()

"""Measures memory across days on pairs judged by hand: an earlier report, and a later one within 30 days.

    PYTHONPATH=. python tests/quality/measure_followups.py [--data DIR] [--half train]

Pairs: tests/quality/data/followup_pairs.jsonl holds ids (models/training/events_pairs.py), verdict and half.
`again`: the same happening told again; `continues`: a later happening of the same matter; `other`: another matter
of the same kind (the next day's figures, another meeting of the body, a comment). Pairs on which one reader could
not decide (38 of 389) are left out. Pairs were drawn from candidates by bands of likeness, so most are borderline:
a day's candidates are far more often plainly different. Halves are split by matter: series and shared articles
stand on one side. The figures are of the dev half; nothing is tuned on it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from briefing.dedupe import DedupeOptions, PairScorer, load_scorer, recall
from briefing.records import Article, BriefingItem, EarlierItem, Story, Summary
from briefing.text.sentences import split_sentences

ROOT = Path(__file__).resolve().parents[2]
JUDGED = Path(__file__).parent / "data" / "followup_pairs.jsonl"


def _pairs_module() -> ModuleType:
    """models/training/events_pairs.py, which reads the data by id; it is a script, not a package."""
    path = ROOT / "models" / "training" / "events_pairs.py"
    spec = importlib.util.spec_from_file_location("events_pairs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["events_pairs"] = module
    spec.loader.exec_module(module)
    return module


def outcome(before: Article, later: Article, scorer: PairScorer) -> str:
    """What an edition does with `later` when an earlier one printed `before`: left out, pointer or new."""
    before, later = (replace(a, sentences=split_sentences(a.text)) for a in (before, later))
    assert before.published_on is not None
    pointer = EarlierItem(before.published_on, "daily", before.title, "", before.id)
    item = BriefingItem(Story(before), Summary(before.id, before.title, (), (), "test@1"), (), "", 3.0, 3.0)
    options = DedupeOptions()
    found = recall(
        [Story(later)], [(pointer, item)], options.min_event_probability, options.min_copy_containment, scorer
    )
    return "left out" if found.left_out else "pointer" if found.earlier else "new"


def count(data_dir: Path, half: str) -> Counter[tuple[str, str]]:
    """How many pairs of one half have each (verdict, outcome)."""
    items = _pairs_module().load_items(data_dir)
    scorer = load_scorer()
    rows = [json.loads(line) for line in JUDGED.read_text(encoding="utf-8").splitlines()]
    return Counter(
        (row["verdict"], outcome(items[row["a"]], items[row["b"]], scorer))
        for row in rows
        if row["half"] == half
    )


def measure(data_dir: Path, half: str = "dev") -> dict[str, float]:
    """Shares of 1. `printed_*`: what is left out as printed; `pointer_*`: what is printed as 续报.

    `again_caught`: share of retold happenings that are not printed as new items.
    """
    counts = count(data_dir, half)
    of = {kind: sum(counts[kind, o] for o in ("left out", "pointer", "new")) for kind in ("again", "continues")}
    left = sum(counts[kind, "left out"] for kind in ("again", "continues", "other"))
    pointers = sum(counts[kind, "pointer"] for kind in ("again", "continues", "other"))
    return {
        "printed_precision": counts["again", "left out"] / max(1, left),
        "again_caught": 1 - counts["again", "new"] / max(1, of["again"]),
        "pointer_precision": (counts["again", "pointer"] + counts["continues", "pointer"]) / max(1, pointers),
        "pointer_recall": counts["continues", "pointer"] / max(1, of["continues"]),
        "followup_pairs": float(sum(counts.values())),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("BRIEFING_DATA", str(ROOT / ".." / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--half", choices=("dev", "train"), default="dev")
    options = parser.parse_args()
    for name, value in measure(options.data, options.half).items():
        print(f"{name} {value:.3f}")
    for (verdict, done), number in sorted(count(options.data, options.half).items()):
        print(f"{verdict}: {done} {number}")


if __name__ == "__main__":
    main()

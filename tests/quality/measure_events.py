"""Measures merging: same-event pairs judged by hand, and made reprints. Higher is better in every figure.

    PYTHONPATH=. python tests/quality/measure_events.py [--data DIR] [--sweep]

Pairs: tests/quality/data/event_pairs.jsonl holds ids, verdict (`same`), half and how the pair was drawn
(`round`: 1 every level of likeness equally, 2 pairs an early scorer was undecided about, 3 pairs a scorer would
merge, 4 pairs it gave 0.05–0.5). Models and threshold were chosen on the dev half; the figures here are of the
test half. Rounds 1 and 2 hold far more borderline pairs than a day's news, so `event_precision` and
`event_recall` understate; `event_weighted_*` weigh rounds 3 and 4 by the share of all candidates that they were
drawn from (pairs that are no candidates are not counted).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

from briefing.dedupe import DedupeOptions, load_scorer, merge_stories
from briefing.records import Article

ROOT = Path(__file__).resolve().parents[2]
JUDGED = Path(__file__).parent / "data" / "event_pairs.jsonl"
# Of 25,000 random candidates 399 and 439 lay in the intervals from which 130 and 47 pairs were read.
ROUND_WEIGHTS = {3: 399 / 130, 4: 439 / 47}
MADE = 400


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


def _judged_pairs(
    items: dict[str, Article], module: ModuleType, half: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Probability, verdict and round of the judged pairs of one half."""
    scorer = load_scorer()
    rows = [json.loads(line) for line in JUDGED.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["half"] == half]
    profiles = module.Profiles(items, scorer.frequencies)
    probabilities = scorer.of_features([profiles.features((row["a"], row["b"])) for row in rows])
    return probabilities, np.array([row["same"] for row in rows]), np.array([row["round"] for row in rows])


def _figures(said: np.ndarray, same: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    right = float((weight * said * same).sum())
    return right / max(1e-9, float((weight * said).sum())), right / max(1e-9, float((weight * same).sum()))


def make_reprint(article: Article, dice: random.Random, number: int) -> Article:
    """The same copy as another paper prints it: other headline and byline, half-width marks, the tail cut."""
    paragraphs = article.text.split("\n")
    text = article.text
    if len(paragraphs) > 2 and dice.random() < 0.6:
        keep = max(1, round(len(paragraphs) * dice.uniform(0.5, 0.9)))
        text = "\n".join(paragraphs[:keep])
    if dice.random() < 0.5:
        text = text.translate(str.maketrans("，：；（）", ",:;()"))
    if dice.random() < 0.5:
        text = text.replace("\n", "")
    if dice.random() < 0.3 and len(text) > 200:
        at = dice.randrange(60, len(text) - 60)
        text = text[:at] + text[at + 12 :]
    byline = dice.choice(("本报综合消息 ", "据媒体报道，", "（记者 通讯员）", ""))
    title = dice.choice(("", article.title[: len(article.title) // 2], "要闻：" + article.title))
    return Article(
        id=f"made/{number}", source=f"made/{number}", title=title, text=byline + text, sentences=(), origin=(),
        outlet=f"made {number % 7}", published_on=article.published_on,
    )  # fmt: skip


def _reprints(items: dict[str, Article], min_containment: float) -> dict[str, float]:
    """Recall on made reprints among as many other articles; share of merges that join no unlike pair."""
    dice = random.Random(3)
    papers = [a for name, a in items.items() if name.startswith("p/") and len(a.text) > 120]
    chosen = dice.sample(papers, 2 * MADE)
    originals = chosen[:MADE]
    made = [make_reprint(a, dice, n) for n, a in enumerate(originals)]
    stories = merge_stories(
        [*chosen, *made], DedupeOptions(min_copy_containment=min_containment, merge_events=False)
    )
    story_of = {a.id: n for n, story in enumerate(stories) for a in story.articles}
    found = sum(story_of[o.id] == story_of[m.id] for o, m in zip(originals, made, strict=True))
    joined = [{a.id for a in story.articles} for story in stories if len(story.articles) > 1]
    right = sum(
        len(ids) == 2 and any({o.id, m.id} == ids for o, m in zip(originals, made, strict=True))
        for ids in joined
    )
    return {"reprint_recall": found / MADE, "reprint_precision": right / max(1, len(joined))}


def measure(data_dir: Path) -> dict[str, float]:
    """Named figures, 0–1, all higher is better."""
    module = _pairs_module()
    items = module.load_items(data_dir)
    p, same, rounds = _judged_pairs(items, module, "test")
    said = p >= DedupeOptions().min_event_probability
    precision, recall = _figures(said, same, np.ones(len(same)))
    random_draw = np.array([ROUND_WEIGHTS.get(int(r), 0.0) for r in rounds])
    weighted_precision, weighted_recall = _figures(said, same, random_draw)
    return {
        "event_precision": precision,
        "event_recall": recall,
        "event_weighted_precision": weighted_precision,
        "event_weighted_recall": weighted_recall,
        "event_pairs": float(len(same)),
        **_reprints(items, DedupeOptions().min_copy_containment),
    }


def sweep(data_dir: Path) -> None:
    """Print precision and recall over thresholds.

    The scorer was trained on the dev half: its threshold was chosen on the table that events_train.py prints.
    """
    module = _pairs_module()
    items = module.load_items(data_dir)
    for min_containment in (0.45, 0.55, 0.65, 0.75, 0.85, 0.95):
        figures = _reprints(items, min_containment)
        print(
            f"copies {min_containment}: " + ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
        )
    for half in ("dev", "test"):
        p, same, rounds = _judged_pairs(items, module, half)
        random_draw = np.array([ROUND_WEIGHTS.get(int(r), 0.0) for r in rounds])
        for threshold in np.arange(0.4, 0.96, 0.05):
            plain = _figures(p >= threshold, same, np.ones(len(same)))
            weighted = _figures(p >= threshold, same, random_draw)
            print(
                f"{half} {threshold:.2f}: {plain[0]:.3f} / {plain[1]:.3f}, "
                f"weighted {weighted[0]:.3f} / {weighted[1]:.3f}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("BRIEFING_DATA", str(ROOT / ".." / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--sweep", action="store_true")
    options = parser.parse_args()
    if options.sweep:
        sweep(options.data)
    else:
        for name, value in measure(options.data).items():
            print(f"{name} {value:.3f}")


if __name__ == "__main__":
    main()

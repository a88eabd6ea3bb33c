"""Act 5: clause values -> the product's own decoder -> ROUGE, facts and defects on gold/dev, titled and
untitled.

    python models/training/neural/evaluate.py --work DIR [--model finetuned] [--weights 0,0.5,1] [--data DIR]

`--weights`: share of the neural value in its mean with the shipped trees (both estimate the same repeated
share); 0 is the trees alone. Lead stands beside it in the same run. Writes work/evaluation.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parents[3] / "tests" / "quality")]

import torch  # noqa: E402
from corpus import DEFAULT_DATA, PackBuilder  # noqa: E402
from finetune import predict  # noqa: E402
from measure_summaries import figures, gold_rows, to_article  # noqa: E402
from model import ClauseScorerModel, load_model  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402
from training import THREADS  # noqa: E402

from briefing.summarise import Engine, SummaryOptions, load_engine  # noqa: E402
from briefing.summarise.extract import ExtractEngine  # noqa: E402
from briefing.summarise.features import Floats, Reading  # noqa: E402
from briefing.summarise.scoring import ClauseScorer, load_scorer  # noqa: E402


@dataclass(frozen=True, slots=True)
class NeuralScorer:
    """ClauseScorer of the extract engine: one value a unit, the share that a brief is expected to repeat."""

    model: ClauseScorerModel
    tokenizer: Tokenizer
    revision: str = "trial"
    name: str = "neural"

    def scores(self, readings: Sequence[Reading]) -> list[Floats]:
        if not readings:
            return []
        builder = PackBuilder(self.tokenizer)
        for reading in readings:
            builder.add(reading.document)
        found = predict(self.model, builder.finish(), np.arange(len(readings)), titled=True)
        return [values.astype(np.float64) for values in found]


@dataclass(frozen=True, slots=True)
class MixedScorer:
    """Weighted mean of two scorers' values; `weight` (0–1) is the first one's."""

    first: ClauseScorer
    second: ClauseScorer
    weight: float
    revision: str = "trial"

    @property
    def name(self) -> str:
        return f"{self.first.name}*{self.weight:g}+{self.second.name}"

    def scores(self, readings: Sequence[Reading]) -> list[Floats]:
        pairs = zip(self.first.scores(readings), self.second.scores(readings), strict=True)
        return [self.weight * a + (1 - self.weight) * b for a, b in pairs]


def measure_engine(engine: Engine, gold: Sequence[dict[str, Any]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for suffix, titled in (("", True), ("_untitled", False)):
        articles = [to_article(row, with_title=titled) for row in gold]
        texts = [s.text for s in engine.summarise(articles, SummaryOptions())]
        found |= {key + suffix: value for key, value in figures(gold, texts).items()}
    return found


def engines(model: ClauseScorerModel, tokenizer: Tokenizer, weights: Sequence[float]) -> dict[str, Engine]:
    neural, trees = NeuralScorer(model, tokenizer), load_scorer("trees")
    found: dict[str, Engine] = {"lead": load_engine("lead")}
    for weight in weights:
        scorer: ClauseScorer = trees if weight == 0 else MixedScorer(neural, trees, weight)
        found[f"neural x {weight:g}"] = ExtractEngine(neural if weight == 1 else scorer)
    return found


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--model", default="finetuned")
    parser.add_argument("--exported", type=Path, default=None, help="folder of export.py, instead of --model")
    parser.add_argument("--weights", default="0,0.5,1")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    args = parser.parse_args(argv)
    torch.set_num_threads(THREADS)
    if args.exported:
        from export import load_exported

        model, tokenizer = load_exported(args.exported)
    else:
        model = load_model(args.work / args.model)
        tokenizer = Tokenizer.from_file(str(args.work / "tokenizer" / "tokenizer.json"))
    gold = gold_rows(args.data)
    report: dict[str, Any] = {"model": args.model, "rows": len(gold)}
    shown = ("r1", "r2", "rl", "facts", "defects_percent_defects", "unsupported_number_rows_percent_defects")
    print(f"{'':16}{'R-1':>8}{'R-2':>8}{'R-L':>8}{'facts':>8}{'defects':>8}{'numbers':>8}   then untitled")
    for name, engine in engines(model, tokenizer, [float(w) for w in args.weights.split(",")]).items():
        started = time.perf_counter()
        found = measure_engine(engine, gold)
        report[name] = found
        cells = [found[key + suffix] for suffix in ("", "_untitled") for key in shown]
        print(
            f"{name:16}" + "".join(f"{c:8.2f}" for c in cells) + f"   {time.perf_counter() - started:.0f} s",
            flush=True,
        )
    (args.work / "evaluation.json").write_text(json.dumps(report, indent=1), "utf-8")


if __name__ == "__main__":
    main()

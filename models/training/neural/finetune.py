"""Act 4: gold/train — which clauses a brief repeats. Several seeds from the same weights, averaged into one
model.

    python models/training/neural/finetune.py --config CONFIG --work DIR [--scratch]

Needs work/pretrained and work/pack/gold; writes work/finetuned/. A fold of gold/train that no seed sees
decides when each stops and whether averages are better; *dev* is not read here. `--scratch`: without
pre-trained weights, to measure what pre-training is worth.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from model import (
    GAIN,
    OUTPUTS,
    SALIENCE,
    SHARE,
    ClauseScorerModel,
    TorchBatch,
    load_model,
    save_model,
    to_device,
)
from pack import CHARS, BatchOptions, Pack, batches, load_pack, plan
from settings import FinetuneSettings, Settings, load_settings
from torch import Tensor
from torch.nn import functional
from training import optimiser, precision, prepare, set_rate

# An article of 300 clauses may not outweigh ten of 30 (as extract_scorer.py).
FULL_WEIGHT_CLAUSES = 40
BRIEF_CHARS = 150


def fold_of(id_: str) -> float:
    """0–1, the same for the same article in every run."""
    return int(hashlib.blake2b(id_.encode(), digest_size=4).hexdigest(), 16) / 2**32


def share_loss(logits: Tensor, batch: TorchBatch, gain_weight: float) -> Tensor:
    """Cross-entropy against the soft label + `gain_weight` · divergence from the gains of each article's
    clauses."""
    known = ~batch.labels[:, 0].isnan()
    target, row = batch.labels[known], batch.row[known]
    sizes = torch.bincount(row, minlength=int(batch.row.max()) + 1).clamp(min=1)
    weight = torch.sqrt(FULL_WEIGHT_CLAUSES / sizes[row]).clamp(max=1.0)
    loss = functional.binary_cross_entropy_with_logits(logits[known, SHARE], target[:, 0], reduction="none")
    total = (loss * weight).sum() / weight.sum()
    if not gain_weight:
        return total
    # Softmax over each article's clauses, by its own maximum.
    value = logits[known, GAIN]
    highest = value.new_full((len(sizes),), -torch.inf).scatter_reduce(0, row, value.detach(), "amax")
    power = torch.exp(value - highest[row])
    log_share = value - highest[row] - torch.log(value.new_zeros(len(sizes)).index_add(0, row, power))[row]
    gains = target[:, 1]
    gain_sums = gains.new_zeros(len(sizes)).index_add(0, row, gains)
    wanted = gains / gain_sums[row].clamp(min=1e-6)
    articles = (gain_sums > 0).sum().clamp(min=1)
    return total - gain_weight * (wanted * log_share).sum() / articles


def captured(values: np.ndarray, labels: np.ndarray, chars: np.ndarray) -> float:
    """Share of the best label mass within a brief's length that the clauses ranked by `values` reach."""

    def mass(order: np.ndarray) -> float:
        fits = np.cumsum(chars[order]) <= BRIEF_CHARS
        return float((labels[order] * chars[order])[fits].sum())

    best = mass(np.argsort(-labels, kind="stable"))
    return mass(np.argsort(-values, kind="stable")) / best if best > 0 else 1.0


@torch.inference_mode()
def predict(model: ClauseScorerModel, pack: Pack, articles: np.ndarray, *, titled: bool) -> list[np.ndarray]:
    """Expected repeated share of each clause (0–1), an array an article, in the order of `articles`."""
    device = next(model.parameters()).device
    model.eval()
    options = BatchOptions(model.settings.window_tokens, 1.0 if titled else 0.0)
    found = []
    for start in range(0, len(articles), 8):
        plan_ = [articles[start : start + 8]]
        for batch in batches(pack, plan_, options, seed=0):
            moved = to_device(batch, device)
            with precision(device):
                values = torch.sigmoid(model(moved)[:, SHARE]).cpu().numpy()
            found += [values[batch.row == k][1:] for k in range(len(plan_[0]))]
    return found


def evaluate(model: ClauseScorerModel, pack: Pack, articles: np.ndarray) -> dict[str, float]:
    """On a fold: mean within-article correlation of value and label, and `captured`; titles shown and hidden.
    On a fold: mean within-article correlation of value and label, and `captured`; titles shown and hidden."""
    figures: dict[str, float] = {}
    for name, titled in (("titled", True), ("untitled", False)):
        correlations, masses = [], []
        for article, values in zip(articles, predict(model, pack, articles, titled=titled), strict=True):
            first, last = int(pack.article_start[article]), int(pack.article_start[article + 1])
            labels = np.asarray(pack.labels[first:last, 0], np.float64)
            chars = np.asarray(pack.place[first:last, CHARS], np.float64) * 4 + 2
            if labels.std() > 0 and values.std() > 0:
                correlations.append(np.corrcoef(values, labels)[0, 1])
            masses.append(captured(values, labels, chars))
        figures[f"correlation_{name}"] = float(np.mean(correlations))
        figures[f"captured_{name}"] = float(np.mean(masses))
    return figures


def figure_of(figures: dict[str, float]) -> float:
    """What decides: the correlation, as articles come (mostly titled)."""
    return 0.6 * figures["correlation_titled"] + 0.4 * figures["correlation_untitled"]


def average(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    return {name: torch.stack([s[name].float() for s in states]).mean(0) for name in states[0]}


def one_seed(
    model: ClauseScorerModel,
    pack: Pack,
    folds: tuple[np.ndarray, np.ndarray],
    settings: FinetuneSettings,
    seed: int,
) -> tuple[float, dict[str, Tensor]]:
    """Trains `model` in place; the best epoch's figure and weights (on the CPU)."""
    train, held_out = folds
    torch.manual_seed(seed)
    device = next(model.parameters()).device
    adam = optimiser(
        [(model.encoder, settings.encoder_learning_rate), (model.head, settings.learning_rate)],
        settings.weight_decay,
    )
    sizes = pack.token_counts()[train]
    options = BatchOptions(model.settings.window_tokens, settings.title_shown)
    plans = [plan(sizes, settings.batch_tokens, seed * 1000 + e) for e in range(settings.epochs)]
    total, step, worse, started = sum(map(len, plans)), 0, 0, time.monotonic()
    best, kept = -1.0, {}
    for epoch, plan_ in enumerate(plans):
        model.train()
        loss_sum = 0.0
        for batch in batches(pack, [train[b] for b in plan_], options, seed * 1000 + epoch):
            set_rate(adam, step / total, warmup=0.1, decay_from=0.3)
            moved = to_device(batch, device)
            with precision(device):
                logits = model(moved)
            loss = share_loss(logits, moved, settings.gain_weight)
            adam.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            adam.step()
            loss_sum += float(loss.detach())
            step += 1
        figures = evaluate(model, pack, held_out)
        elapsed = time.monotonic() - started
        shown = "  ".join(f"{k} {v:.4f}" for k, v in figures.items())
        left = elapsed / step * (total - step) / 60
        print(
            f"seed {seed} epoch {epoch}  loss {loss_sum / len(plan_):.4f}  {shown}  {left:.1f} min left",
            flush=True,
        )
        if figure_of(figures) > best:
            best, worse = figure_of(figures), 0
            kept = {name: v.detach().cpu().clone() for name, v in model.state_dict().items()}
        else:
            worse += 1
            if worse >= settings.patience:
                break
    return best, kept


def start_model(settings: Settings, work: Path, *, scratch: bool) -> ClauseScorerModel:
    """The pre-trained model; what it knows of headlines is where the gold outputs begin."""
    model = load_model(work / "pretrained")
    if scratch:
        torch.manual_seed(settings.seed)
        model = ClauseScorerModel(model.encoder.get_input_embeddings().weight.shape[0], model.settings)
    last = model.head.out[-1]
    assert isinstance(last, torch.nn.Linear)
    assert last.weight.shape[0] == OUTPUTS
    with torch.no_grad():
        for output in (SHARE, GAIN):
            last.weight[output] = last.weight[SALIENCE]
            last.bias[output] = last.bias[SALIENCE]
    return model


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--scratch", action="store_true")
    parser.add_argument("--out", default="finetuned", help="folder below --work")
    args = parser.parse_args(argv)
    settings = load_settings(args.config)
    device = prepare(settings.seed)
    pack = load_pack(args.work / "pack" / "gold")
    held = np.array([fold_of(i) < settings.finetune.holdout_share for i in pack.ids])
    folds = np.flatnonzero(~held), np.flatnonzero(held)
    print(f"{device}, {len(folds[0])} articles to learn from, {len(folds[1])} held out", flush=True)
    # Checkpoint after each seed: a killed run goes on with the next one.
    saved = args.work / f"{args.out}_seeds.pt"
    found: list[tuple[float, dict[str, Tensor]]] = (
        torch.load(saved, weights_only=True) if saved.exists() else []
    )
    for k in range(len(found), settings.finetune.seeds):
        model = start_model(settings, args.work, scratch=args.scratch).to(device)
        found.append(one_seed(model, pack, folds, settings.finetune, settings.seed + k))
        torch.save(found, saved)
    found.sort(key=lambda f: -f[0])
    model = start_model(settings, args.work, scratch=args.scratch).to(device)
    choices = {
        f"best {k} of {len(found)} seeds": average([s for _, s in found[:k]]) for k in range(1, len(found) + 1)
    }
    figures = {}
    for name, state in choices.items():
        model.load_state_dict(state)
        figures[name] = evaluate(model, pack, folds[1])
        print(name, {k: round(v, 4) for k, v in figures[name].items()}, flush=True)
    chosen = max(choices, key=lambda name: figure_of(figures[name]))
    save_model(args.work / args.out, model, choices[chosen])
    report = {"chosen": chosen, "held_out": figures[chosen], "held_out_articles": len(folds[1])}
    (args.work / args.out / "report.json").write_text(json.dumps(report, indent=1), "utf-8")
    saved.unlink()
    print("chosen:", chosen)


if __name__ == "__main__":
    main()

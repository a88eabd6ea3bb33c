"""Act 4b: the clause net on gold/train, with what the trees know of a clause as further input.

    python models/training/neural/stack.py --config CONFIG --work DIR [--folds 0,1,2,3,4] [--seeds N] [--final]

Needs work/pretrained, work/pack/gold and work/stack/gold.npz (gold_features.py). The encoder stays as
pre-training left it (1,700 articles would only teach it their names), so clause vectors are made once and an
epoch takes seconds. Without `--final`: one net a fold, and what each says of the fold it never saw, in
work/stack/net.npz. With it: `--seeds` nets on all of gold/train, in work/stack/final/.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from corpus import DEFAULT_DATA
from finetune import FULL_WEIGHT_CLAUSES
from model import ClauseScorerModel, StackHead, TorchBatch, load_model, pool, to_device
from pack import BatchOptions, Pack, build_batch, load_pack
from settings import FinetuneSettings, Settings, load_settings
from torch import Tensor
from torch.nn import functional
from training import optimiser, precision, prepare, set_dropout, set_rate

SHARE, GAIN, FACTS = range(3)


@dataclass(frozen=True)
class Copy:
    """One gold article, with or without its title: K clauses, the first "clause" is the title.

    `vectors` (K, 2 D) pooled tokens; `features` (K, F), 0 for the title; `labels` (K, 3): share, gain, facts,
    nan for the title."""

    article: int
    batch: TorchBatch
    vectors: Tensor
    features: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Gold:
    """Every copy (gold.npz order), its article's fold, whether the title is hidden; scale of the features."""

    copies: list[Copy]
    fold: np.ndarray
    hidden: np.ndarray
    ids: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray
    has_hidden: dict[int, int]


def standardised(x: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    return np.clip((x - mean) / deviation, -4, 4).astype(np.float32)


def aligned(saved: dict[str, np.ndarray], pack: Pack) -> dict[str, np.ndarray]:
    """`saved` without the articles that the pack cuts otherwise: clause rules moved on between the two."""
    sizes = dict(zip(pack.ids, np.diff(pack.article_start), strict=True))
    spans = list(zip(saved["bounds"], saved["bounds"][1:], strict=False))
    kept = [k for k, (a, b) in enumerate(spans) if sizes.get(str(saved["ids"][k])) == b - a]
    if dropped := len(spans) - len(kept):
        print(f"{dropped} of {len(spans)} copies left out: cut otherwise in the pack", flush=True)
    rows = np.concatenate([np.arange(*spans[k]) for k in kept])
    found = {name: saved[name][kept] for name in ("ids", "hidden", "fold")}
    found |= {name: saved[name][rows] for name in ("x", "second", "y", "facts", "weight")}
    return found | {"bounds": np.cumsum([0, *(spans[k][1] - spans[k][0] for k in kept)])}


@torch.inference_mode()
def read_gold(model: ClauseScorerModel, pack: Pack, saved: dict[str, np.ndarray]) -> Gold:
    mean, deviation = saved["x"].mean(0), saved["x"].std(0) + 1e-3
    number = {id_: k for k, id_ in enumerate(pack.ids)}
    copies = []
    for k, id_ in enumerate(saved["ids"]):
        article = number[str(id_)]
        first, last = saved["bounds"][k], saved["bounds"][k + 1]
        options = BatchOptions(model.settings.window_tokens, 0.0 if saved["hidden"][k] else 1.0)
        batch = to_device(
            build_batch(pack, np.array([article]), options, np.random.default_rng(0)), torch.device("cpu")
        )
        count = len(batch.place)
        if count != last - first + 1:
            raise SystemExit(f"{id_}: {count - 1} clauses in the pack, {last - first} in gold.npz")
        features = np.zeros((count, saved["x"].shape[1]), np.float32)
        features[1:] = standardised(saved["x"][first:last], mean, deviation)
        labels = np.full((count, 3), np.nan, np.float32)
        labels[1:, SHARE] = saved["y"][first:last]
        labels[1:, GAIN] = batch.labels[1:, 1]
        labels[1:, FACTS] = np.minimum(saved["facts"][first:last], 1)
        with precision(torch.device("cpu")):
            vectors = pool(model.encode(batch), batch.clause_of, count)
        copies.append(
            Copy(article, batch, vectors.float(), torch.from_numpy(features), torch.from_numpy(labels))
        )
    hidden_of = {c.article: k for k, c in enumerate(copies) if saved["hidden"][k]}
    return Gold(copies, saved["fold"], saved["hidden"], saved["ids"], mean, deviation, hidden_of)


def joined(copies: Sequence[Copy]) -> tuple[TorchBatch, Tensor, Tensor, Tensor]:
    """Several copies as one batch, with vectors, features and labels."""
    row = torch.cat([torch.full((len(c.vectors),), k) for k, c in enumerate(copies)])
    batch = dataclasses.replace(
        copies[0].batch,
        place=torch.cat([c.batch.place for c in copies]),
        light=torch.cat([c.batch.light for c in copies]),
        row=row,
        column=torch.cat([c.batch.column for c in copies]),
    )
    return (
        batch,
        torch.cat([c.vectors for c in copies]),
        torch.cat([c.features for c in copies]),
        torch.cat([c.labels for c in copies]),
    )


def loss_of(logits: Tensor, labels: Tensor, row: Tensor, settings: FinetuneSettings) -> Tensor:
    known = ~labels[:, SHARE].isnan()
    logits, labels, row = logits[known], labels[known], row[known]
    sizes = torch.bincount(row).clamp(min=1)
    weight = torch.sqrt(FULL_WEIGHT_CLAUSES / sizes[row]).clamp(max=1.0)
    weight = weight / weight.sum()

    def cross_entropy(output: int) -> Tensor:
        found, wanted = logits[:, output], labels[:, output]
        each = functional.binary_cross_entropy_with_logits(found, wanted, reduction="none")
        return (each * weight).sum()

    # Listwise: each article's gains as shares of its clauses.
    value, gains = logits[:, GAIN], labels[:, GAIN]
    highest = value.new_full((len(sizes),), -torch.inf).scatter_reduce(0, row, value.detach(), "amax")
    power = torch.exp(value - highest[row])
    log_share = value - highest[row] - torch.log(value.new_zeros(len(sizes)).index_add(0, row, power))[row]
    sums = gains.new_zeros(len(sizes)).index_add(0, row, gains)
    wanted = gains / sums[row].clamp(min=1e-6)
    listwise = -(wanted * log_share).sum() / (sums > 0).sum().clamp(min=1)
    return cross_entropy(SHARE) + settings.gain_weight * listwise + settings.facts_weight * cross_entropy(FACTS)


def planned(gold: Gold, order: np.ndarray, batch_clauses: int) -> list[list[int]]:
    """`order` in batches; alike in length within groups of 128, so that little of the grid is padding."""
    plans: list[list[int]] = []
    for start in range(0, len(order), 128):
        filled = batch_clauses
        for k in sorted(order[start : start + 128], key=lambda k: len(gold.copies[k].vectors)):
            size = len(gold.copies[k].vectors)
            if filled + size > batch_clauses:
                plans.append([])
                filled = 0
            plans[-1].append(int(k))
            filled += size
    return plans


def train_net(
    model: ClauseScorerModel, gold: Gold, train: np.ndarray, settings: Settings, seed: int
) -> StackHead:
    """`train`: copies with a title, or that never had one; their hidden twins stand in for them at times."""
    fine = settings.finetune
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    head = StackHead(settings.model, gold.copies[0].features.shape[1])
    head.begin_with(model.head)
    set_dropout(head, fine.dropout)
    head.train()
    adam = optimiser([(head, fine.learning_rate)], fine.weight_decay)
    total, step = 0, 0
    for _ in range(fine.epochs):
        plans = planned(gold, rng.permutation(train), fine.batch_clauses)
        total = total or fine.epochs * len(plans)
        for number in rng.permutation(len(plans)):
            copies = []
            for k in plans[number]:
                twin = gold.has_hidden.get(gold.copies[k].article)
                hide = twin is not None and rng.random() > fine.title_shown
                copies.append(gold.copies[twin if hide and twin is not None else k])
            set_rate(adam, step / total, warmup=0.1, decay_from=0.3)
            batch, vectors, features, labels = joined(copies)
            with precision(torch.device("cpu")):
                logits = head(vectors, batch, features)
            loss = loss_of(logits, labels, batch.row, fine)
            adam.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            adam.step()
            step += 1
    return head.eval()


@torch.inference_mode()
def predict(head: StackHead, gold: Gold, which: Sequence[int]) -> list[np.ndarray]:
    """(clauses, 3) logits of each copy, without the title."""
    found = []
    for k in which:
        batch, vectors, features, _ = joined([gold.copies[k]])
        found.append(head(vectors, batch, features)[1:].numpy())
    return found


def correlation(values: Sequence[np.ndarray], labels: Sequence[np.ndarray]) -> float:
    found = [
        np.corrcoef(v, y)[0, 1] for v, y in zip(values, labels, strict=True) if v.std() > 0 and y.std() > 0
    ]
    return float(np.mean(found))


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--pretrained", type=Path, default=None)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--folds", default="0,1,2,3,4")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--final", action="store_true")
    parser.add_argument("--out", default="net")
    args = parser.parse_args(argv)
    settings = load_settings(args.config)
    prepare(settings.seed)
    model = load_model(args.pretrained or args.work / "pretrained").eval()
    started = time.time()
    pack = load_pack(args.work / "pack" / "gold")
    saved = aligned(dict(np.load(args.work / "stack" / "gold.npz")), pack)
    gold = read_gold(model, pack, saved)
    labels = [c.labels[1:, SHARE].numpy() for c in gold.copies]
    trees = [saved["second"][a:b] for a, b in zip(saved["bounds"], saved["bounds"][1:], strict=False)]
    whole = np.flatnonzero(~gold.hidden)
    print(f"{time.time() - started:.0f} s  {len(gold.copies)} copies read", flush=True)
    if args.final:
        for k in range(args.seeds):
            head = train_net(model, gold, whole, settings, settings.seed + k)
            folder = args.work / "stack" / "final"
            folder.mkdir(parents=True, exist_ok=True)
            torch.save(head.state_dict(), folder / f"head_{k}.pt")
            np.savez(folder / "scale.npz", mean=gold.mean, deviation=gold.deviation)
            print(f"{time.time() - started:.0f} s  seed {k} on all articles", flush=True)
        return
    out = np.zeros((args.seeds, len(saved["y"]), 3), np.float32)
    for fold in map(int, args.folds.split(",")):
        mine = np.flatnonzero(gold.fold == fold)
        for seed in range(args.seeds):
            head = train_net(model, gold, whole[gold.fold[whole] != fold], settings, 100 * fold + seed)
            for k, values in zip(mine, predict(head, gold, mine), strict=True):
                out[seed, saved["bounds"][k] : saved["bounds"][k + 1]] = values
            np.savez(
                args.work / "stack" / f"{args.out}.npz",
                logits=out,
                **{name: saved[name] for name in ("ids", "hidden", "fold", "bounds", "second", "y")},
            )
        means = 1 / (1 + np.exp(-out[..., SHARE])).mean(0)
        cut = [means[saved["bounds"][k] : saved["bounds"][k + 1]] for k in mine]
        want, from_trees = [labels[k] for k in mine], [trees[k] for k in mine]
        for name, keep in (("titled", ~gold.hidden[mine]), ("hidden", gold.hidden[mine])):
            at = np.flatnonzero(keep)
            w, t, n = [want[i] for i in at], [from_trees[i] for i in at], [cut[i] for i in at]
            mixed = [0.5 * a + 0.5 * b for a, b in zip(t, n, strict=True)]
            print(
                f"{time.time() - started:.0f} s  fold {fold} {name}  trees {correlation(t, w):.4f}"
                f"  net {correlation(n, w):.4f}  mean {correlation(mixed, w):.4f}",
                flush=True,
            )


if __name__ == "__main__":
    main()

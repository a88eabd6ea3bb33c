"""Act 4c: nets that read the text alone, encoder and token vectors trained on gold/train with the head.

    python models/training/neural/tune.py --config CONFIG --work DIR [--folds 0,1,2,3,4] [--seeds N] [--final]

The sibling of stack.py, with the same inputs and outputs: what these nets know apart from the trees is what the
mean of all gains by. Without `--final`: one net a fold, and what each says of the fold it never saw, in
work/stack/text.npz. With it: `--seeds` nets on all of gold/train, each its own encoder, in work/tuned/; a seed
that is there already is not trained again.
"""

from __future__ import annotations

import argparse
import copy
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from model import ClauseScorerModel, TorchBatch, load_model, pool
from pack import PAD, load_pack
from settings import Settings, load_settings
from stack import SHARE, Copy, Gold, aligned, correlation, joined, loss_of, planned, read_gold
from torch import Tensor
from torch.nn import functional
from training import optimiser, precision, prepare, set_dropout, set_rate

ENCODER_DROPOUT = 0.1


@dataclass(frozen=True)
class Job:
    """`train`: copies with a title, or that never had one; `seed` draws order, dropout and hidden titles."""

    gold: Gold
    train: np.ndarray
    settings: Settings
    seed: int


def joined_tokens(copies: Sequence[Copy]) -> tuple[TorchBatch, Tensor]:
    """Several copies as one batch with their tokens (stack.joined has none), and the labels."""
    batch, _, _, labels = joined(copies)
    longest = max(c.batch.input_ids.shape[1] for c in copies)
    ids, owners, before = [], [], 0
    for each in copies:
        room = longest - each.batch.input_ids.shape[1]
        owner = functional.pad(each.batch.clause_of, (0, room), value=-1)
        ids.append(functional.pad(each.batch.input_ids, (0, room), value=PAD))
        owners.append(torch.where(owner >= 0, owner + before, owner))
        before += len(each.vectors)
    return replace(batch, input_ids=torch.cat(ids), clause_of=torch.cat(owners)), labels


def logits_of(model: ClauseScorerModel, batch: TorchBatch) -> Tensor:
    """(K, 3): share, gain, facts."""
    return model.head.score(pool(model.encode(batch), batch.clause_of, len(batch.place)), batch)


def train_net(pretrained: ClauseScorerModel, job: Job) -> ClauseScorerModel:
    gold, fine = job.gold, job.settings.finetune
    torch.manual_seed(job.seed)
    rng = np.random.default_rng(job.seed)
    model = copy.deepcopy(pretrained)
    model.head.begin_outputs()
    set_dropout(model.head, fine.dropout)
    set_dropout(model.encoder, ENCODER_DROPOUT)
    model.train()
    # The roles are added to token vectors: they move as slowly as the encoder.
    slow, fast = fine.encoder_learning_rate, fine.learning_rate
    parts = [(part, slow if name == "roles" else fast) for name, part in model.head.named_children()]
    adam = optimiser([*parts, (model.encoder, slow)], fine.weight_decay)
    total, step = 0, 0
    for _ in range(fine.epochs):
        plans = planned(gold, rng.permutation(job.train), fine.batch_clauses)
        total = total or fine.epochs * len(plans)
        for number in rng.permutation(len(plans)):
            copies = [shown(gold, k, fine.title_shown, rng) for k in plans[number]]
            batch, labels = joined_tokens(copies)
            set_rate(adam, step / total, warmup=0.1, decay_from=0.3)
            with precision(torch.device("cpu")):
                logits = logits_of(model, batch)
            loss = loss_of(logits.float(), labels, batch.row, fine)
            adam.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            adam.step()
            step += 1
    return model.eval()


def shown(gold: Gold, number: int, share: float, rng: np.random.Generator) -> Copy:
    """Copy `number`, or its twin without the title in 1 - `share` of the cases."""
    twin = gold.has_hidden.get(gold.copies[number].article)
    return gold.copies[twin if twin is not None and rng.random() > share else number]


@torch.inference_mode()
def predict(model: ClauseScorerModel, gold: Gold, which: Sequence[int]) -> list[np.ndarray]:
    """(clauses, 3) logits of each copy, without the title."""
    return [logits_of(model, joined_tokens([gold.copies[k]])[0])[1:].float().numpy() for k in which]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--pretrained", type=Path, default=None)
    parser.add_argument("--folds", default="0,1,2,3,4")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first-seed", type=int, default=7)
    parser.add_argument("--final", action="store_true")
    parser.add_argument("--out", default="text")
    args = parser.parse_args(argv)
    settings = load_settings(args.config)
    prepare(settings.seed)
    pretrained = load_model(args.pretrained or args.work / "pretrained").eval()
    saved = np.load(args.work / "stack" / "gold.npz")
    pack = load_pack(args.work / "pack" / "gold")
    rows = aligned(dict(saved), pack)
    gold = read_gold(pretrained, pack, rows)
    whole = np.flatnonzero(~gold.hidden)
    started = time.time()

    def say(*words: object) -> None:
        print(f"{time.time() - started:.0f} s ", *words, flush=True)

    if args.final:
        (args.work / "tuned").mkdir(parents=True, exist_ok=True)
        for k in range(args.seeds):
            path = args.work / "tuned" / f"net_{k}.pt"
            if not path.exists():
                made = train_net(pretrained, Job(gold, whole, settings, args.first_seed + k))
                torch.save(made.state_dict(), path)
                say(f"seed {k} on all articles")
        return
    out = np.zeros((args.seeds, len(rows["y"]), 3), np.float32)
    for fold in map(int, args.folds.split(",")):
        mine = np.flatnonzero(gold.fold == fold)
        for k in range(args.seeds):
            job = Job(gold, whole[gold.fold[whole] != fold], settings, 100 * fold + args.first_seed + k)
            for n, values in zip(mine, predict(train_net(pretrained, job), gold, mine), strict=True):
                out[k, rows["bounds"][n] : rows["bounds"][n + 1]] = values
        names = ("ids", "hidden", "fold", "bounds", "second", "y")
        np.savez(args.work / "stack" / f"{args.out}.npz", logits=out, **{n: rows[n] for n in names})
        spans = [slice(rows["bounds"][n], rows["bounds"][n + 1]) for n in mine]
        found = (1 / (1 + np.exp(-out[..., SHARE]))).mean(0)
        mixed = (found + rows["second"]) / 2
        for name, values in (("trees", rows["second"]), ("net", found), ("mean", mixed)):
            figure = correlation([values[s] for s in spans], [rows["y"][s] for s in spans])
            say(f"fold {fold}  {name} {figure:.4f}")


if __name__ == "__main__":
    main()

"""Act 3: pre-training — hidden tokens (whole runs of a clause), and which clauses the unseen headline repeats.

    python models/training/neural/pretrain.py --config CONFIG --work DIR [--limit-minutes N] [--init DIR]

Run again to go on where the checkpoint stands (work/pretrain.pt); `--limit-minutes` ends this call, not the
run. Writes work/pretrained/. `--init`: weights to begin with, e.g. those brought back from a machine that is
gone.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from model import SALIENCE, ClauseScorerModel, MaskedTokenHead, TorchBatch, load_model, save_model, to_device
from pack import MASK, SPECIAL, Batch, BatchOptions, Pack, load_pack, plan
from settings import Settings, load_settings
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional
from training import (
    Progress,
    optimiser,
    precision,
    prefetched,
    prepare,
    read_checkpoint,
    set_dropout,
    set_rate,
    write_checkpoint,
)

CHECKPOINT_SECONDS = 60.0
LONGEST_STEP_SECONDS = 20.0
# Runs of 1 to 4 neighbouring tokens are hidden together: a piece of a name is too easy beside its rest.
LONGEST_RUN = 4
GRADIENT_NORM = 1.0


def hide_tokens(ids: Tensor, clause_of: Tensor, share: float, vocabulary: int) -> tuple[Tensor, Tensor]:
    """(masked ids, where): runs inside one clause, about `share` of the tokens; 80 % <mask>, 10 % a random
    piece, 10 % as they are (Devlin et al. 2019). Special tokens, titles' first token among them, are never
    hidden."""
    mean_run = (1 + LONGEST_RUN) / 2
    starts = torch.rand(ids.shape, device=ids.device) < share / mean_run
    length = torch.randint(1, LONGEST_RUN + 1, ids.shape, device=ids.device)
    hidden = starts.clone()
    for step in range(1, LONGEST_RUN):
        reached = starts[:, :-step] & (length[:, :-step] > step) & (clause_of[:, step:] == clause_of[:, :-step])
        hidden[:, step:] |= reached
    hidden &= ids >= SPECIAL
    fate = torch.rand(ids.shape, device=ids.device)
    random = torch.randint(SPECIAL, vocabulary, ids.shape, device=ids.device)
    masked = torch.where(hidden & (fate < 0.8), MASK, ids)
    return torch.where(hidden & (fate >= 0.9), random, masked), hidden


def salience_loss(logits: Tensor, batch: TorchBatch) -> Tensor:
    """Cross-entropy against the share that the headline repeats; every article weighs the same."""
    known = ~batch.salience.isnan()
    if not bool(known.any()):
        return logits.sum() * 0
    target, row = batch.salience[known], batch.row[known]
    loss = functional.binary_cross_entropy_with_logits(logits[known, SALIENCE], target, reduction="none")
    weight = torch.bincount(row, minlength=1).clamp(min=1)[row].float().rsqrt()
    return (loss * weight).sum() / weight.sum()


def losses(
    model: ClauseScorerModel, masked: MaskedTokenHead, batch: TorchBatch, settings: Settings
) -> tuple[Tensor, Tensor]:
    """Masking and salience loss, from one pass over the same hidden text."""
    table = model.encoder.get_input_embeddings().weight
    share = settings.pretrain.mask_share
    if not share:
        return table.new_zeros(()), salience_loss(model(batch), batch)
    ids, hidden = hide_tokens(batch.input_ids, batch.clause_of, share, len(table))
    states = model.encode(dataclasses.replace(batch, input_ids=ids))
    logits = masked(states[hidden], table)
    token_loss = functional.cross_entropy(logits.float(), batch.input_ids[hidden])
    return token_loss, salience_loss(model.head(states, batch), batch)


def stream(pack: Pack, settings: Settings, done: int, workers: int) -> Iterator[tuple[int, Batch]]:
    """(number, batch) for ever, epoch after epoch; skips the first `done`."""
    train = settings.pretrain
    used = pack.with_salience() if train.salience_only else np.arange(len(pack))
    sizes = np.minimum(pack.token_counts()[used], train.max_article_tokens)
    options = BatchOptions(settings.model.window_tokens, train.title_shown, train.max_article_tokens)
    number = epoch = 0
    while True:
        seed = settings.seed * 1000 + epoch
        planned = [used[b] for b in plan(sizes, train.batch_tokens, seed)]
        skip = min(max(0, done - number), len(planned))
        number += skip
        for batch in prefetched(pack, planned[skip:], options, seed * 7919 + skip, workers):
            yield number, batch
            number += 1
        epoch += 1


@dataclass(frozen=True)
class Begin:
    """Where a run without a checkpoint begins: new weights at 0, or `model` after `spent_minutes`."""

    model: ClauseScorerModel | None = None
    spent_minutes: float = 0.0


def begin_with(folder: Path | None, spent_minutes: float) -> Begin:
    """`folder`: of this script's own writing, or an export (fp16), as it comes back from a machine."""
    if folder is None:
        return Begin()
    if (folder / "head.json").exists():
        from export import load_exported

        return Begin(load_exported(folder)[0], spent_minutes)
    return Begin(load_model(folder), spent_minutes)


def new_model(settings: Settings, work: Path, vocabulary: int) -> ClauseScorerModel:
    """Fresh weights; token vectors from embeddings.py when it ran, at the size of the random ones."""
    model = ClauseScorerModel(vocabulary, settings.model)
    if (made := work / "embeddings.npy").exists():
        table = model.encoder.get_input_embeddings().weight
        with torch.no_grad():
            table.copy_(torch.from_numpy(np.load(made)) * table.std())
    return model


class Run:
    """One pre-training: model, optimiser, step and seconds spent, in a checkpoint that a later call goes on
    from."""

    def __init__(self, settings: Settings, work: Path, vocabulary: int, begin: Begin) -> None:
        self.settings, self.path = settings, work / "pretrain.pt"
        self.device = prepare(settings.seed)
        self.model = begin.model or new_model(settings, work, vocabulary)
        set_dropout(self.model, settings.pretrain.dropout)
        self.masked = MaskedTokenHead(self.model.encoder.get_input_embeddings().weight)
        self.model.to(self.device)
        self.masked.to(self.device)
        train = settings.pretrain
        self.adam = optimiser(
            [(self.model, train.learning_rate), (self.masked, train.learning_rate)], train.weight_decay
        )
        self.step, self.seconds = 0, 60 * begin.spent_minutes
        if (saved := read_checkpoint(self.path, self.device)) is not None:
            self.model.load_state_dict(saved["model"])
            self.masked.load_state_dict(saved["masked"])
            self.adam.load_state_dict(saved["adam"])
            self.step, self.seconds = saved["step"], saved["seconds"]
            torch.manual_seed(settings.seed + self.step)
            print(f"goes on at step {self.step}, {self.seconds:.0f} s spent")

    def save(self) -> None:
        state = {
            "model": self.model.state_dict(),
            "masked": self.masked.state_dict(),
            "adam": self.adam.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        write_checkpoint(self.path, state)

    @property
    def share(self) -> float:
        """Of the run that is done, 0–1."""
        train = self.settings.pretrain
        by_steps = self.step / train.max_steps if train.max_steps else 0.0
        return max(self.seconds / (60 * train.minutes), by_steps)

    def update(self, batch: Batch) -> tuple[Tensor, Tensor]:
        train = self.settings.pretrain
        set_rate(self.adam, self.share, train.warmup_share, train.decay_from)
        with precision(self.device):
            token, salience = losses(self.model, self.masked, to_device(batch, self.device), self.settings)
        loss = token + train.salience_weight * salience
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), GRADIENT_NORM)
        self.adam.step()
        self.step += 1
        return token.detach(), salience.detach()


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--limit-minutes", type=float, default=float("inf"))
    parser.add_argument("--limit-steps", type=int, default=0, help="ends this call as well; 0: no limit")
    parser.add_argument("--init", type=Path, default=None)
    parser.add_argument("--spent-minutes", type=float, default=0.0, help="that --init was trained already")
    parser.add_argument("--workers", type=int, default=0, help="processes that build batches; 8 beside a GPU")
    args = parser.parse_args(argv)
    settings = load_settings(args.config)
    pack = load_pack(args.work / "pack" / "corpus")
    vocabulary = Tokenizer.from_file(str(args.work / "tokenizer" / "tokenizer.json")).get_vocab_size()
    run = Run(settings, args.work, vocabulary, begin_with(args.init, args.spent_minutes))
    print(run.device, run.model.sizes(), f"{len(pack)} articles, {len(pack.tokens)} tokens", flush=True)
    progress, begun = Progress(), time.monotonic()
    started = last_saved = begun
    first_step = run.step
    for _, batch in stream(pack, settings, run.step, args.workers):
        spent = time.monotonic() - begun > 60 * args.limit_minutes
        if run.share >= 1 or spent or run.step - first_step == (args.limit_steps or -1):
            break
        token, salience = run.update(batch)
        now = time.monotonic()
        # A process that was suspended has not trained meanwhile: a trial ended so, its rate never lowered.
        run.seconds += min(now - started, LONGEST_STEP_SECONDS)
        started = now
        progress.add(int((batch.clause_of >= 0).sum()), masking=float(token), salience=float(salience))
        if progress.due:
            progress.line(run.step, run.share, run.seconds / max(run.share, 1e-6) - run.seconds)
        if now - last_saved > CHECKPOINT_SECONDS:
            run.save()
            last_saved = now
    run.save()
    progress.line(run.step, run.share, 0.0)
    save_model(args.work / "pretrained", run.model)
    if run.share >= 1:
        # What gpu_run.sh looks for.
        (args.work / "pretraining_finished").touch()
    ended = "finished" if run.share >= 1 else f"stopped at {100 * run.share:.0f} %: run again to go on"
    print(ended, flush=True)


if __name__ == "__main__":
    main()

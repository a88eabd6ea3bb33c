"""What pre-training and fine-tuning share: device, schedule, optimiser, checkpoints, progress lines."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pack import Batch, BatchOptions, Pack, build_batch
from torch import nn

# On the CPU. The machines that train there are shared; a GPU run does not use it.
THREADS = int(os.environ.get("BRIEFING_TRAIN_THREADS", "1"))


def pick_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def precision(device: torch.device) -> contextlib.AbstractContextManager[Any]:
    """bf16 on a GPU, and on a CPU that multiplies it natively (a step of `cpu.toml` took 20 % less there); fp32
    on other CPUs."""
    if device.type == "cuda" or torch.cpu.get_capabilities().get("avx512_bf16"):
        return torch.autocast(device.type, dtype=torch.bfloat16)
    return contextlib.nullcontext()


def set_dropout(model: nn.Module, share: float) -> None:
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = share
        elif isinstance(module, nn.MultiheadAttention):
            module.dropout = share


def prepare(seed: int) -> torch.device:
    """Seeds, threads, and the device to train on."""
    torch.manual_seed(seed)
    torch.set_num_threads(THREADS)
    torch.set_float32_matmul_precision("high")
    return pick_device()


def optimiser(groups: list[tuple[nn.Module, float]], weight_decay: float) -> torch.optim.AdamW:
    """AdamW; (module, learning rate) groups; biases, norms and embedding tables are not decayed."""
    made: list[dict[str, Any]] = []
    for module, rate in groups:
        parameters = [p for p in module.parameters() if p.requires_grad]
        tables = {id(m.weight) for m in module.modules() if isinstance(m, nn.Embedding)}
        decayed = [p for p in parameters if p.dim() > 1 and id(p) not in tables]
        plain = [p for p in parameters if p.dim() <= 1 or id(p) in tables]
        made += [
            {"params": decayed, "lr": rate, "peak": rate, "weight_decay": weight_decay},
            {"params": plain, "lr": rate, "peak": rate, "weight_decay": 0.0},
        ]
    return torch.optim.AdamW(made, betas=(0.9, 0.98), eps=1e-8)


def set_rate(adam: torch.optim.Optimizer, progress: float, warmup: float, decay_from: float) -> None:
    """Trapezoid: up to the peak until `warmup`, level, then straight down to 0. All are shares of the run,
    0–1."""
    if progress < warmup:
        share = max(progress / warmup, 0.02)
    else:
        share = min(1.0, max(0.0, (1 - progress) / (1 - decay_from)))
    for group in adam.param_groups:
        group["lr"] = group["peak"] * share


def write_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """A run that is killed while it writes keeps the checkpoint before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    torch.save(state, draft)
    os.replace(draft, path)


def read_checkpoint(path: Path, device: torch.device) -> dict[str, Any] | None:
    return torch.load(path, weights_only=True, map_location=device) if path.exists() else None


class _Planned(torch.utils.data.Dataset[Batch]):
    def __init__(self, pack: Pack, plan: list[np.ndarray], options: BatchOptions, seed: int) -> None:
        self.pack, self.plan, self.options, self.seed = pack, plan, options, seed

    def __len__(self) -> int:
        return len(self.plan)

    def __getitem__(self, number: int) -> Batch:
        return build_batch(
            self.pack, self.plan[number], self.options, np.random.default_rng([self.seed, number])
        )


def _same(batch: Batch) -> Batch:
    return batch


def prefetched(
    pack: Pack, plan: list[np.ndarray], options: BatchOptions, seed: int, workers: int
) -> Iterator[Batch]:
    """Batches of `plan` in order, built by `workers` processes ahead of time (0: here)."""
    more: dict[str, Any] = {"prefetch_factor": 4} if workers else {}
    loader = torch.utils.data.DataLoader(
        _Planned(pack, plan, options, seed), batch_size=None, num_workers=workers, collate_fn=_same, **more
    )
    yield from loader


@dataclass
class Progress:
    """Prints a line every `every` seconds: share done, means since the last line, tokens/s, minutes left."""

    every: float = 20.0
    _sums: dict[str, float] = field(default_factory=dict)
    _steps: int = 0
    _tokens: int = 0
    _last: float = field(default_factory=time.monotonic)

    def add(self, tokens: int, **values: float) -> None:
        self._steps += 1
        self._tokens += tokens
        for name, value in values.items():
            self._sums[name] = self._sums.get(name, 0.0) + value

    @property
    def due(self) -> bool:
        return time.monotonic() - self._last >= self.every

    def line(self, step: int, share: float, seconds_left: float) -> None:
        elapsed = max(1e-6, time.monotonic() - self._last)
        means = "  ".join(f"{name} {value / max(1, self._steps):.4f}" for name, value in self._sums.items())
        rate = self._tokens / elapsed
        done = f"step {step:6d}  {100 * share:5.1f} %"
        print(f"{done}  {means}  {rate:,.0f} tokens/s  {seconds_left / 60:.1f} min left", flush=True)
        self._sums, self._steps, self._tokens, self._last = {}, 0, 0, time.monotonic()

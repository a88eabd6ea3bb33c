"""One run's settings: a small TOML file -> frozen dataclasses. Unknown keys are errors, so is a missing
table."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class CorpusSettings:
    """What is taken of the sources (corpus.sources), in characters."""

    max_chars: int = 120_000_000
    # Laws are formulaic (shared/data/README.md): never more than this share of the corpus.
    max_law_share: float = 0.1
    max_filler_chars: int = 40_000_000
    max_article_chars: int = 20_000
    # Of the articles, drawn by hash: a trial needs less, from every source.
    keep_share: float = 1.0
    # Only texts that have a headline: all that headline salience can use.
    headlines_only: bool = False


@dataclass(frozen=True, slots=True)
class TokenizerSettings:
    vocab_size: int = 12_000
    # Clauses that the vocabulary is learned from, drawn evenly over the corpus.
    sample_clauses: int = 250_000
    character_coverage: float = 0.9997


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """`encoder`: "modernbert" (transformers.ModernBertModel: pre-norm, rotary positions, local and global
    attention) or "convolution" (two convolutions: what two CPU cores can train)."""

    encoder: str = "modernbert"
    hidden: int = 384
    layers: int = 10
    heads: int = 6
    intermediate: int = 768
    local_attention: int = 128
    window_tokens: int = 512
    article_hidden: int = 384
    article_layers: int = 3
    article_heads: int = 6
    dropout: float = 0.1


@dataclass(frozen=True, slots=True)
class PretrainSettings:
    """`minutes`: of training, over all restarts; the learning rate falls to 0 at their end. `max_steps`: an
    earlier end, 0 for none. `mask_share` 0 turns masking off. `salience_only`: articles with a headline."""

    minutes: float = 20.0
    max_steps: int = 0
    batch_tokens: int = 131_072
    max_article_tokens: int = 1_536
    learning_rate: float = 8e-4
    warmup_share: float = 0.06
    decay_from: float = 0.5
    weight_decay: float = 0.05
    mask_share: float = 0.25
    salience_weight: float = 1.0
    salience_only: bool = False
    title_shown: float = 0.4
    # Less than the model's own: nothing is seen often enough here to be learned by heart.
    dropout: float = 0.1


@dataclass(frozen=True, slots=True)
class FinetuneSettings:
    """`seeds`: that many runs from the same weights, averaged into one (they stay in one basin);
    `holdout_share` of gold/train decides when to stop and whether an average is better."""

    epochs: int = 6
    seeds: int = 3
    batch_tokens: int = 8_192
    learning_rate: float = 3e-4
    encoder_learning_rate: float = 1e-4
    weight_decay: float = 0.05
    gain_weight: float = 0.3
    title_shown: float = 0.6
    holdout_share: float = 0.15
    patience: int = 2
    # stack.py: the encoder rests, so a batch is counted in clauses.
    batch_clauses: int = 1_024
    facts_weight: float = 0.3
    dropout: float = 0.2


@dataclass(frozen=True, slots=True)
class Settings:
    name: str
    seed: int
    corpus: CorpusSettings
    tokenizer: TokenizerSettings
    model: ModelSettings
    pretrain: PretrainSettings
    finetune: FinetuneSettings


_TABLES = {
    "corpus": CorpusSettings,
    "tokenizer": TokenizerSettings,
    "model": ModelSettings,
    "pretrain": PretrainSettings,
    "finetune": FinetuneSettings,
}


def load_settings(path: Path) -> Settings:
    """Raises SystemExit naming file, key and the keys that are allowed."""
    raw: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    _refuse_unknown(path, "", raw, {"name", "seed", *_TABLES})
    tables: dict[str, Any] = {}
    for name, table in _TABLES.items():
        values = raw.get(name, {})
        _refuse_unknown(path, name, values, {f.name for f in dataclasses.fields(table)})
        tables[name] = table(**values)
    return Settings(name=raw["name"], seed=raw.get("seed", 1), **tables)


def _refuse_unknown(path: Path, table: str, found: dict[str, Any], allowed: set[str]) -> None:
    if unknown := sorted(set(found) - allowed):
        raise SystemExit(f"{path.name} [{table}]: unknown keys {unknown}; allowed: {sorted(allowed)}")

"""The clause scorer: a pre-norm token encoder, clause vectors pooled from it, a transformer over all clauses.

Letters in shape comments: W windows, T tokens, D hidden, K clauses of the batch (titles among them), B
articles, M most clauses of an article, E article_hidden. The encoder is a plain transformers model (AutoModel
loads it); what it does not know (places, pooling, the article) is in `ClauseHead`, saved beside it.
"""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from pack import LIGHT_COLUMNS, PAD, PLACE_SIZES, Batch
from settings import ModelSettings
from torch import Tensor, nn
from torch.nn import functional

# Outputs of the head, logits all: headline salience (pre-training), repeated share (the shipped scorer's
# scale), ROUGE gain (ranks the clauses of one article).
SALIENCE, SHARE, GAIN = range(3)
OUTPUTS = 3


@dataclass(frozen=True)
class TorchBatch:
    """`Batch` on the device; the same shapes."""

    input_ids: Tensor
    clause_of: Tensor
    place: Tensor
    light: Tensor
    row: Tensor
    column: Tensor
    salience: Tensor
    labels: Tensor


def to_device(batch: Batch, device: torch.device) -> TorchBatch:
    arrays = {f.name: torch.from_numpy(getattr(batch, f.name)) for f in dataclasses.fields(batch)}
    if device.type == "cuda":
        arrays = {name: a.pin_memory() for name, a in arrays.items()}
    return TorchBatch(**{name: a.to(device, non_blocking=True) for name, a in arrays.items()})


class ConvolutionEncoder(nn.Module):
    """Two residual convolutions of width 3 over token embeddings: a token sees two neighbours on each side."""

    def __init__(self, vocab_size: int, settings: ModelSettings) -> None:
        super().__init__()
        self.config = SimpleNamespace(vocab_size=vocab_size, hidden_size=settings.hidden)
        self.embeddings = nn.Embedding(vocab_size, settings.hidden, padding_idx=PAD)
        nn.init.normal_(self.embeddings.weight, std=0.05)
        self.norms = nn.ModuleList(nn.LayerNorm(settings.hidden) for _ in range(2))
        self.layers = nn.ModuleList(nn.Conv1d(settings.hidden, settings.hidden, 3, padding=1) for _ in range(2))
        self.drop = nn.Dropout(settings.dropout)

    def get_input_embeddings(self) -> nn.Embedding:
        return self.embeddings

    def forward(self, inputs_embeds: Tensor, attention_mask: Tensor) -> SimpleNamespace:
        states = self.drop(inputs_embeds)  # (W, T, D)
        for norm, layer in zip(self.norms, self.layers, strict=True):
            inner = norm(states) * attention_mask.unsqueeze(-1)
            states = states + functional.gelu(layer(inner.transpose(1, 2)).transpose(1, 2))
        return SimpleNamespace(last_hidden_state=states)


def make_encoder(vocab_size: int, settings: ModelSettings) -> nn.Module:
    if settings.encoder == "convolution":
        return ConvolutionEncoder(vocab_size, settings)
    if settings.encoder != "modernbert":
        raise SystemExit(f"no encoder {settings.encoder!r}; choose modernbert or convolution")
    from transformers import ModernBertConfig, ModernBertModel

    config = ModernBertConfig(
        vocab_size=vocab_size,
        hidden_size=settings.hidden,
        intermediate_size=settings.intermediate,
        num_hidden_layers=settings.layers,
        num_attention_heads=settings.heads,
        max_position_embeddings=max(1024, settings.window_tokens),
        local_attention=settings.local_attention,
        global_attn_every_n_layers=3,
        pad_token_id=PAD,
        bos_token_id=None,
        eos_token_id=None,
        cls_token_id=None,
        sep_token_id=None,
        embedding_dropout=settings.dropout,
        mlp_dropout=settings.dropout,
        attn_implementation="sdpa",
    )
    return ModernBertModel(config)


class ClauseHead(nn.Module):
    """Token states -> three logits a clause, shape (K, 3)."""

    def __init__(self, settings: ModelSettings) -> None:
        super().__init__()
        hidden, width = settings.hidden, settings.article_hidden
        self.roles = nn.ModuleList(nn.Embedding(size, hidden) for size in PLACE_SIZES[:3])
        self.places = nn.ModuleList(nn.Embedding(size, width) for size in PLACE_SIZES)
        for table in (*self.roles, *self.places):
            nn.init.normal_(table.weight, std=0.02)
        # Mean and maximum of the tokens, light features, share of the article that lies before.
        self.inward = nn.Sequential(
            nn.LayerNorm(2 * hidden), nn.Dropout(settings.dropout), nn.Linear(2 * hidden, width)
        )
        self.light = nn.Sequential(nn.Linear(LIGHT_COLUMNS + 2, width), nn.GELU(), nn.Linear(width, width))
        layer = nn.TransformerEncoderLayer(
            width,
            settings.article_heads,
            3 * width,
            settings.dropout,
            activation="gelu",
            batch_first=True,
            norm_first=True,
        )
        self.article = nn.TransformerEncoder(layer, settings.article_layers, enable_nested_tensor=False)
        self.out = nn.Sequential(nn.LayerNorm(width), nn.Dropout(settings.dropout), nn.Linear(width, OUTPUTS))

    def token_roles(self, batch: TorchBatch) -> Tensor:
        """(W, T, D): which paragraph, sentence of it and clause of that a token stands in."""
        owner = batch.clause_of.clamp(min=0)
        added: Tensor = sum(table(batch.place[:, c]) for c, table in enumerate(self.roles))  # (K, D)
        return added[owner]

    def forward(self, states: Tensor, batch: TorchBatch) -> Tensor:
        return self.score(pool(states, batch.clause_of, len(batch.place)), batch)

    def score(self, vectors: Tensor, batch: TorchBatch, more: Tensor | None = None) -> Tensor:
        """Logits (K, OUTPUTS) from pooled clause vectors (K, 2 D); `more` (K, E) is added to them inside."""
        clauses = self.inward(vectors)  # (K, E)
        sizes = torch.bincount(batch.row)  # (B,)
        share = batch.column / sizes[batch.row]
        # Long articles differ from short ones in what a clause's share means.
        length = torch.log2(sizes[batch.row].float()) / 10
        extra = torch.cat([batch.light, share.unsqueeze(1), length.unsqueeze(1)], 1)  # (K, LIGHT_COLUMNS + 2)
        clauses = clauses + self.light(extra)
        clauses = clauses + sum(table(batch.place[:, c]) for c, table in enumerate(self.places))
        clauses = clauses + sinusoids(batch.column, clauses.shape[1]).to(clauses.dtype)
        if more is not None:
            clauses = clauses + more
        grid = clauses.new_zeros(len(sizes), int(sizes.max()), clauses.shape[1])  # (B, M, E)
        grid[batch.row, batch.column] = clauses
        padding = torch.arange(grid.shape[1], device=grid.device)[None, :] >= sizes[:, None]  # (B, M)
        grid = self.article(grid, src_key_padding_mask=padding)
        return self.last(grid[batch.row, batch.column], more)

    def begin_outputs(self) -> None:
        """Each output begins with what pre-training knows of headlines."""
        last = self.out[-1]
        assert isinstance(last, nn.Linear)
        with torch.no_grad():
            for output in (SHARE, GAIN):
                last.weight[output] = last.weight[SALIENCE]
                last.bias[output] = last.bias[SALIENCE]

    def last(self, states: Tensor, more: Tensor | None) -> Tensor:
        del more
        return self.out(states).float()


class StackHead(ClauseHead):
    """A ClauseHead that also reads F features of each clause (what the trees know), before the article
    transformer and again after it."""

    def __init__(self, settings: ModelSettings, features: int) -> None:
        super().__init__(settings)
        width = settings.article_hidden
        self.features = nn.Sequential(
            nn.Dropout(settings.dropout),
            nn.Linear(features, 128),
            nn.GELU(),
            nn.Dropout(settings.dropout),
            nn.Linear(128, width),
        )
        self.again = nn.Linear(width, OUTPUTS, bias=False)
        nn.init.zeros_(self.again.weight)

    def begin_with(self, other: ClauseHead) -> None:
        """The pre-trained weights; each output begins with what is known of headlines."""
        self.load_state_dict(other.state_dict(), strict=False)
        self.begin_outputs()

    def forward(self, vectors: Tensor, batch: TorchBatch, features: Tensor) -> Tensor:  # type: ignore[override]
        """Logits (K, 3): share, gain, facts."""
        return self.score(vectors, batch, self.features(features))

    def last(self, states: Tensor, more: Tensor | None) -> Tensor:
        return (self.out(states) + self.again(more)).float()


def pool(states: Tensor, clause_of: Tensor, clauses: int) -> Tensor:
    """Mean and maximum of each clause's tokens: (W, T, D) -> (K, 2 D). A clause may lie in several windows."""
    kept = clause_of >= 0
    owner = clause_of[kept]  # (N,)
    tokens = states[kept].float()  # (N, D)
    total = tokens.new_zeros(clauses, tokens.shape[1]).index_add_(0, owner, tokens)
    count = torch.bincount(owner, minlength=clauses).clamp(min=1).unsqueeze(1)
    index = owner.unsqueeze(1).expand_as(tokens)
    highest = tokens.new_zeros(clauses, tokens.shape[1])
    highest = highest.scatter_reduce(0, index, tokens, "amax", include_self=False)
    return torch.cat([total / count, highest], 1)


def sinusoids(position: Tensor, width: int) -> Tensor:
    """(K,) -> (K, width), Vaswani et al. 2017, scaled to the size of the learned tables' start."""
    rates = torch.exp(torch.arange(0, width, 2, device=position.device) * (-math.log(10_000.0) / width))
    angles = position.unsqueeze(1).float() * rates
    return 0.1 * torch.cat([angles.sin(), angles.cos()], 1)[:, :width]


class ClauseScorerModel(nn.Module):
    def __init__(self, vocab_size: int, settings: ModelSettings) -> None:
        super().__init__()
        self.settings = settings
        self.encoder = make_encoder(vocab_size, settings)
        self.head = ClauseHead(settings)

    def encode(self, batch: TorchBatch) -> Tensor:
        """(W, T, D). The encoder's own input: token embeddings plus token roles."""
        embedded = self.encoder.get_input_embeddings()(batch.input_ids) + self.head.token_roles(batch)
        mask = (batch.clause_of >= 0).long()
        return self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state

    def forward(self, batch: TorchBatch) -> Tensor:
        """Logits (K, 3)."""
        return self.head(self.encode(batch), batch)

    def sizes(self) -> dict[str, int]:
        """Parameters by part."""
        embedding = self.encoder.get_input_embeddings().weight.numel()
        encoder = sum(p.numel() for p in self.encoder.parameters()) - embedding
        return {
            "embeddings": embedding,
            "encoder": encoder,
            "head": sum(p.numel() for p in self.head.parameters()),
        }


class MaskedTokenHead(nn.Module):
    """Hidden tokens from their states; the output table is the embedding table. Thrown away after
    pre-training."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        hidden = table.shape[1]
        self.inner = nn.Sequential(nn.Linear(hidden, hidden), nn.GELU(), nn.LayerNorm(hidden))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, states: Tensor, table: Tensor) -> Tensor:
        """(N, D) -> (N, vocabulary)."""
        return functional.linear(self.inner(states), table, self.bias)


def save_model(folder: Path, model: ClauseScorerModel, state: dict[str, Tensor] | None = None) -> None:
    """fp32 weights and settings for the next act; what ships is written by export.py."""
    folder.mkdir(parents=True, exist_ok=True)
    vocab_size = model.encoder.get_input_embeddings().weight.shape[0]
    described = {"vocab_size": vocab_size, "settings": dataclasses.asdict(model.settings)}
    (folder / "model.json").write_text(json.dumps(described, indent=1), "utf-8")
    torch.save(state or model.state_dict(), folder / "model.pt")


def load_model(folder: Path) -> ClauseScorerModel:
    described: dict[str, Any] = json.loads((folder / "model.json").read_text("utf-8"))
    model = ClauseScorerModel(described["vocab_size"], ModelSettings(**described["settings"]))
    model.load_state_dict(torch.load(folder / "model.pt", weights_only=True, map_location="cpu"))
    return model

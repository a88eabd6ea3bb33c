"""The clause net as a model of transformers: `AutoModel.from_pretrained("models/clauses")` after this import.

Needs the extra `neural`: importing it without torch raises ResourceError. Nothing is fetched and no code of the
folder is run: the classes are these. Shapes as in `neural_net`; W windows, T tokens of the longest of them, B
articles, M clauses of the longest of them.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np

from briefing import inference
from briefing.summarise.neural_inputs import LIGHT_COLUMNS, PLACE_SIZES, ClauseBatch, Floats

transformers: Any = inference.need_transformers()
torch: Any = inference.need_torch()
nn: Any = torch.nn
OUTPUTS = 3


class ClauseConfig(transformers.PreTrainedConfig):  # type: ignore[misc]
    """config.json as it ships; what it says beside these stays an attribute too."""

    model_type = "briefing-clauses"

    vocab_size: int = 12000
    hidden: int = 192
    article_hidden: int = 256
    article_heads: int = 4
    article_layers: int = 3
    # Of each net: `heads` (seeds), `reads_features`, `weight` among the nets.
    nets: tuple[dict[str, Any], ...] | list[dict[str, Any]] = ()
    features: tuple[str, ...] | list[str] = ()
    title_id: int = 3
    unknown_id: int = 1
    special: int = 4
    max_title_tokens: int = 48
    window_tokens: int = 512
    weight: float = 0.5
    revision: str = ""
    parameters: int = 0


class Encoder(nn.Module):  # type: ignore[misc]
    """Token embeddings and two residual convolutions of width 3."""

    def __init__(self, config: ClauseConfig) -> None:
        super().__init__()
        self.embeddings = nn.Embedding(config.vocab_size, config.hidden)
        self.norms = nn.ModuleList(nn.LayerNorm(config.hidden) for _ in range(2))
        self.layers = nn.ModuleList(nn.Conv1d(config.hidden, config.hidden, 3, padding=1) for _ in range(2))

    def forward(self, ids: Any, added: Any, mask: Any) -> Any:
        """(W, T, D)."""
        states = self.embeddings(ids) + added
        for norm, layer in zip(self.norms, self.layers, strict=True):
            inner = norm(states) * mask.unsqueeze(-1)
            states = states + nn.functional.gelu(layer(inner.transpose(1, 2)).transpose(1, 2))
        return states


class Head(nn.Module):  # type: ignore[misc]
    """Clause vectors, their features and their article -> three logits a clause. Numbered as trained: the
    places that are empty here were dropout."""

    def __init__(self, config: ClauseConfig, *, reads_features: bool) -> None:
        super().__init__()
        self.reads_features = reads_features
        width, hidden = config.article_hidden, config.hidden
        self.places = nn.ModuleList(nn.Embedding(size, width) for size in PLACE_SIZES)
        self.inward = _named({"0": nn.LayerNorm(2 * hidden), "2": nn.Linear(2 * hidden, width)})
        self.light = nn.Sequential(nn.Linear(LIGHT_COLUMNS + 2, width), nn.GELU(), nn.Linear(width, width))
        if reads_features:
            self.features = _named(
                {"1": nn.Linear(len(config.features), 128), "2": nn.GELU(), "4": nn.Linear(128, width)}
            )
            self.again = nn.Linear(width, OUTPUTS, bias=False)
        layer = nn.TransformerEncoderLayer(
            width,
            config.article_heads,
            3 * width,
            0.0,
            activation="gelu",
            batch_first=True,
            norm_first=True,
        )
        self.article = nn.TransformerEncoder(layer, config.article_layers, enable_nested_tensor=False)
        self.out = _named({"0": nn.LayerNorm(width), "2": nn.Linear(width, OUTPUTS)})

    def forward(self, vectors: Any, inputs: dict[str, Any]) -> Any:
        """(K, 3)."""
        sizes, row, column = inputs["sizes"], inputs["row"], inputs["column"]
        more = self.features(inputs["features"]) if self.reads_features else None
        many = sizes[row]
        extra = torch.cat(
            [inputs["light"], (column / many)[:, None], (torch.log2(many.float()) / 10)[:, None]], 1
        )
        clauses = self.inward(vectors) + self.light(extra)
        clauses = clauses + sinusoids(column, clauses.shape[1])
        if more is not None:
            clauses = clauses + more
        for number, table in enumerate(self.places):
            clauses = clauses + table(inputs["place"][:, number])
        grid = clauses.new_zeros(len(sizes), int(sizes.max()), clauses.shape[1])  # (B, M, E)
        grid[row, column] = clauses
        padding = torch.arange(grid.shape[1], device=grid.device)[None, :] >= sizes[:, None]
        grid = self.article(grid, src_key_padding_mask=padding)
        logits = self.out(grid[row, column])
        return logits if more is None else logits + self.again(more)


class Net(nn.Module):  # type: ignore[misc]
    """One encoder and the heads that were trained on it: (K, 3) probabilities, mean over the heads."""

    def __init__(self, config: ClauseConfig, described: dict[str, Any]) -> None:
        super().__init__()
        self.encoder = Encoder(config)
        self.roles = nn.ModuleList(nn.Embedding(size, config.hidden) for size in PLACE_SIZES[:3])
        self.heads = int(described["heads"])
        for number in range(self.heads):
            head = Head(config, reads_features=bool(described["reads_features"]))
            self.add_module(f"head{number}", head)

    def forward(self, inputs: dict[str, Any]) -> Any:
        owner = inputs["clause_of"]
        roles = sum(table(inputs["place"][:, c]) for c, table in enumerate(self.roles))  # (K, D)
        mask = owner >= 0
        states = self.encoder(inputs["input_ids"], roles[owner.clamp(min=0)], mask)
        vectors = pooled(states[mask], owner[mask], len(inputs["place"]))
        logits = [getattr(self, f"head{n}")(vectors, inputs) for n in range(self.heads)]
        return torch.stack([torch.sigmoid(each.double()) for each in logits]).mean(0)


class Scale(nn.Module):  # type: ignore[misc]
    """What the clause features are standardised with before the model reads them."""

    def __init__(self, config: ClauseConfig) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(len(config.features)))
        self.register_buffer("deviation", torch.ones(len(config.features)))


class ClauseModel(transformers.PreTrainedModel):  # type: ignore[misc]
    """(K, 3) probabilities of share, gain and fact for the clauses of some articles, mean over the nets."""

    config_class = ClauseConfig
    base_model_prefix = "clauses"

    def __init__(self, config: ClauseConfig) -> None:
        super().__init__(config)
        for number, described in enumerate(config.nets):
            self.add_module(f"net{number}", Net(config, described))
        self.scale = Scale(config)
        self.post_init()

    def get_input_embeddings(self) -> Any:
        return self.net0.encoder.embeddings

    def forward(self, **inputs: Any) -> Any:
        """`input_ids`, `clause_of` (W, T; -1 where padded); `place` (K, 5), `light` (K, 8), `features` (K, F);
        `sizes` (B,), `row`, `column` (K,): article of each clause and place in it."""
        total = sum(
            float(described["weight"]) * getattr(self, f"net{number}")(inputs)
            for number, described in enumerate(self.config.nets)
        )
        return total / sum(float(described["weight"]) for described in self.config.nets)


def _named(modules: dict[str, Any]) -> Any:
    return nn.Sequential(OrderedDict(modules))


def pooled(states: Any, owner: Any, clauses: int) -> Any:
    """Mean and maximum of each clause's tokens, (K, 2 D); 0 for a clause without tokens."""
    total = states.new_zeros(clauses, states.shape[1]).index_add_(0, owner, states)
    count = torch.bincount(owner, minlength=clauses).clamp(min=1).unsqueeze(1)
    highest = states.new_zeros(clauses, states.shape[1])
    index = owner.unsqueeze(1).expand_as(states)
    highest = highest.scatter_reduce(0, index, states, "amax", include_self=False)
    return torch.cat([total / count, highest], 1)


def sinusoids(position: Any, width: int) -> Any:
    """(K, width), Vaswani et al. 2017, scaled to the size of the learned tables' start."""
    rates = torch.exp(torch.arange(0, width, 2, device=position.device) * (-np.log(10_000.0) / width))
    angles = position.unsqueeze(1).float() * rates
    return 0.1 * torch.cat([angles.sin(), angles.cos()], 1)[:, :width]


def model_inputs(batch: ClauseBatch, device: Any) -> dict[str, Any]:
    """`batch` as the arguments of `ClauseModel.forward`."""
    ids, _ = inference.pad([w.tolist() for w in batch.windows], 0)
    owners, _ = inference.pad([o.tolist() for o in batch.owners], -1)
    arrays = {
        "input_ids": np.array(ids),
        "clause_of": np.array(owners),
        "place": batch.place,
        "light": batch.light,
        "features": batch.features,
        "sizes": batch.sizes,
        "row": np.repeat(np.arange(len(batch.sizes)), batch.sizes),
        "column": batch.positions(),
    }
    return {name: torch.from_numpy(a).to(device) for name, a in arrays.items()}


class TorchForward:
    """A `Forward` of `briefing.summarise.neural`."""

    def __init__(self, model: ClauseModel) -> None:
        self.model = model

    def __call__(self, batch: ClauseBatch) -> Floats:
        with torch.inference_mode():
            found = self.model(**model_inputs(batch, self.model.device))
        return np.asarray(found.cpu().numpy(), np.float64)


def load_clause_model(folder: Path, device: str = "cpu") -> ClauseModel:
    """The model of `folder` in fp32 on `device`. Raises ResourceError."""
    model: ClauseModel = inference.load_pretrained("AutoModel", folder, dtype=torch.float32).eval()
    model.to(device)
    return model


transformers.AutoConfig.register(ClauseConfig.model_type, ClauseConfig)
transformers.AutoModel.register(ClauseConfig, ClauseModel)

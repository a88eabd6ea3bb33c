"""Act 6b: what ships of the CPU route — models/clauses: fp16 safetensors, config.json, tokenizer.json.

    python models/training/neural/export_clauses.py --config CONFIG --work DIR --out FOLDER [--pretrained DIR]
        [--tuned DIR]

First the net that reads the trees' features (stack.py: one encoder, several heads), then those that read the
text alone (tune.py: an encoder each); what shares a kind shares the kind's weight. The product reads it with
numpy alone (briefing/summarise/neural_net.py); this script reloads it so and compares clause values with the
torch models that were trained.
"""

from __future__ import annotations

import argparse
import copy
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from corpus import PackBuilder, article
from library_form import describe_for_transformers
from model import ClauseHead, ClauseScorerModel, StackHead, TorchBatch, load_model, pool, to_device
from pack import MAX_TITLE_TOKENS, SPECIAL, TITLE, UNK, BatchOptions, build_batch
from safetensors.torch import save_file
from settings import load_settings
from stack import SHARE, standardised
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from briefing.summarise.features import Reading, read_words
from briefing.summarise.neural import ClauseNet, load_net
from briefing.summarise.scoring import SECOND_FEATURES, load_tables
from briefing.summarise.units import read_document
from briefing.words import load_lexicon

MAX_SHARD_BYTES = 14_000_000
# fp16 keeps 11 bits.
MAX_DIFFERENCE = 0.01
CHECK_TITLE = "全市开展秋冬季安全检查"
CHECK_TEXT = (
    "11月3日，市应急管理局召开会议，部署秋冬季安全检查。会议指出，检查从11月10日开始，到12月31日结束，覆盖全市1260家企业。\n"
    "市应急管理局局长王明表示，将对发现的问题逐一登记，限期整改；对拒不整改的，依法处罚。上半年，全市共查出隐患3.2万处，已整改98.5%。"
)


def load_heads(work: Path, model: ClauseScorerModel, features: int) -> list[ClauseHead]:
    heads: list[ClauseHead] = []
    for path in sorted((work / "stack" / "final").glob("head_*.pt")):
        head = StackHead(model.settings, features)
        head.load_state_dict(torch.load(path, weights_only=True))
        heads.append(head.eval())
    return heads


@dataclass(frozen=True)
class Trained:
    """One encoder, the heads on it, and its weight among the nets."""

    model: ClauseScorerModel
    heads: list[ClauseHead]
    weight: float

    @property
    def reads_features(self) -> bool:
        return isinstance(self.heads[0], StackHead)

    def values(self, batch: TorchBatch, features: torch.Tensor) -> torch.Tensor:
        """Shares (K,), mean of the heads."""
        vectors = pool(self.model.encode(batch), batch.clause_of, len(batch.place))
        logits = [
            h(vectors, batch, features) if isinstance(h, StackHead) else h.score(vectors, batch)
            for h in self.heads
        ]
        return torch.stack([torch.sigmoid(each)[:, SHARE] for each in logits]).mean(0)


def load_tuned(folder: Path, like: ClauseScorerModel, weight: float) -> list[Trained]:
    """Every net_*.pt of `folder`; they share `weight`."""
    paths = sorted(folder.glob("net_*.pt"))
    found = []
    for path in paths:
        model = copy.deepcopy(like)
        model.load_state_dict(torch.load(path, weights_only=True))
        found.append(Trained(model.eval(), [model.head], weight / len(paths)))
    return found


def tensors(nets: Sequence[Trained], scale: Path) -> dict[str, torch.Tensor]:
    found = {}
    for number, net in enumerate(nets):
        mine = {f"encoder.{k}": v for k, v in net.model.encoder.state_dict().items()}
        mine |= {k: v for k, v in net.model.head.state_dict().items() if k.startswith("roles.")}
        for place, head in enumerate(net.heads):
            weights = head.state_dict().items()
            mine |= {f"head{place}.{k}": v for k, v in weights if not k.startswith("roles.")}
        found |= {f"net{number}.{k}": v.half().contiguous() for k, v in mine.items()}
    saved = np.load(scale)
    # Not fp16: character counts of long articles are beyond its range.
    return found | {f"scale.{k}": torch.from_numpy(saved[k].astype(np.float32)) for k in ("mean", "deviation")}


def write_shards(found: dict[str, torch.Tensor], out: Path) -> None:
    shards: list[dict[str, torch.Tensor]] = [{}]
    filled = 0
    for name, value in found.items():
        size = value.numel() * value.element_size()
        if filled + size > MAX_SHARD_BYTES:
            shards.append({})
            filled = 0
        shards[-1][name] = value
        filled += size
    for number, shard in enumerate(shards, 1):
        save_file(shard, out / f"model-{number:05d}-of-{len(shards):05d}.safetensors")


@torch.inference_mode()
def difference(nets: Sequence[Trained], tokenizer: Tokenizer, net: ClauseNet) -> float:
    """Largest difference of a clause value between torch in fp32 and numpy on the exported fp16 weights."""
    document = read_document(article(CHECK_TITLE, CHECK_TEXT))
    reading: Reading = read_words(document, load_lexicon(), load_tables())
    rows = np.random.default_rng(1).normal(net.mean, net.deviation, (len(document.units), len(net.mean)))
    builder = PackBuilder(tokenizer)
    builder.add(document)
    options = BatchOptions(nets[0].model.settings.window_tokens, 1.0)
    made = build_batch(builder.finish(), np.arange(1), options, np.random.default_rng(0))
    batch = to_device(made, torch.device("cpu"))
    features = torch.zeros(len(batch.place), len(net.mean))
    features[1:] = torch.from_numpy(standardised(rows, net.mean, net.deviation))
    total = sum(n.weight for n in nets)
    wanted = sum(n.weight / total * n.values(batch, features).numpy()[1:] for n in nets)
    return float(np.abs(net.values(reading, rows)[0] - wanted).max())


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--pretrained", type=Path, default=None)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tuned", type=Path, default=None, help="folder of tune.py's nets")
    parser.add_argument("--weight", type=float, default=0.75, help="of the nets in their mean with the trees")
    parser.add_argument(
        "--text-weight", type=float, default=2.0, help="of tune.py's nets, the stacked net's is 1"
    )
    parser.add_argument("--revision", default="1")
    args = parser.parse_args(argv)
    settings = load_settings(args.config)
    model = load_model(args.pretrained or args.work / "pretrained").eval()
    scale = args.work / "stack" / "final" / "scale.npz"
    nets = [Trained(model, load_heads(args.work, model, len(SECOND_FEATURES)), 1.0)]
    nets += load_tuned(args.tuned or args.work / "tuned", model, args.text_weight)
    made = tensors(nets, scale)
    args.out.mkdir(parents=True, exist_ok=True)
    for old in args.out.glob("*.safetensors"):
        old.unlink()
    write_shards(made, args.out)
    described = {
        "model_type": "briefing-clauses",
        "revision": args.revision,
        "weight": args.weight,
        "nets": [{"heads": len(n.heads), "reads_features": n.reads_features, "weight": n.weight} for n in nets],
        "title_id": TITLE,
        "unknown_id": UNK,
        "special": SPECIAL,
        "max_title_tokens": MAX_TITLE_TOKENS,
        "window_tokens": settings.model.window_tokens,
        "hidden": settings.model.hidden,
        "article_hidden": settings.model.article_hidden,
        "article_heads": settings.model.article_heads,
        "article_layers": settings.model.article_layers,
        "vocab_size": model.encoder.get_input_embeddings().weight.shape[0],
        "parameters": int(sum(v.numel() for v in made.values())),
        "features": list(SECOND_FEATURES),
    }
    (args.out / "config.json").write_text(json.dumps(described, indent=1) + "\n", "utf-8")
    source = args.work / "tokenizer" / "tokenizer.json"
    shutil.copyfile(source, args.out / "tokenizer.json")
    describe_for_transformers(args.out)
    found = difference(nets, Tokenizer.from_file(str(source)), load_net(args.out))
    if found > MAX_DIFFERENCE:
        raise SystemExit(f"clause values differ by {found:.4f} after reloading")
    print(f"reloaded: clause values differ by at most {found:.5f}")
    for path in sorted(args.out.iterdir()):
        print(f"{path.stat().st_size:12,d}  {path.name}")


if __name__ == "__main__":
    main()

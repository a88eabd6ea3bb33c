"""Act 6b: what ships of the CPU route — models/clauses: fp16 safetensors, config.json, tokenizer.json.

    python models/training/neural/export_clauses.py --config CONFIG --work DIR --out FOLDER [--pretrained DIR]

The product reads it with numpy alone (briefing/summarise/neural_net.py); this script reloads it so and compares
clause values with the torch model that was trained.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from corpus import PackBuilder, article
from library_form import describe_for_transformers
from model import ClauseScorerModel, StackHead, load_model, pool, to_device
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


def load_heads(work: Path, model: ClauseScorerModel, features: int) -> list[StackHead]:
    heads = []
    for path in sorted((work / "stack" / "final").glob("head_*.pt")):
        head = StackHead(model.settings, features)
        head.load_state_dict(torch.load(path, weights_only=True))
        heads.append(head.eval())
    return heads


def tensors(model: ClauseScorerModel, heads: Sequence[StackHead], scale: Path) -> dict[str, torch.Tensor]:
    found = {f"encoder.{k}": v for k, v in model.encoder.state_dict().items()}
    found |= {k: v for k, v in model.head.state_dict().items() if k.startswith("roles.")}
    for number, head in enumerate(heads):
        mine = head.state_dict().items()
        found |= {f"head{number}.{k}": v for k, v in mine if not k.startswith("roles.")}
    found = {k: v.half().contiguous() for k, v in found.items()}
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
def difference(
    model: ClauseScorerModel, heads: Sequence[StackHead], tokenizer: Tokenizer, net: ClauseNet
) -> float:
    """Largest difference of a clause value between torch in fp32 and numpy on the exported fp16 weights."""
    document = read_document(article(CHECK_TITLE, CHECK_TEXT))
    reading: Reading = read_words(document, load_lexicon(), load_tables())
    rows = np.random.default_rng(1).normal(net.mean, net.deviation, (len(document.units), len(net.mean)))
    builder = PackBuilder(tokenizer)
    builder.add(document)
    options = BatchOptions(model.settings.window_tokens, 1.0)
    made = build_batch(builder.finish(), np.arange(1), options, np.random.default_rng(0))
    batch = to_device(made, torch.device("cpu"))
    vectors = pool(model.encode(batch), batch.clause_of, len(batch.place))
    features = torch.zeros(len(batch.place), len(net.mean))
    features[1:] = torch.from_numpy(standardised(rows, net.mean, net.deviation))
    values = [torch.sigmoid(h(vectors, batch, features))[1:, SHARE] for h in heads]
    wanted = torch.stack(values).mean(0).numpy()
    return float(np.abs(net.values(reading, rows)[0] - wanted).max())


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--pretrained", type=Path, default=None)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--weight", type=float, default=0.5, help="of the net in its mean with the trees")
    parser.add_argument("--revision", default="1")
    args = parser.parse_args(argv)
    settings = load_settings(args.config)
    model = load_model(args.pretrained or args.work / "pretrained").eval()
    scale = args.work / "stack" / "final" / "scale.npz"
    heads = load_heads(args.work, model, len(SECOND_FEATURES))
    args.out.mkdir(parents=True, exist_ok=True)
    for old in args.out.glob("*.safetensors"):
        old.unlink()
    write_shards(tensors(model, heads, scale), args.out)
    described = {
        "model_type": "briefing-clauses",
        "revision": args.revision,
        "weight": args.weight,
        "seeds": len(heads),
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
        "parameters": int(sum(v.numel() for v in tensors(model, heads, scale).values())),
        "features": list(SECOND_FEATURES),
    }
    (args.out / "config.json").write_text(json.dumps(described, indent=1) + "\n", "utf-8")
    source = args.work / "tokenizer" / "tokenizer.json"
    shutil.copyfile(source, args.out / "tokenizer.json")
    describe_for_transformers(args.out)
    found = difference(model, heads, Tokenizer.from_file(str(source)), load_net(args.out))
    if found > MAX_DIFFERENCE:
        raise SystemExit(f"clause values differ by {found:.4f} after reloading")
    print(f"reloaded: clause values differ by at most {found:.5f}")
    for path in sorted(args.out.iterdir()):
        print(f"{path.stat().st_size:12,d}  {path.name}")


if __name__ == "__main__":
    main()

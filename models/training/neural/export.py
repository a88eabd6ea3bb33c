"""Act 6: what ships — fp16 safetensors of at most 15 MB, config.json, tokenizer.json, model card — and a
reload check.

    python models/training/neural/export.py --work DIR --out FOLDER [--model finetuned]

FOLDER is a transformers model (AutoModel and AutoTokenizer load it offline) plus head.json and
head.safetensors, which turn its token states into clause values. The check reloads all of it and compares
clause values with the original.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from corpus import PackBuilder, article
from finetune import predict
from model import ClauseHead, ClauseScorerModel, load_model
from pack import LIGHT_COLUMNS, PLACE_SIZES, TITLE
from safetensors.torch import load_file, save_file
from settings import ModelSettings
from tokenizers import Tokenizer
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerFast

from briefing.summarise.units import read_document

MAX_FILE_BYTES = 15_000_000
# fp16 keeps 11 bits: clause values (0–1) of both forms differ by less than this, or something is wrong.
MAX_DIFFERENCE = 0.01
CHECK_TITLE = "全市开展秋冬季安全检查"
CHECK_TEXT = (
    "11月3日，市应急管理局召开会议，部署秋冬季安全检查。会议指出，检查从11月10日开始，到12月31日结束，覆盖全市1260家企业。\n"
    "市应急管理局局长王明表示，将对发现的问题逐一登记，限期整改；对拒不整改的，依法处罚。上半年，全市共查出隐患3.2万处，已整改98.5%。"
)
CARD = """# {name}: clause scorer

A transformer encoder trained from scratch on Chinese newspaper, bulletin and government text; it says of each
clause of an article which share of it a policy brief repeats (0–1). It writes nothing: the decoder of the
extract engine picks clauses of the source.

- size: {parameters} parameters ({parts}), fp16, {megabytes:.1f} MB; vocabulary {vocabulary} pieces
- input: clauses of the whole article in windows of {window} tokens; nothing is cut off
- files: config.json, model*.safetensors (transformers AutoModel), tokenizer.json, head.json, head.safetensors

To be filled in before it ships: training data and rights, cost, figures beside Lead, LexRank, TextRank, LSA
and snownlp of one run, twenty summaries with their sources, limits, intended use.
"""


def export(model: ClauseScorerModel, tokenizer: Path, out: Path, name: str) -> None:
    """Raises SystemExit for the convolution encoder: a trial, which no AutoModel loads."""
    if model.settings.encoder != "modernbert":
        raise SystemExit(f"only modernbert can be exported; this model has {model.settings.encoder!r}")
    out.mkdir(parents=True, exist_ok=True)
    sizes = model.sizes()
    model.half()
    model.encoder.save_pretrained(out, max_shard_size=MAX_FILE_BYTES)
    save_file({k: v.contiguous() for k, v in model.head.state_dict().items()}, out / "head.safetensors")
    described = {
        "settings": dataclasses.asdict(model.settings),
        "light_columns": LIGHT_COLUMNS,
        "place_sizes": PLACE_SIZES,
        "title_id": TITLE,
        "outputs": ["salience", "share", "gain"],
    }
    (out / "head.json").write_text(json.dumps(described, indent=1), "utf-8")
    # No special token is named: a named one is matched inside text, and an article may contain "<mask>".
    # Windows are padded and headed by pack.py, by id.
    fast = PreTrainedTokenizerFast(tokenizer_file=str(tokenizer))
    fast.save_pretrained(out)
    model.float()
    megabytes = sum(p.stat().st_size for p in out.iterdir()) / 1e6
    card = CARD.format(
        name=name,
        parameters=f"{sum(sizes.values()) / 1e6:.1f} M",
        parts=", ".join(f"{k} {v / 1e6:.1f} M" for k, v in sizes.items()),
        megabytes=megabytes,
        vocabulary=len(fast),
        window=model.settings.window_tokens,
    )
    (out / "README.md").write_text(card, "utf-8")


def load_exported(folder: Path) -> tuple[ClauseScorerModel, Any]:
    """Model (fp32) and tokenizers.Tokenizer, as a product would load them: no network, no remote code."""
    settings = ModelSettings(**json.loads((folder / "head.json").read_text("utf-8"))["settings"])
    encoder = AutoModel.from_pretrained(folder, local_files_only=True, dtype=torch.float32)
    model = ClauseScorerModel(encoder.config.vocab_size, settings)
    model.encoder = encoder
    head = ClauseHead(settings)
    head.load_state_dict({k: v.float() for k, v in load_file(folder / "head.safetensors").items()})
    model.head = head
    return model, AutoTokenizer.from_pretrained(folder, local_files_only=True).backend_tokenizer


def check(model: ClauseScorerModel, tokenizer: Any, folder: Path) -> float:
    """Largest difference of a clause value between `model` and what `folder` holds. Raises SystemExit when it
    is too large, when a file is, or when the tokenizer's ids changed."""
    if large := [p.name for p in folder.iterdir() if p.stat().st_size > MAX_FILE_BYTES + 100_000]:
        raise SystemExit(f"larger than {MAX_FILE_BYTES} bytes: {large}")
    again, tokenizer_again = load_exported(folder)
    if tokenizer.encode(CHECK_TEXT).ids != tokenizer_again.encode(CHECK_TEXT, add_special_tokens=False).ids:
        raise SystemExit("the reloaded tokenizer gives other ids")
    values = []
    for one, cut in ((model, tokenizer), (again, tokenizer_again)):
        builder = PackBuilder(cut)
        builder.add(read_document(article(CHECK_TITLE, CHECK_TEXT)))
        values.append(predict(one, builder.finish(), np.arange(1), titled=True)[0])
    difference = float(np.abs(values[0] - values[1]).max())
    if difference > MAX_DIFFERENCE:
        raise SystemExit(f"clause values differ by {difference:.4f} after reloading")
    return difference


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", default="finetuned")
    parser.add_argument("--name", default="clauses")
    args = parser.parse_args(argv)
    model = load_model(args.work / args.model).cpu()
    tokenizer = args.work / "tokenizer" / "tokenizer.json"
    export(load_model(args.work / args.model), tokenizer, args.out, args.name)
    difference = check(model, Tokenizer.from_file(str(tokenizer)), args.out)
    print(f"reloaded: clause values differ by at most {difference:.5f}")
    for path in sorted(args.out.iterdir()):
        print(f"{path.stat().st_size:12,d}  {path.name}")


if __name__ == "__main__":
    main()

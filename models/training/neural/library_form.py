"""Act 6c: what transformers wants beside the exported weights: the index of the shards, tokenizer_config.json,
class names in config.json. `export_clauses.py` calls it; alone it mends a folder that has none:

    python models/training/neural/library_form.py FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

# Names of briefing/summarise/clause_model_torch.py. fp32: what numpy computes in, from the same fp16 files.
MODEL_KEYS = {"model_type": "briefing-clauses", "architectures": ["ClauseModel"], "dtype": "float32"}
# `split_special_tokens`: an article that writes "<mask>" has written six characters.
TOKENIZER = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
    "clean_up_tokenization_spaces": False,
    "split_special_tokens": True,
}


def shard_header(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        found: dict[str, Any] = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return found


def describe_for_transformers(folder: Path) -> None:
    """Write what `AutoModel` and `AutoTokenizer` need into `folder`; the weights stay as they are."""
    where: dict[str, str] = {}
    total = 0
    for path in sorted(folder.glob("*.safetensors")):
        for name, entry in shard_header(path).items():
            if name != "__metadata__":
                where[name] = path.name
                total += entry["data_offsets"][1] - entry["data_offsets"][0]
    index = {"metadata": {"total_size": total}, "weight_map": dict(sorted(where.items()))}
    _write(folder / "model.safetensors.index.json", index)
    _write(folder / "tokenizer_config.json", TOKENIZER)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    _write(folder / "config.json", MODEL_KEYS | {k: v for k, v in config.items() if k not in MODEL_KEYS})


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    describe_for_transformers(Path(sys.argv[1]))

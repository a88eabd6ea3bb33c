"""The whole chain on made data, on one core in well under three minutes: do the parts fit?

    python models/training/neural/run_tiny.py [--work DIR]

Figures of this run mean nothing. The pre-training is stopped half-way and gone on with, to test the checkpoint.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import corpus
import embeddings
import evaluate
import export
import export_clauses
import finetune
import gold_features
import mix
import pretrain
import stack
import tokenizer
import torch
import tune
from made_data import write_made_data
from pack import load_pack, unpack
from tokenizers import Tokenizer

CONFIG = Path(__file__).parent / "configs" / "tiny.toml"
CPU_CONFIG = Path(__file__).parent / "configs" / "tiny_cpu.toml"


def run(work: Path) -> None:
    data = work / "data"
    write_made_data(data)
    common = ["--config", str(CONFIG), "--work", str(work)]
    tokenizer.main([*common, "--data", str(data)])
    corpus.main([*common, "--data", str(data)])
    unpack(work / "pack.tar.xz", work / "unpacked")
    if len(load_pack(work / "unpacked" / "corpus")) != len(load_pack(work / "pack" / "corpus")):
        raise SystemExit("the unpacked pack is another one")
    pretrain.main([*common, "--limit-steps", "5"])
    stopped = torch.load(work / "pretrain.pt", weights_only=True)["step"]
    pretrain.main(common)
    if not 0 < stopped < torch.load(work / "pretrain.pt", weights_only=True)["step"]:
        raise SystemExit(f"pre-training did not go on from step {stopped}")
    finetune.main(common)
    # A machine that was lost: only the exported weights came back.
    export.main(["--work", str(work), "--out", str(work / "back"), "--model", "pretrained"])
    (work / "pretrain.pt").unlink()
    pretrain.main([*common, "--init", str(work / "back"), "--spent-minutes", "1.99"])
    evaluate.main(["--work", str(work), "--data", str(data), "--weights", "0.5,1"])
    export.main(["--work", str(work), "--out", str(work / "exported")])
    run_cpu_route(work, data)


def run_cpu_route(work: Path, data: Path) -> None:
    """Acts 2b to 6b on the same packs, with weights of their own below work/cpu."""
    cpu = work / "cpu"
    cpu.mkdir(exist_ok=True)
    for name in ("pack", "tokenizer"):
        if not (cpu / name).exists():
            (cpu / name).symlink_to((work / name).resolve())
    common = ["--config", str(CPU_CONFIG), "--work", str(cpu)]
    vocabulary = Tokenizer.from_file(str(cpu / "tokenizer" / "tokenizer.json")).get_vocab_size()
    embeddings.main([*common, "--vocabulary", str(vocabulary)])
    pretrain.main(common)
    gold_features.main(["--work", str(cpu), "--data", str(data)])
    stack.main([*common, "--folds", "0,1"])
    stack.main([*common, "--seeds", "2", "--final"])
    tune.main([*common, "--folds", "0"])
    tune.main([*common, "--seeds", "2", "--final"])
    mix.main(["--work", str(cpu), "net:1", "text:2"])
    export_clauses.main([*common, "--out", str(cpu / "exported")])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=None)
    args = parser.parse_args()
    started = time.perf_counter()
    if args.work:
        run(args.work)
    else:
        with tempfile.TemporaryDirectory() as folder:
            run(Path(folder))
    print(f"tiny run finished in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()

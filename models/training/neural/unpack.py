"""On the training machine: pack.tar.xz -> work/pack and work/tokenizer.

python models/training/neural/unpack.py PACK.tar.xz --work DIR
"""

from __future__ import annotations

import argparse
from pathlib import Path

from pack import load_pack, unpack


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    args = parser.parse_args()
    target = args.work / "pack"
    if (args.work / "tokenizer" / "tokenizer.json").exists():
        print("already unpacked")
        return
    unpack(args.pack, target)
    folder = args.work / "tokenizer"
    folder.mkdir(parents=True, exist_ok=True)
    # Written last: it says that unpacking was finished.
    (target / "tokenizer.json").rename(folder / "tokenizer.json")
    corpus, gold = load_pack(target / "corpus"), load_pack(target / "gold")
    print(f"{len(corpus)} articles, {len(corpus.tokens)} tokens; gold {len(gold)}")


if __name__ == "__main__":
    main()

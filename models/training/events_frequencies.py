"""In how many news items each character n-gram (2–4 characters) occurs: models/events/frequencies.npz.

    PYTHONPATH=. python models/training/events_frequencies.py [--data DIR]

Documents: every bulletin item and every distinct newspaper article. The pair model weighs what two reports
share by how rare it is; a batch of seven articles is too small to tell, so the table ships.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from briefing.text.similarity import content_codes, ngram_hashes

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "models" / "events" / "frequencies.npz"
SIZES = (2, 3, 4)
MAX_CHARS = 600  # the news stands in the lead
MIN_DOCUMENTS = 40
# Weights are stored in eighths: the finest difference that moved no pair's probability by 0.01.
SCALE = 0.125


def documents(data: Path) -> Iterator[str]:
    """Title and text of each item; an article printed on a page and indexed on another comes once."""
    with lzma.open(data / "bulletins" / "xwlb_2012_2025.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            for item in json.loads(line)["items"]:
                yield (item["title"] + "\n" + item["text"])[:MAX_CHARS]
    seen: set[int] = set()
    with lzma.open(data / "pages" / "rmrb_2020_jan_sep.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            for article in json.loads(line)["articles"]:
                text = " ".join(article["head"]) + "\n" + article["text"]
                if hash(text) not in seen:
                    seen.add(hash(text))
                    yield text[:MAX_CHARS]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("BRIEFING_DATA", str(ROOT / ".." / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    options = parser.parse_args()
    total = 0
    hashes = np.zeros(0, np.uint64)
    counts = np.zeros(0, np.int64)
    pending: list[np.ndarray] = []
    for text in documents(options.data):
        total += 1
        codes = content_codes(text)
        pending.append(np.unique(np.concatenate([ngram_hashes(codes, n) for n in SIZES])))
        if len(pending) == 5000:
            hashes, counts = merge(hashes, counts, pending)
            pending = []
    hashes, counts = merge(hashes, counts, pending)
    keep = counts >= MIN_DOCUMENTS
    keys = (hashes[keep] >> np.uint64(32)).astype(np.uint32)
    keys, first = np.unique(keys, return_index=True)
    counts = counts[keep][first]
    weights = np.round(np.log(total / counts) / SCALE).astype(np.uint8)
    unseen = float(np.log(total / (MIN_DOCUMENTS / 4)))
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        OUTPUT, keys=keys, weights=weights,
        scale=np.float64(SCALE), unseen=np.float64(unseen),
    )  # fmt: skip
    print(f"{total} documents, {len(keys)} n-grams, unseen {unseen:.2f}, {OUTPUT.stat().st_size / 1e6:.2f} MB")


def merge(hashes: np.ndarray, counts: np.ndarray, batch: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Counts of `batch` added; once-seen n-grams are forgotten batch by batch to bound memory."""
    new, new_counts = np.unique(np.concatenate(batch), return_counts=True)
    new, new_counts = new[new_counts > 1], new_counts[new_counts > 1]
    every = np.concatenate([hashes, new])
    amount = np.concatenate([counts, new_counts])
    values, inverse = np.unique(every, return_inverse=True)
    return values, np.bincount(inverse, weights=amount).astype(np.int64)


if __name__ == "__main__":
    main()

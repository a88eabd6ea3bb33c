"""What the extract engine's training scripts share: reading the data, and labels for clauses."""

from __future__ import annotations

import itertools
import json
import lzma
import os
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from briefing.records import Article  # noqa: E402
from briefing.text.normalise import normalise  # noqa: E402
from briefing.text.sentences import split_sentences  # noqa: E402

DEFAULT_DATA = Path(os.environ.get("BRIEFING_DATA", ROOT.parent / "shared" / "data"))
# Training in another folder leaves the weights that others run with alone until they are copied.
MODEL = Path(os.environ.get("BRIEFING_EXTRACT_OUT", ROOT / "models" / "extract"))


def rows(data: Path, name: str) -> Iterator[dict[str, Any]]:
    with lzma.open(data / f"{name}.jsonl.xz", "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def article(title: str, text: str, id_: str = "") -> Article:
    clean = normalise(text).text.strip()
    return Article(id_, "", normalise(title).text.strip(), clean, split_sentences(clean), ())


def tokens(text: str) -> list[str]:
    """As tools/score.py counts: a character, a run of letters, a number."""
    return re.findall(r"[\u3400-\u9fff]|[A-Za-z]+|\d+(?:\.\d+)?", unicodedata.normalize("NFKC", text))


def bigrams(toks: Sequence[str]) -> Counter[tuple[str, str]]:
    return Counter(itertools.pairwise(toks))


def rouge(found: Counter[Any], want: Counter[Any]) -> float:
    match = sum((found & want).values())
    return 2 * match / (sum(found.values()) + sum(want.values())) if match else 0.0


def oracle(units: Sequence[str], reference: str, max_chars: int = 150) -> list[int]:
    """Clauses picked greedily while ROUGE-1 + ROUGE-2 against the reference grows."""
    want1, want2 = Counter(tokens(reference)), bigrams(tokens(reference))
    ones = [Counter(tokens(u)) for u in units]
    twos = [bigrams(tokens(u)) for u in units]
    chosen: list[int] = []
    sum1: Counter[Any] = Counter()
    sum2: Counter[Any] = Counter()
    best, chars = 0.0, 0
    while True:
        gains = [
            (rouge(sum1 + ones[i], want1) + rouge(sum2 + twos[i], want2), -i)
            for i in range(len(units))
            if i not in chosen and chars + len(units[i]) + 1 <= max_chars + 10 and (ones[i] & want1)
        ]
        if not gains or max(gains)[0] <= best + 1e-9:
            return sorted(chosen)
        best, i = max(gains)[0], -max(gains)[1]
        chosen.append(i)
        sum1, sum2, chars = sum1 + ones[i], sum2 + twos[i], chars + len(units[i]) + 1


def repeated_share(units: Sequence[str], reference: str) -> np.ndarray:
    """Share of each clause's character bigrams (single characters count a fifth) that the reference has."""
    want1, want2 = Counter(tokens(reference)), bigrams(tokens(reference))
    shares = []
    for unit in units:
        one, two = Counter(tokens(unit)), bigrams(tokens(unit))
        part1 = sum((one & want1).values()) / max(1, sum(one.values()))
        part2 = sum((two & want2).values()) / max(1, sum(two.values()))
        shares.append(0.2 * part1 + 0.8 * part2)
    return np.array(shares)


def gold_labels(units: Sequence[str], reference: str) -> np.ndarray:
    """Half the share that the reference repeats, half whether the oracle takes the clause: the first alone
    pays for chance overlap, the second alone throws near misses away."""
    member = np.zeros(len(units))
    member[oracle(units, reference)] = 1.0
    return 0.5 * repeated_share(units, reference) + 0.5 * member

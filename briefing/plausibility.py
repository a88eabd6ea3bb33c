"""How much a string looks like printed Chinese, by characters and by pairs of neighbours.

Used to tell encodings apart and to see OCR damage. The counts are of 110 million characters of news and
documents (`models/training/train_characters.py`).
"""

from __future__ import annotations

import itertools
import unicodedata
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt

from briefing.errors import ResourceError
from briefing.resources import find

# Costs are -log10 of a character's share. The rarest counted character costs 7.7.
UNKNOWN_COST = 7.5  # a character never seen in the counts
IMPOSSIBLE_COST = 9.0  # controls, private use, unassigned, U+FFFD: no text has them
# ASCII was not counted; in a Chinese file it is digits, marks and names. Only the order matters.
_ASCII_COST = {"digit": 2.0, "lower": 2.0, "upper": 2.5, "other": 2.7}
_PLAIN_CONTROLS = "\t\n\r\f\v"


@dataclass(frozen=True, slots=True)
class Characters:
    """`cost`: by character. `seen`: bit (a, b) of the pairs of `index`ed hanzi that print has."""

    cost: dict[str, float]
    index: dict[str, int]
    seen: npt.NDArray[np.uint8] = field(repr=False)

    def is_seen(self, first: str, second: str) -> bool | None:
        """Whether the two hanzi stand side by side in print; None when one is not among the 4,096."""
        a, b = self.index.get(first), self.index.get(second)
        if a is None or b is None:
            return None
        return bool(self.seen[a, b >> 3] >> (7 - (b & 7)) & 1)


@cache
def characters() -> Characters:
    """The counts, read once. Raises ResourceError when the shipped files are missing or damaged."""
    table, pairs = find("models", "characters", "frequency.tsv"), find("models", "characters", "pairs.npz")
    try:
        cost = {}
        for line in table.read_text(encoding="utf-8").splitlines():
            level, _, members = line.partition("\t")
            cost.update(dict.fromkeys(members, int(level) / 10))
        with np.load(pairs, allow_pickle=False) as data:
            index = {char: i for i, char in enumerate(str(data["chars"]))}
            seen = np.asarray(data["seen"], dtype=np.uint8)
    except (OSError, KeyError, ValueError) as err:
        raise ResourceError(
            f"字频文件损坏：{err}，请重新安装本软件",
            f"the character counts are damaged ({err}): reinstall the package",
            source="models/characters",
        ) from err
    return Characters(cost, index, seen)


def char_cost(char: str) -> float:
    """-log10 of the share of `char` in Chinese print: 1.6 for 的, 7.5 for what print never has."""
    if char < "\x80":
        return _ascii_cost(char)
    if char == "\ufffd":
        return IMPOSSIBLE_COST
    known = characters().cost.get(char)
    if known is not None:
        return known
    if unicodedata.category(char) in ("Cc", "Co", "Cn", "Cs"):
        return IMPOSSIBLE_COST
    return 1.0 if char.isspace() else UNKNOWN_COST


def _ascii_cost(char: str) -> float:
    if char in _PLAIN_CONTROLS or char == " ":
        return 1.0
    if char < " " or char == "\x7f":
        return IMPOSSIBLE_COST
    kind = "digit" if char.isdigit() else "lower" if char.islower() else "upper" if char.isupper() else "other"
    return _ASCII_COST[kind]


def total_cost(text: str) -> float:
    """Sum of `char_cost`: what compares two readings of the same bytes (lower is likelier)."""
    return sum(char_cost(c) for c in text)


def mean_cost(text: str) -> float:
    """Mean `char_cost` of the characters beyond ASCII, about 3.2 for news; 0.0 when there is none."""
    wide = [char_cost(c) for c in text if c > "\x7f" or (c < " " and c not in _PLAIN_CONTROLS)]
    return sum(wide) / len(wide) if wide else 0.0


def unseen_pair_share(text: str) -> float:
    """Share (0-1) of neighbouring hanzi that never stand together in print; 0.0 when there are none.

    A pair with a hanzi outside the 4,096 most frequent counts as unseen.
    """
    found = [
        not characters().is_seen(a, b) for a, b in itertools.pairwise(text) if _is_hanzi(a) and _is_hanzi(b)
    ]
    return sum(found) / len(found) if found else 0.0


def _is_hanzi(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char >= "\U00020000"

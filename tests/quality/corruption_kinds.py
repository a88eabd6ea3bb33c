"""What a kind of made error is: a reference with its source, a maker of wrong versions, the table of makers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A clean reference and its source."""

    id: str
    title: str
    text: str
    summary: str


@dataclass(frozen=True)
class Corruption:
    """`wrong` is `row.summary` with one change of the given kind."""

    kind: str
    row: Row
    wrong: str


Maker = Callable[[Row, random.Random], Iterator[str]]
MAKERS: dict[str, Maker] = {}


def maker(kind: str) -> Callable[[Maker], Maker]:
    def put(function: Maker) -> Maker:
        MAKERS[kind] = function
        return function

    return put


def replace_match(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def shuffled(found: list, rng: random.Random) -> list:
    rng.shuffle(found)
    return found


def swap_words(
    row: Row, rng: random.Random, pairs: dict[str, tuple[str, ...]], before: str = ""
) -> Iterator[str]:
    words = "|".join(sorted(pairs, key=len, reverse=True))
    for match in shuffled(list(re.finditer(before + f"({words})", row.summary)), rng):
        yield replace_match(row.summary, match, match[0].replace(match[1], rng.choice(pairs[match[1]])))

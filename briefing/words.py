"""Cuts clauses into words with a shipped word list: fast, deterministic, without a segmenter's start-up."""

from __future__ import annotations

import gzip
import math
import re
from dataclasses import dataclass
from functools import lru_cache

from briefing.errors import ResourceError
from briefing.resources import find

MAX_WORD_CHARS = 8
_OTHER = re.compile(r"[0-9０-９]+(?:[.,][0-9]+)*|[A-Za-z]+")
# Log probability of a character that no word covers: below the rarest listed word (count 2 of ~2 million).
_UNKNOWN = -16.0


@dataclass(frozen=True, slots=True)
class Word:
    """`tag`: n nr ns nt nz v vn a ad an d p c r m q t f u … (ICTCLAS), "m" for digits, "x" unknown."""

    text: str
    tag: str


class Lexicon:
    """Word list with counts; `cut` is the most probable segmentation under a unigram model."""

    def __init__(self, entries: dict[str, tuple[str, int]]) -> None:
        total = sum(count for _, count in entries.values())
        self._tag = {word: tag for word, (tag, _) in entries.items()}
        self._score = {word: math.log(count / total) for word, (_, count) in entries.items()}

    def tag(self, word: str) -> str:
        return self._tag.get(word, "x")

    def cut(self, text: str) -> tuple[Word, ...]:
        words: list[Word] = []
        at = 0
        for match in _OTHER.finditer(text):
            words += self._cut_han(text[at : match.start()])
            words.append(Word(match.group(), "m" if match.group()[0].isdigit() else "eng"))
            at = match.end()
        words += self._cut_han(text[at:])
        return tuple(words)

    def _cut_han(self, text: str) -> list[Word]:
        score = self._score
        n = len(text)
        best = [0.0] * (n + 1)
        back = [0] * (n + 1)
        for end in range(1, n + 1):
            value = best[end - 1] + score.get(text[end - 1], _UNKNOWN)
            start = end - 1
            for size in range(2, min(MAX_WORD_CHARS, end) + 1):
                known = score.get(text[end - size : end])
                if known is not None and best[end - size] + known > value:
                    value = best[end - size] + known
                    start = end - size
            best[end] = value
            back[end] = start
        words: list[Word] = []
        while n:
            word = text[back[n] : n]
            words.append(Word(word, self._tag.get(word, "x" if word.isalnum() else "w")))
            n = back[n]
        return words[::-1]


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The shipped list (`models/extract/lexicon.txt.gz`). Raises ResourceError when it is damaged."""
    path = find("models", "extract", "lexicon.txt.gz")
    entries: dict[str, tuple[str, int]] = {}
    try:
        for line in gzip.decompress(path.read_bytes()).decode().splitlines():
            word, tag, count = line.split(" ")
            entries[word] = (tag, int(count))
    except (OSError, EOFError, ValueError) as err:
        raise ResourceError(
            f"词表损坏（{err}），请重新安装", f"word list damaged ({err}): reinstall", source=path.name
        ) from err
    return Lexicon(entries)

"""What the clause net reads of an article: token ids of its pieces, places and light features of its clauses.

The training scripts (models/training/neural) make their packs with the same functions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from briefing.summarise.units import Document

MARKS = {"，": 1, ",": 1, "；": 2, ";": 2, "：": 3, ":": 3, "。": 4, "！": 5, "!": 5, "？": 6, "?": 6}
# Columns of `places`: paragraph of the article, sentence of the paragraph, clause of the sentence, closing mark
# (7 = the title itself), characters / 4; and the largest value + 1 of each.
PARAGRAPH, SENTENCE, CLAUSE, MARK, CHARS = range(5)
PLACE_SIZES = (32, 16, 16, 8, 16)
LIGHT_COLUMNS = 8
TITLE_MARK = 7
Array = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
# sentencepiece's penalty below the rarest piece, for a character that no piece has.
_UNKNOWN_PENALTY = 10.0


class UnigramTokenizer:
    """The most probable pieces of a text (Kudo 2018), by Viterbi, as tokenizer.json gives them.

    `vocabulary`: (piece, log probability) by id; the first `special` are never matched in text. A space is ▁.
    A character outside the vocabulary is one `unknown`, neighbours of it are joined, as sentencepiece does.
    """

    def __init__(self, vocabulary: Sequence[tuple[str, float]], special: int, unknown: int) -> None:
        self.scores = {p: (s, i) for i, (p, s) in enumerate(vocabulary) if i >= special}
        self.longest = max(map(len, self.scores))
        self.unknown = unknown
        self.unknown_score = min(s for s, _ in self.scores.values()) - _UNKNOWN_PENALTY

    def encode(self, text: str) -> list[int]:
        text = text.replace(" ", "▁")
        n, scores = len(text), self.scores
        best = [0.0] + [-math.inf] * n
        back: list[tuple[int, int]] = [(0, 0)] * (n + 1)
        for start in range(n):
            here = best[start]
            for end in range(start + 1, min(n, start + self.longest) + 1):
                found = scores.get(text[start:end])
                if found is not None and here + found[0] > best[end]:
                    best[end], back[end] = here + found[0], (start, found[1])
            if here + self.unknown_score > best[start + 1] and text[start] not in scores:
                best[start + 1], back[start + 1] = here + self.unknown_score, (start, self.unknown)
        ids: list[int] = []
        end = n
        while end:
            start, piece = back[end]
            if not (piece == self.unknown and ids and ids[-1] == self.unknown):
                ids.append(piece)
            end = start
        return ids[::-1]


def places(document: Document) -> npt.NDArray[np.uint8]:
    """(clauses, 5), columns as above, larger values cut to the largest known one."""
    found = np.zeros((len(document.units), len(PLACE_SIZES)), np.uint8)
    paragraphs: dict[int, int] = {}
    in_paragraph: Counter[int] = Counter()
    for start, end in document.sentences:
        paragraph = document.units[start].paragraph
        number = paragraphs.setdefault(paragraph, len(paragraphs))
        for i in range(start, end):
            unit = document.units[i]
            row = [0] * len(PLACE_SIZES)
            row[PARAGRAPH], row[SENTENCE], row[CLAUSE] = number, in_paragraph[paragraph], i - start
            row[MARK], row[CHARS] = MARKS.get(unit.mark, 0), len(unit.text) // 4
            found[i] = [min(value, size - 1) for value, size in zip(row, PLACE_SIZES, strict=True)]
        in_paragraph[paragraph] += 1
    return found


def _codes(text: str) -> npt.NDArray[np.int64]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)


def light_features(texts: Sequence[str], title: str) -> npt.NDArray[np.float64]:
    """(clauses, 8) in 0–1: share of the title's bigrams in the clause, of the clause's in the title, in how
    many clauses of the article its bigrams occur, share not seen before, share that comes again, share in the
    first two clauses, digits, bigrams that the clause repeats itself."""
    codes = [_codes(t) for t in texts]
    grams = [np.unique((c[:-1] << 21) | c[1:]) for c in codes]
    sizes = np.array([max(1, len(g)) for g in grams])
    flat = np.concatenate(grams) if grams else np.zeros(0, np.int64)
    owner = np.repeat(np.arange(len(grams)), [len(g) for g in grams])
    _, first, inverse, count = np.unique(flat, return_index=True, return_inverse=True, return_counts=True)
    head = _codes(title)
    head_grams = np.unique((head[:-1] << 21) | head[1:])

    def per_clause(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(np.bincount(owner, weights=values, minlength=len(grams)) / sizes, np.float64)

    in_title = np.isin(flat, head_grams).astype(float)
    is_first = (first[inverse] == np.arange(len(flat))).astype(float)
    opening = np.isin(flat, flat[owner < 2]).astype(float)
    columns = [
        per_clause(in_title) * sizes / max(1, len(head_grams)),
        per_clause(in_title),
        np.log2(1 + per_clause(count[inverse].astype(float))) / 6,
        per_clause(is_first),
        per_clause(is_first * (count[inverse] > 1)),
        per_clause(opening),
        np.array([sum(c.isdigit() for c in t) / max(1, len(t)) for t in texts]),
        np.array([1 - n / max(1, len(c) - 1) for n, c in zip(sizes, codes, strict=True)]),
    ]
    # Sixteen steps, as the training pack stores them.
    return np.asarray(np.round(np.clip(np.column_stack(columns), 0, 1) * 15) / 15, np.float64)


@dataclass(frozen=True, slots=True)
class ClauseBatch:
    """What the net reads of some articles: K clauses of all of them, each article's title first.

    `windows`: token ids, cut between clauses, the title in front of each; `owners`: beside them, which of the K
    clauses a token belongs to; `place` (K, 5); `light` (K, 8); `features` (K, F), standardised; `sizes`:
    clauses of each article, its title counted.
    """

    windows: tuple[Ints, ...]
    owners: tuple[Ints, ...]
    place: Ints
    light: Array
    features: Array
    sizes: Ints

    def ranges(self) -> Iterator[tuple[int, int]]:
        """Each article's clauses, half-open."""
        return pairwise(np.cumsum([0, *self.sizes]).tolist())

    def positions(self) -> Ints:
        """Of each clause in its article, 0 for the title."""
        return np.concatenate([np.arange(n) for n in self.sizes])

    def chunks(self, max_tokens: int) -> Iterator[range]:
        """Windows in runs of at most `max_tokens` tokens; a larger one is a run of its own."""
        begin, filled = 0, 0
        for number, window in enumerate(self.windows):
            if number > begin and filled + len(window) > max_tokens:
                yield range(begin, number)
                begin, filled = number, 0
            filled += len(window)
        yield range(begin, len(self.windows))


@dataclass(frozen=True, slots=True)
class WindowLimits:
    """`title_id`: the token that opens a title; tokens of a title and of a window with its title."""

    title_id: int
    max_title_tokens: int
    window_tokens: int


def read_batch(
    documents: Sequence[Document], features: Sequence[Array], tokenizer: UnigramTokenizer, limits: WindowLimits
) -> ClauseBatch:
    """`documents` with clauses, as the net reads them; `features` of each document's clauses."""
    windows: list[Ints] = []
    owners: list[Ints] = []
    columns: list[tuple[Ints, Array, Array]] = []
    first = 0
    for document, known in zip(documents, features, strict=True):
        count = len(document.units) + 1
        for ids, owner in _windows(document, tokenizer, limits):
            windows.append(ids)
            owners.append(owner + first)
        place = np.zeros((count, len(PLACE_SIZES)), np.int64)
        place[0, MARK] = TITLE_MARK
        place[1:] = places(document)
        light = np.zeros((count, LIGHT_COLUMNS), np.float32)
        light[1:] = light_features([u.text for u in document.units], document.article.title)
        columns.append((place, light, np.concatenate([np.zeros((1, known.shape[1]), np.float32), known])))
        first += count
    place, light, joined = (np.concatenate(c) for c in zip(*columns, strict=True))
    sizes = np.array([len(c[0]) for c in columns], np.int64)
    return ClauseBatch(tuple(windows), tuple(owners), place, light, joined, sizes)


def _windows(
    document: Document, tokenizer: UnigramTokenizer, limits: WindowLimits
) -> Iterator[tuple[Ints, Ints]]:
    """Token ids of the whole article, window by window, and which of its clauses (0: title) each belongs to."""
    title = document.article.title
    title_ids = [limits.title_id]
    if title:
        title_ids += tokenizer.encode(title)[: limits.max_title_tokens]
    ids, owner = list(title_ids), [0] * len(title_ids)
    for number, unit in enumerate(document.units, 1):
        pieces = tokenizer.encode(unit.text + unit.mark)
        if len(ids) + len(pieces) > limits.window_tokens and len(ids) > len(title_ids):
            yield np.array(ids), np.array(owner)
            ids, owner = list(title_ids), [0] * len(title_ids)
        ids += pieces
        owner += [number] * len(pieces)
    yield np.array(ids), np.array(owner)

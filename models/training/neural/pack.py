"""The packed corpus: token ids and clause boundaries as memory-mapped arrays, and batches made from them.

numpy only, and nothing of the product: this is what runs on a machine that has the pack and torch alone.
"""

from __future__ import annotations

import io
import json
import lzma
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# The first ids of every vocabulary (tokenizer.py).
PAD, UNK, MASK, TITLE = 0, 1, 2, 3
SPECIAL = 4
# Columns of `place`.
PARAGRAPH, SENTENCE, CLAUSE, MARK, CHARS = range(5)
# Largest value + 1 of each column: paragraph of the article, sentence of the paragraph, clause of the
# sentence, closing mark (briefing.summarise.neural_inputs.MARKS; 7 = the title itself), characters / 4.
PLACE_SIZES = (32, 16, 16, 8, 16)
TITLE_MARK = 7
# Columns of `light` (neural_inputs.light_features); the first two need the title and are 0 when it is hidden.
LIGHT_COLUMNS = 8
TITLE_COLUMNS = 2
UNKNOWN_SALIENCE = 255
MAX_TITLE_TOKENS = 48
# A window's end may move this far to fall between clauses.
SNAP_TOKENS = 24
_ARRAYS = (
    "tokens", "clause_start", "article_start", "place", "light", "salience", "title_tokens", "title_start",
    "labels",
)  # fmt: skip


@dataclass(frozen=True)
class Pack:
    """A articles, C clauses, N tokens.

    tokens (N,) uint16; clause_start (C+1,) into tokens; article_start (A+1,) into clauses; place (C, 5) uint8;
    light (C, 8) uint8, 255 = 1.0; salience (C,) uint8, share of the clause that the unseen headline repeats,
    254 = 1.0, 255 = no headline; title_tokens, title_start (A+1,); labels (C, 2) float16: repeated share mixed
    with oracle membership (the scale of the shipped scorer), ROUGE gain; empty unless the pack is gold.
    """

    tokens: np.ndarray
    clause_start: np.ndarray
    article_start: np.ndarray
    place: np.ndarray
    light: np.ndarray
    salience: np.ndarray
    title_tokens: np.ndarray
    title_start: np.ndarray
    labels: np.ndarray
    ids: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.article_start) - 1

    def token_counts(self) -> np.ndarray:
        """Tokens of each article, (A,)."""
        return np.diff(np.asarray(self.clause_start)[self.article_start])

    def with_salience(self) -> np.ndarray:
        """Articles that have a headline to learn from."""
        first = np.asarray(self.article_start[:-1])
        return np.flatnonzero((np.diff(self.article_start) > 1) & (self.salience[first] != UNKNOWN_SALIENCE))


def save_pack(folder: Path, pack: Pack) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", getattr(pack, name))
    (folder / "ids.json").write_text(json.dumps(pack.ids), "utf-8")


def load_pack(folder: Path) -> Pack:
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
    return Pack(**arrays, ids=tuple(json.loads((folder / "ids.json").read_text("utf-8"))))


def compress(folder: Path, target: Path) -> int:
    """`folder` as one .tar.xz that can travel; its size in bytes. Members sorted, times 0: same in, same out.
    `folder` as one .tar.xz that can travel; its size in bytes. Members sorted, times 0: same in, same out."""
    with lzma.open(target, "wb", preset=6) as raw, tarfile.open(fileobj=raw, mode="w|") as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                info = tarfile.TarInfo(str(path.relative_to(folder)))
                info.size = path.stat().st_size
                with path.open("rb") as file:
                    tar.addfile(info, file)
    return target.stat().st_size


def unpack(source: Path, folder: Path) -> None:
    with lzma.open(source, "rb") as raw, tarfile.open(fileobj=io.BufferedReader(raw), mode="r|") as tar:
        tar.extractall(folder, filter="data")


@dataclass(frozen=True)
class Batch:
    """W windows of T tokens, K clauses of B articles; each article's first "clause" is its title.

    input_ids (W, T); clause_of (W, T) into K, -1 = padding; place (K, 5); light (K, 8) float32;
    row (K,), column (K,): article and position of the clause, so that a (B, M) grid can be filled;
    salience (K,) float32, nan = nothing to learn; labels (K, 2) float32, nan likewise.
    """

    input_ids: np.ndarray
    clause_of: np.ndarray
    place: np.ndarray
    light: np.ndarray
    row: np.ndarray
    column: np.ndarray
    salience: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class BatchOptions:
    """`max_article_tokens` 0: whole articles, however long; otherwise a random stretch of longer ones."""

    window_tokens: int
    title_shown: float = 1.0
    max_article_tokens: int = 0


def plan(sizes: np.ndarray, batch_tokens: int, seed: int) -> list[np.ndarray]:
    """Articles in batches of about `batch_tokens`, alike in length, in random order; the same for the same
    seed."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(sizes))
    batches: list[np.ndarray] = []
    for start in range(0, len(order), 8192):
        chunk = order[start : start + 8192]
        chunk = chunk[np.argsort(sizes[chunk], kind="stable")]
        cuts = np.flatnonzero(np.diff(np.cumsum(sizes[chunk]) // batch_tokens)) + 1
        batches += [b for b in np.split(chunk, cuts) if len(b)]
    return [batches[i] for i in rng.permutation(len(batches))]


def _section(pack: Pack, article: int, max_tokens: int, rng: np.random.Generator) -> tuple[int, int]:
    first, last = int(pack.article_start[article]), int(pack.article_start[article + 1])
    starts = np.asarray(pack.clause_start[first : last + 1]).astype(np.int64)
    if not max_tokens or starts[-1] - starts[0] <= max_tokens:
        return first, last
    begin = int(rng.integers(0, np.searchsorted(starts, starts[-1] - max_tokens, side="left") + 1))
    end = int(np.searchsorted(starts, starts[begin] + max_tokens, side="right")) - 1
    return first + begin, first + max(end, begin + 1)


def _windows(starts: np.ndarray, room: int) -> list[tuple[int, int]]:
    """Cuts of 0…starts[-1] into windows of at most `room` tokens, of even size, between clauses if one is
    near."""
    total = int(starts[-1])
    if total <= room:
        return [(0, total)]
    count = -(-total // max(1, room - SNAP_TOKENS))
    cuts = [0]
    for k in range(1, count):
        ideal = round(total * k / count)
        near = int(starts[np.argmin(np.abs(starts - ideal))])
        cuts.append(near if abs(near - ideal) <= SNAP_TOKENS // 2 else ideal)
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], total], strict=True) if b > a]


def build_batch(pack: Pack, articles: np.ndarray, options: BatchOptions, rng: np.random.Generator) -> Batch:
    ids: list[np.ndarray] = []
    clause_of: list[np.ndarray] = []
    parts: dict[str, list[np.ndarray]] = {
        n: [] for n in ("place", "light", "row", "column", "salience", "labels")
    }
    base = 0
    for row, article in enumerate(articles):
        first, last = _section(pack, int(article), options.max_article_tokens, rng)
        starts = np.asarray(pack.clause_start[first : last + 1]).astype(np.int64)
        tokens = np.asarray(pack.tokens[starts[0] : starts[-1]]).astype(np.int64)
        starts = starts - starts[0]
        count = last - first
        owner = base + 1 + np.repeat(np.arange(count), np.diff(starts))
        shown = rng.random() < options.title_shown
        title = _title(pack, int(article)) if shown else np.array([TITLE])
        room = options.window_tokens - len(title)
        for a, b in _windows(starts, room):
            ids.append(np.concatenate([title, tokens[a:b]]))
            clause_of.append(np.concatenate([np.full(len(title), base), owner[a:b]]))
        _add_clauses(parts, pack, (first, last), row, shown=shown)
        base += count + 1
    longest = max(map(len, ids))
    input_ids = np.full((len(ids), longest), PAD, np.int64)
    owners = np.full((len(ids), longest), -1, np.int64)
    for w, (window, own) in enumerate(zip(ids, clause_of, strict=True)):
        input_ids[w, : len(window)] = window
        owners[w, : len(own)] = own
    return Batch(input_ids, owners, **{name: np.concatenate(found) for name, found in parts.items()})


def _title(pack: Pack, article: int) -> np.ndarray:
    a, b = int(pack.title_start[article]), int(pack.title_start[article + 1])
    return np.concatenate(
        [[TITLE], np.asarray(pack.title_tokens[a : min(b, a + MAX_TITLE_TOKENS)]).astype(np.int64)]
    )


def _add_clauses(
    parts: dict[str, list[np.ndarray]], pack: Pack, clauses: tuple[int, int], row: int, *, shown: bool
) -> None:
    """Appends the title's row and those of `clauses` (half-open) to `parts`."""
    first, last = clauses
    count = last - first + 1
    place = np.zeros((count, len(PLACE_SIZES)), np.int64)
    place[0, MARK] = TITLE_MARK
    place[1:] = pack.place[first:last]
    light = np.zeros((count, LIGHT_COLUMNS), np.float32)
    light[1:] = np.asarray(pack.light[first:last], np.float32) / 255
    if not shown:
        light[:, :TITLE_COLUMNS] = 0
    salience = np.full(count, np.nan, np.float32)
    found = np.asarray(pack.salience[first:last])
    if not shown:
        # With the title in view the question would answer itself.
        salience[1:] = np.where(found == UNKNOWN_SALIENCE, np.nan, found.astype(np.float32) / 254)
    labels = np.full((count, 2), np.nan, np.float32)
    if len(pack.labels):
        labels[1:] = pack.labels[first:last]
    new = {
        "place": place,
        "light": light,
        "row": np.full(count, row),
        "column": np.arange(count),
        "salience": salience,
        "labels": labels,
    }
    for name, values in new.items():
        parts[name].append(values)


def batches(pack: Pack, plan_: list[np.ndarray], options: BatchOptions, seed: int) -> Iterator[Batch]:
    for number, articles in enumerate(plan_):
        yield build_batch(pack, articles, options, np.random.default_rng([seed, number]))

"""Act 2: raw training data -> the pack (pack.py) of unlabelled text with headline salience, and the gold pack.

    python models/training/neural/corpus.py --config CONFIG --work DIR [--data DIR]     after tokenizer.py

Never *dev*: an article that shares its longest sentence with one of a dev file is left out, and so are bulletin
items from 2024-09 on (they occur in headlines/xwlb_dev). Clauses are the product's own
(briefing.summarise.units).
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from extract_data import (
    DEFAULT_DATA,
    article,
    bigrams,
    gold_labels,
    oracle,
    repeated_share,
    rows,
    tokens,
)
from pack import UNKNOWN_SALIENCE, Pack, compress, save_pack
from settings import CorpusSettings, load_settings

from briefing.summarise.neural_inputs import light_features, places
from briefing.summarise.units import Document, read_document

BULLETIN_END = "2024-09"


@dataclass(frozen=True, slots=True)
class Raw:
    """An article of the training data. `headline`: what salience is measured against, "" when it has none."""

    source: str
    title: str
    text: str
    headline: str = ""


def _bulletins(data: Path) -> Iterator[Raw]:
    for day in rows(data, "bulletins/xwlb_2012_2025"):
        if day["date"] < BULLETIN_END:
            for item in day["items"]:
                headline = f"{item['title']}\n{item['brief']}".strip()
                yield Raw("bulletins", item["title"], item["text"], headline)


def _pages(data: Path) -> Iterator[Raw]:
    for page in rows(data, "pages/rmrb_2020_jan_sep"):
        for item in page["articles"]:
            head = "\n".join(item.get("head") or ())
            yield Raw("pages", (item.get("head") or [""])[0], item.get("text") or "", head)


def _headlines(data: Path, name: str) -> Iterator[Raw]:
    for item in rows(data, f"headlines/{name}"):
        yield Raw(name, item["title"], item["text"], item["title"])


def _plain(data: Path, name: str, *, headline: bool) -> Iterator[Raw]:
    for item in rows(data, f"plain/{name}"):
        title = item.get("title") or ""
        yield Raw(name, title, item["text"], title if headline else "")


def sources(data: Path) -> Iterator[Raw]:
    """Every training text; the earlier source keeps a text that two have."""
    yield from _bulletins(data)
    yield from _pages(data)
    for name in ("newswire_2023_train", "xwlb_train", "xwlb_flash_train"):
        yield from _headlines(data, name)
    yield from _plain(data, "party_news_2020", headline=True)
    for name in ("state_council_documents", "government_work_reports", "laws_and_regulations"):
        yield from _plain(data, name, headline=False)
    yield from _plain(data, "news_2023", headline=False)


def longest_sentence(text: str) -> bytes:
    """Hash of the longest sentence: reprints change openings, headlines and ends."""
    longest = max(text.replace("！", "。").replace("？", "。").replace("\n", "。").split("。"), key=len)
    kept = "".join(c for c in longest if c.isalnum())
    return hashlib.blake2b(kept.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def dev_keys(data: Path) -> set[bytes]:
    keys = set()
    for name in ("gold/dev", "headlines/xwlb_dev", "headlines/xwlb_flash_dev"):
        keys |= {longest_sentence(r["text"]) for r in rows(data, name)}
    for page in rows(data, "pages/damaged_dev"):
        keys |= {longest_sentence(a.get("body") or "") for a in page["articles"]}
    return keys


def chosen(data: Path, settings: CorpusSettings, counts: Counter[str]) -> Iterator[Raw]:
    """The corpus: no duplicates, no dev text, laws and filler within their shares. Fills `counts`."""
    seen = dev_keys(data) | {longest_sentence(r["text"]) for r in rows(data, "gold/train")}
    chars: Counter[str] = Counter()
    for raw in sources(data):
        size = len(raw.text)
        total = sum(chars.values())
        over = {
            "laws_and_regulations": chars[raw.source] + size > settings.max_law_share * max(total, 1),
            "news_2023": chars[raw.source] + size > settings.max_filler_chars,
        }.get(raw.source, False)
        key = longest_sentence(raw.text)
        if settings.headlines_only and not raw.headline:
            counts["no headline"] += 1
        elif size < 40 or size > settings.max_article_chars:
            counts["outside the size limits"] += 1
        elif key[0] >= 256 * settings.keep_share:
            counts["not drawn"] += 1
        elif key in seen:
            counts["duplicate, dev or gold"] += 1
        elif over or total + size > settings.max_chars:
            counts["over the share of its source"] += 1
        else:
            seen.add(key)
            chars[raw.source] += size
            counts[raw.source] += 1
            yield raw
    for name, value in chars.items():
        counts[f"{name} characters"] = value


def gain_labels(units: Sequence[str], reference: str) -> np.ndarray:
    """What each clause adds to ROUGE-1 + ROUGE-2 of the oracle's choice: for a chosen clause what is lost
    without it; for another what it gives in the place of the one that it replaces best. Never below 0."""
    picked = oracle(units, reference)
    kinds = []
    for count in (lambda t: Counter(tokens(t)), lambda t: bigrams(tokens(t))):
        want: Counter[Any] = count(reference)
        kinds.append((want, [count(u) for u in units]))
    gains = np.zeros(len(units))
    for j in picked:
        others = [i for i in picked if i != j]
        added = sum((_added(own, others, want) for want, own in kinds), np.zeros(len(units)))
        added[others] = 0
        gains = np.maximum(gains, added)
    return gains


def _added(own: Sequence[Counter[Any]], others: Sequence[int], want: Counter[Any]) -> np.ndarray:
    """For each unit, F1 against `want` of it and `others` together, less the F1 of `others` alone."""
    rest: Counter[Any] = sum((own[i] for i in others), Counter())
    matched, size = sum((rest & want).values()), sum(rest.values()) + sum(want.values())
    values = []
    for unit in own:
        more = sum(min(rest[t] + n, want[t]) - min(rest[t], want[t]) for t, n in unit.items() if t in want)
        values.append(2 * (matched + more) / (size + sum(unit.values())) - 2 * matched / size)
    return np.array(values)


class PackBuilder:
    """Collects articles; `finish` gives the Pack. Titles are stored apart: a batch decides whether they show.
    Collects articles; `finish` gives the Pack. Titles are stored apart: a batch decides whether they show."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.tokens: list[np.ndarray] = []
        self.clause_sizes: list[np.ndarray] = []
        self.article_sizes: list[int] = []
        self.place: list[np.ndarray] = []
        self.light: list[np.ndarray] = []
        self.salience: list[np.ndarray] = []
        self.titles: list[np.ndarray] = []
        self.labels: list[np.ndarray] = []
        self.ids: list[str] = []

    def add(
        self,
        document: Document,
        *,
        salience: np.ndarray | None = None,
        labels: np.ndarray | None = None,
        id_: str = "",
    ) -> None:
        encoded = self.tokenizer.encode_batch(
            [u.text + u.mark for u in document.units], add_special_tokens=False
        )
        pieces = [np.array(e.ids, np.uint16) for e in encoded]
        title = document.article.title
        self.tokens += pieces
        self.clause_sizes.append(np.array([len(p) for p in pieces]))
        self.article_sizes.append(len(pieces))
        self.place.append(places(document))
        light = light_features([u.text for u in document.units], title)
        # Sixteen steps: with 256 this array was a fifth of the travelling pack (LOG.md).
        self.light.append(np.round(light * 15).astype(np.uint8) * np.uint8(17))
        n = len(pieces)
        self.salience.append(
            np.full(n, UNKNOWN_SALIENCE, np.uint8)
            if salience is None
            else np.round(salience * 254).astype(np.uint8)
        )
        self.titles.append(np.array(self.tokenizer.encode(title, add_special_tokens=False).ids, np.uint16))
        if labels is not None:
            self.labels.append(labels.astype(np.float16))
        self.ids.append(id_)

    def finish(self) -> Pack:
        def bounds(sizes: Sequence[int] | np.ndarray) -> np.ndarray:
            return np.concatenate([[0], np.cumsum(sizes)]).astype(np.uint32)

        return Pack(
            tokens=np.concatenate(self.tokens),
            clause_start=bounds(np.concatenate(self.clause_sizes)),
            article_start=bounds(self.article_sizes),
            place=np.concatenate(self.place),
            light=np.concatenate(self.light),
            salience=np.concatenate(self.salience),
            title_tokens=np.concatenate(self.titles),
            title_start=bounds([len(t) for t in self.titles]),
            labels=np.concatenate(self.labels) if self.labels else np.zeros((0, 2), np.float16),
            ids=tuple(self.ids) if any(self.ids) else (),
        )


@dataclass(frozen=True, slots=True)
class Read:
    """A raw text as units, with its headline salience."""

    document: Document
    salience: np.ndarray | None


def read_raw(raw: Raw) -> Read:
    document = read_document(article(raw.title, raw.text))
    share = None
    if raw.headline and len(document.units) > 2:
        share = repeated_share([u.text for u in document.units], raw.headline)
    return Read(document, share)


def build_corpus(
    data: Path, settings: CorpusSettings, tokenizer: Any, processes: int = 1
) -> tuple[Pack, Counter[str]]:
    """`processes` readers beside this one, which only cuts tokens: reading is five sixths of the time."""
    builder, counts, started = PackBuilder(tokenizer), Counter[str](), time.time()
    raws = chosen(data, settings, counts)
    with multiprocessing.Pool(processes) if processes > 1 else contextlib.nullcontext() as pool:
        found = pool.imap(read_raw, raws, chunksize=64) if pool else map(read_raw, raws)
        for number, read in enumerate(found):
            if read.document.units:
                builder.add(read.document, salience=read.salience)
            if number % 10_000 == 0:
                print(f"{time.time() - started:6.0f} s  {number} articles", flush=True)
    return builder.finish(), counts


def build_gold(data: Path, tokenizer: Any) -> Pack:
    builder = PackBuilder(tokenizer)
    for row in rows(data, "gold/train"):
        document = read_document(article(row["title"], row["text"], row["id"]))
        if len(document.units) < 2:
            continue
        texts = [u.text for u in document.units]
        labels = np.column_stack([gold_labels(texts, row["summary"]), gain_labels(texts, row["summary"])])
        builder.add(document, labels=labels, id_=row["id"])
    return builder.finish()


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--no-archive", action="store_true", help="do not make pack.tar.xz")
    args = parser.parse_args(argv)
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(args.work / "tokenizer" / "tokenizer.json"))
    settings = load_settings(args.config)
    gold = build_gold(args.data, tokenizer)
    save_pack(args.work / "pack" / "gold", gold)
    corpus, counts = build_corpus(args.data, settings.corpus, tokenizer, args.processes)
    save_pack(args.work / "pack" / "corpus", corpus)
    for name, value in counts.items():
        print(f"{name:40} {value}")
    print(f"{len(corpus)} articles, {len(corpus.tokens)} tokens; gold: {len(gold)}, {len(gold.tokens)} tokens")
    if not args.no_archive:
        (args.work / "pack" / "tokenizer.json").write_bytes(
            (args.work / "tokenizer/tokenizer.json").read_bytes()
        )
        print("pack.tar.xz", compress(args.work / "pack", args.work / "pack.tar.xz"), "bytes")


if __name__ == "__main__":
    main()

"""Pairs of reports of the same days of 2020 (bulletin and newspaper): the measured set's material.

    PYTHONPATH=. python models/training/events_pairs.py [--data DIR] show ID ID …   the texts of some ids
    PYTHONPATH=. python models/training/events_pairs.py [--data DIR] sample N SEED  pairs to be judged

Ids look a text up in the data: `b/2020-03-11/05` is item 5 of that day's bulletin, `b/2020-03-11/15.2`
piece 2 of its round-up, `p/2020-03-12/02/3` article 3 of page 2. A pair is *same event* when both report
the same happening, meeting, decision, release or disaster, so that a briefing's reader wants one item (a
decision and its full text are one); a commentary on it, reactions to it, a feature about it, its
announcement beforehand or the next day's figures are not the same event.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import random
import re
from datetime import date, timedelta
from pathlib import Path

from briefing import resources
from briefing.dedupe.candidates import event_candidates
from briefing.dedupe.frequencies import load_frequencies
from briefing.dedupe.pairs import FEATURES, Profile, pair_features, profile
from briefing.records import Article
from briefing.text.similarity import InverseFrequencies

ROOT = Path(__file__).resolve().parents[2]
FIRST, LAST = "2020-01-01", "2020-09-29"


def article(identity: str, title: str, text: str, day: str, outlet: str) -> Article:
    return Article(
        id=identity, source=identity, title=title, text=text, sentences=(), origin=(), outlet=outlet,
        published_on=date.fromisoformat(day),
    )  # fmt: skip


def pieces(item: dict[str, str]) -> list[tuple[str, str]]:
    """A round-up (联播快讯) as its pieces, anything else as itself."""
    if "快讯" not in item["title"]:
        return [(item["title"], item["text"])]
    found: list[list[str]] = []
    for line in item["text"].split("\n"):
        if len(line) <= 36 and not line.endswith(("。", "”", "！")):
            found.append([line, ""])
        elif found:
            found[-1][1] += line + "\n"
    return [(title, text.strip()) for title, text in found if text]


def load_items(data: Path) -> dict[str, Article]:
    """Every bulletin item and newspaper article of the days, by id; a newspaper text comes once."""
    items: dict[str, Article] = {}
    with lzma.open(data / "bulletins" / "xwlb_2012_2025.jsonl.xz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if not FIRST <= row["date"] <= LAST:
                continue
            for i, item in enumerate(row["items"]):
                cut = pieces(item)
                for j, (title, text) in enumerate(cut):
                    name = f"b/{row['date']}/{i:02d}" + (f".{j}" if len(cut) > 1 else "")
                    items[name] = article(name, title, text, row["date"], "新闻联播")
    seen: set[tuple[str, str]] = set()
    with lzma.open(data / "pages" / "rmrb_2020_jan_sep.jsonl.xz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            for j, piece in enumerate(row["articles"]):
                title = " ".join(piece["head"])
                if (row["date"], title + piece["text"][:200]) in seen:
                    continue
                seen.add((row["date"], title + piece["text"][:200]))
                name = f"p/{row['date']}/{int(row['page']):02d}/{j}"
                items[name] = article(name, title, piece["text"], row["date"], row["paper"])
    return items


def opening(item: Article) -> str:
    return item.title + "\n" + item.text


def candidate_pairs(items: dict[str, Article], frequencies: InverseFrequencies) -> list[tuple[str, str]]:
    """Candidates within each window of two days (day D, the bulletin's, and the paper of D and D+1)."""
    by_day: dict[date, list[str]] = {}
    for name, item in items.items():
        assert item.published_on is not None
        by_day.setdefault(item.published_on, []).append(name)
    chosen: dict[tuple[str, str], None] = {}
    for day in sorted(by_day):
        names = by_day[day] + by_day.get(day + timedelta(days=1), [])
        found = event_candidates(
            [opening(items[n]) for n in names], [items[n].published_on for n in names], frequencies,
            max_days_apart=1, per_article=4,
        )  # fmt: skip
        for i, j in found:
            chosen[names[i], names[j]] = None
    return list(chosen)


class Profiles:
    """Profiles by id, computed on first use."""

    def __init__(self, items: dict[str, Article], frequencies: InverseFrequencies) -> None:
        self.items, self.frequencies = items, frequencies
        self.made: dict[str, Profile] = {}

    def __getitem__(self, name: str) -> Profile:
        if name not in self.made:
            self.made[name] = profile(self.items[name], self.frequencies)
        return self.made[name]

    def features(self, pair: tuple[str, str]) -> list[float]:
        return pair_features(self[pair[0]], self[pair[1]])


def strata(pairs: list[tuple[str, str]], profiles: Profiles, seed: int) -> list[tuple[str, str]]:
    """`pairs` shuffled so that every level of crude likeness, most of all the middle, comes equally often."""
    dice = random.Random(seed)
    levels: dict[int, list[tuple[str, str]]] = {}
    column = {name: i for i, name in enumerate(FEATURES)}
    for pair in dice.sample(pairs, min(len(pairs), 6000)):
        f = profiles.features(pair)
        likeness = (
            f[column["head_cosine"]]
            + f[column["body_containment_max"]]
            + max(0, f[column["title_in_text_max"]])
        ) / 3
        levels.setdefault(min(9, int(likeness * 12)), []).append(pair)
    order: list[tuple[str, str]] = []
    while any(levels.values()):
        for level in sorted(levels):
            take = 2 if 2 <= level <= 6 else 1
            order += [levels[level].pop() for _ in range(min(take, len(levels[level])))]
    return order


def show(item: Article, chars: int) -> str:
    return f"{item.id} 【{item.title}】 " + re.sub(r"\s+", "/", item.text[:chars])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("BRIEFING_DATA", str(ROOT / ".." / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("command", choices=("show", "sample"))
    parser.add_argument("rest", nargs="+")
    options = parser.parse_args()
    items = load_items(options.data)
    if options.command == "show":
        print("\n\n".join(show(items[name], 2000) for name in options.rest))
        return
    frequencies = load_frequencies(resources.find("models", "events", "frequencies.npz"))
    pairs = candidate_pairs(items, frequencies)
    order = strata(pairs, Profiles(items, frequencies), int(options.rest[1]))
    for number, (a, b) in enumerate(order[: int(options.rest[0])]):
        print(f"#{number}\n  {show(items[a], 110)}\n  {show(items[b], 110)}")


if __name__ == "__main__":
    main()

"""Merges articles into stories: copies of one text, and reports of one event across papers.

A wrong merge hides news, a missed one only repeats it, so every threshold leans to precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from briefing.dedupe.candidates import event_candidates
from briefing.dedupe.copies import copies
from briefing.dedupe.earlier import Recalled, recall
from briefing.dedupe.pairs import PairScorer, Profile, counties_differ, is_comment, load_scorer, profile
from briefing.records import Article, Story

__all__ = [
    "DedupeOptions",
    "PairScorer",
    "Recalled",
    "count_publishers",
    "load_scorer",
    "merge_stories",
    "publisher",
    "recall",
]

# A longer text is a document, not a report: it is the worse account to condense.
_DOCUMENT_CHARS = 6000


@dataclass(frozen=True, slots=True)
class DedupeOptions:
    """`min_copy_containment`: share (0–1) of the shorter text's 5-character shingles found in the longer;
    made reprints are all found, nothing wrong joined, from 0.45 to 0.85 (measure_events.py --sweep), so 0.75
    leans to caution.
    `min_event_probability`: least probability (0–1) that two reports are of one event. 0.7: the lowest of
    0.3–0.9 at which the dev half, cross-validated, reaches 95 % precision among mostly borderline pairs
    (models/training/events_train.py); the test half then has 0.99 / 0.86 (tests/quality/measure_events.py).
    `max_days_apart`: reports whose known dates differ by more are never one event.
    `candidates_per_article`: likeliest partners that are compared in full.
    `merge_events`: False merges copies only.
    """

    min_copy_containment: float = 0.75
    min_event_probability: float = 0.7
    max_days_apart: int = 2
    candidates_per_article: int = 6
    merge_events: bool = True


def merge_stories(
    articles: Sequence[Article], options: DedupeOptions | None = None, scorer: PairScorer | None = None
) -> tuple[Story, ...]:
    """Stories in the order of their leads among `articles`; every article is in exactly one.

    `scorer` saves loading the shipped model again. Raises ResourceError when it is missing.
    """
    options = options or DedupeOptions()
    groups = _Groups(len(articles))
    for i, j in copies(articles, options.min_copy_containment):
        if not counties_differ(articles[i], articles[j]):
            groups.join(i, j)
    copy_of = [groups.find(i) for i in range(len(articles))]
    if options.merge_events and len(articles) > 1:
        _join_events(articles, groups, options, scorer or load_scorer())
    members: dict[int, list[int]] = {}
    for i in range(len(articles)):
        members.setdefault(groups.find(i), []).append(i)
    leads = {max(found, key=lambda i: _account_key(articles[i], i)): found for found in members.values()}
    return tuple(_story(articles, lead, leads[lead], copy_of) for lead in sorted(leads))


def publisher(article: Article) -> str:
    """Who printed it: the outlet, else the file it came from."""
    return article.outlet.strip().strip("《》") or article.source


def count_publishers(story: Story) -> int:
    """How many different publishers carry the story; two pages of one paper count once."""
    return len({publisher(article) for article in story.articles})


class _Groups:
    """Union-find; the smallest index names a group."""

    def __init__(self, count: int) -> None:
        self.parent = list(range(count))

    def find(self, i: int) -> int:
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        a, b = sorted((self.find(i), self.find(j)))
        self.parent[b] = a


def _account_key(article: Article, index: int) -> tuple[bool, bool, bool, int, int, bool, int]:
    """Larger is the better account: text before picture, report before comment, titled, full, early, page 1."""
    chars = len(article.text)
    fullness = min(chars, 1500) // 250 if chars <= _DOCUMENT_CHARS else 0
    day = -article.published_on.toordinal() if article.published_on else -(10**6)
    return (
        not article.caption,
        not is_comment(article),
        bool(article.title),
        fullness,
        day,
        article.front_page,
        -index,
    )


def _story(articles: Sequence[Article], lead: int, members: Sequence[int], copy_of: Sequence[int]) -> Story:
    others = [i for i in members if i != lead]
    return Story(
        lead=articles[lead],
        reprints=tuple(articles[i] for i in others if copy_of[i] == copy_of[lead]),
        reports=tuple(articles[i] for i in others if copy_of[i] != copy_of[lead]),
    )


def _join_events(
    articles: Sequence[Article], groups: _Groups, options: DedupeOptions, scorer: PairScorer
) -> None:
    """Joins groups of copies that report one event, likeliest pair first, while the mean probability between
    all members of the two clusters stays above the threshold: a chain of neighbours is no event."""
    fullest: dict[int, int] = {}
    for i, article in enumerate(articles):
        root = groups.find(i)
        if root not in fullest or _account_key(article, i) > _account_key(
            articles[fullest[root]], fullest[root]
        ):
            fullest[root] = i
    chosen = sorted(fullest.values())
    pairs = event_candidates(
        [articles[i].title + "\n" + articles[i].text for i in chosen],
        [articles[i].published_on for i in chosen],
        scorer.frequencies,
        max_days_apart=options.max_days_apart,
        per_article=options.candidates_per_article,
    )
    candidates = [(chosen[i], chosen[j]) for i, j in pairs]
    known = _Probabilities(articles, scorer)
    known.compute(candidates)
    clusters = {groups.find(i): [i] for i in chosen}
    likely = [pair for pair in candidates if known[pair] >= options.min_event_probability]
    for i, j in sorted(likely, key=lambda pair: (-known[pair], pair)):
        a, b = groups.find(i), groups.find(j)
        if a == b:
            continue
        between = [(min(x, y), max(x, y)) for x in clusters[a] for y in clusters[b]]
        known.compute(between)
        if np.mean([known[pair] for pair in between]) >= options.min_event_probability:
            groups.join(a, b)
            root, gone = min(a, b), max(a, b)
            clusters[root] += clusters.pop(gone)


class _Probabilities:
    """Probability of each compared pair; profiles are computed once."""

    def __init__(self, articles: Sequence[Article], scorer: PairScorer) -> None:
        self._articles = articles
        self._scorer = scorer
        self._profiles: dict[int, Profile] = {}
        self._known: dict[tuple[int, int], float] = {}

    def __getitem__(self, pair: tuple[int, int]) -> float:
        return self._known[pair]

    def _profile(self, i: int) -> Profile:
        if i not in self._profiles:
            self._profiles[i] = profile(self._articles[i], self._scorer.frequencies)
        return self._profiles[i]

    def compute(self, pairs: Sequence[tuple[int, int]]) -> None:
        new = [pair for pair in pairs if pair not in self._known]
        values = self._scorer.probabilities([(self._profile(i), self._profile(j)) for i, j in new])
        for (i, j), value in zip(new, values.tolist(), strict=True):
            self._known[i, j] = 0.0 if counties_differ(self._articles[i], self._articles[j]) else value

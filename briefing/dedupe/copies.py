"""Finds copies of one text: a wire story under another headline or byline, its tail cut, its marks changed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.records import Article
from briefing.text.similarity import containment, jaccard, pairs_with_common, sample, shared, shingles

SHINGLE_CHARS = 5
# What of a long text is compared: enough to tell, and a 100,000-character document costs no more.
_MAX_CHARS = 4000
_KEEP_ONE_IN = 6
_MAX_NEIGHBOURS = 12
# A text of fewer shingles is too short to be told a copy by them alone.
_MIN_SHINGLES = 24
# A short text inside a long one is a copy only when it is the long one's opening: a round-up holds others'
# briefs. The allowance is a lead-in or a byline that the other paper put before it.
_LEAD_IN_CHARS = 60
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def copies(articles: Sequence[Article], min_containment: float) -> list[tuple[int, int]]:
    """Index pairs (i < j) of articles that print the same text, ascending.

    Candidates come from a sampled shingle index, so the work grows with the number of articles, not its
    square; each candidate is then compared exactly.
    """
    bodies = [a.text[:_MAX_CHARS] for a in articles]
    sets = [shingles(body, SHINGLE_CHARS) for body in bodies]
    sketches = [sample(s, _KEEP_ONE_IN) if len(s) > 60 else s for s in sets]
    pairs, common = pairs_with_common(sketches, max_neighbours=_MAX_NEIGHBOURS)
    found = []
    for (i, j), count in zip(pairs.tolist(), common.tolist(), strict=True):
        smaller = min(len(sketches[i]), len(sketches[j]))
        # A sample of n shingles misses the true containment by about 1/√n: keep what may still reach it.
        if (
            count < (min_containment - 1.5 / smaller**0.5) * smaller
            or min(len(sets[i]), len(sets[j])) < _MIN_SHINGLES
        ):
            continue
        if containment(sets[i], sets[j]) < min_containment or not _same_figures(bodies[i], bodies[j]):
            continue
        if jaccard(sets[i], sets[j]) >= 0.5 or _opens(bodies[i], bodies[j]):
            found.append((i, j))
    return found


def _opens(a: str, b: str) -> bool:
    """Is the shorter text the opening of the longer one (a copy with its tail cut)?"""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    head = shingles(long[: int(1.2 * len(short)) + _LEAD_IN_CHARS], SHINGLE_CHARS)
    own = shingles(short, SHINGLE_CHARS)
    return len(own) > 0 and shared(own, head) / len(own) >= 0.6


def _same_figures(a: str, b: str) -> bool:
    """Daily bulletins (cases, weather, markets) repeat their wording with other figures: no copies."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    figures, others = set(_NUMBER.findall(short)), set(_NUMBER.findall(long))
    return len(figures) < 3 or len(figures & others) >= 0.7 * len(figures)

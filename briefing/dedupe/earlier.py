"""What earlier editions have printed: finds the story again and tells which of its sentences are new.

A story printed before is printed again only for new facts, and then these are all its summary is made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from briefing.dedupe.candidates import event_candidates
from briefing.dedupe.copies import copies
from briefing.dedupe.matters import load_matters, matter_features, traits
from briefing.dedupe.pairs import FEATURES, PairScorer, counties_differ, is_comment, pair_features, profile
from briefing.records import (
    Article,
    BriefingItem,
    DropReason,
    EarlierItem,
    LeftOut,
    LeftOutReason,
    Sentence,
    Story,
)
from briefing.text.numbers import Quantity, find_quantities
from briefing.text.similarity import Hashes, containment, content_codes, ngram_hashes, shingles

# Accounts of one story that are compared as events; the rest are copies or say the same.
_ACCOUNTS = 3
# A sentence of which less than this share of the character pairs stands in what was printed tells something
# else. Chosen by reading made cases (tests/unit/test_earlier.py), not measured: there is no judged material on
# what a reader takes for new. Low, so that a story told in other words is not taken for news.
_MAX_KNOWN_SHARE = 0.3
# Shorter ones are transitions (“记者了解到”), not facts.
_MIN_CHARS = 15
# What was planned is printed again when it has come true.
_PLANNED = re.compile("拟|将|计划|预计|即将|力争|有望|筹备|征求意见")
_PLANNED_HEADLINE = re.compile("拟|将|草案|公示|征求意见|送审|审议|预告|即将|候选|预计")
_DONE = re.compile(
    "已(?:经|于|正式|全部|顺利)?|正式|圆满|顺利|开工|竣工|投用|投产|通车|启用|揭牌|印发|施行|通过了|获批|落幕|闭幕|签约|宣布"
)
# Without date and paper the scorer is surer than it should be. Of judged pairs of different days (train half of
# tests/quality/data/followup_pairs.jsonl) it takes 5 of 26 wrongly at 0.7, 3 of 21 at 0.8, 1 of 14 at 0.88;
# with `_apart` 0.8 is about as precise as 0.88 was without and finds more (dev half: measure_followups.py).
_MIN_PROBABILITY = 0.8
# What a headline says its figures are of: 7月份, 1—5月, 上半年, 7月24日. Other times, other figures.
_PERIOD = re.compile(
    r"(?<!\d)(?:\d{1,2}(?:[—-]\d{1,2})?月(?:\d{1,2}日|份)?|前\d{1,2}个?月|前?[一二三四五六七八九十]{1,2}月份"
    r"|[上下]半年|[一二三四前]+季度)"
)
_DOCUMENT = re.compile("《[^《》]{4,60}》")
# Below, the same words are of another happening: a set phrase that a second meeting repeats (train half: the
# right ones have 0.8 and more, the wrong one 0.17).
_MIN_COPY_PROBABILITY = 0.5
# Of pairs that are no copies those left out rightly have 0.93 and 0.98 in the train half. Below, the story is
# printed with its pointer.
_MIN_TO_LEAVE_OUT = 0.9
# Pairs of the train half, each scored by a model that saw nothing of it: 50 of 53 right at 0.8, 42 of 44 at
# 0.85, 59 of 64 at 0.75 (models/training/events_matters.py --check).
_MIN_MATTER_PROBABILITY = 0.8
_FIGURES_CONFLICT = FEATURES.index("figures_conflict")
_LOCALITIES_CONFLICT = FEATURES.index("localities_conflict")
# Below both, pairs were not drawn for judging (tests/quality/data/followup_pairs.jsonl).
_MIN_LIKENESS = 0.02
_MIN_TITLE_LIKENESS = 0.45
_TITLE_IN_TITLE = FEATURES.index("title_in_title_max")
_AGAINST_ONE_MATTER = tuple(
    FEATURES.index(name) for name in ("ordinal_conflict", "reaction_differs", "comment_differs")
)
_DATE_UNITS = frozenset("年月日时分秒点号届季旬周")


@dataclass(frozen=True, slots=True)
class Recalled:
    """`stories`: those to print, known sentences marked. `earlier`: by the lead's id. `left_out`: others."""

    stories: tuple[Story, ...]
    earlier: dict[str, EarlierItem]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class _Matches:
    """By a story's index: `told`, the printed items that tell the same happening, newest first (ascending);
    `matters`, the newest item of the same matter. `sure`: stories that may be left out for it."""

    told: dict[int, list[int]]
    matters: dict[int, int]
    sure: frozenset[int]


def recall(
    stories: Sequence[Story],
    printed: Sequence[tuple[EarlierItem, BriefingItem]],
    min_event_probability: float,
    min_copy_containment: float,
    scorer: PairScorer,
) -> Recalled:
    """`stories` in their order without those that say nothing new since they were printed.

    `printed`: newest first. The account with new facts leads its story, the story's own lead first.
    """
    if not stories or not printed:
        return Recalled(tuple(stories), {}, ())
    matches = _matches(stories, printed, min_event_probability, min_copy_containment, scorer)
    found, matters = matches.told, matches.matters
    kept: list[Story] = []
    earlier: dict[str, EarlierItem] = {}
    left_out: list[LeftOut] = []
    for i, story in enumerate(stories):
        if not found.get(i):
            # The next step of a matter is news as a whole: it is printed as it is, with the pointer.
            kept.append(story)
            if i in matters:
                earlier[story.lead.id] = printed[matters[i]][0]
            continue
        pointer = printed[found[i][0]][0]
        known = Known.of(a for j in found[i] for a in printed[j][1].story.articles)
        renewed = _renewed(story, known)
        if renewed is None and (i not in matches.sure or _has_come_true(story.lead.title, pointer.headline)):
            # Printed twice is a smaller harm than news that is lost. 拟表彰名单 and 表彰名单 say the same, and
            # the second is the news.
            renewed = story
        if renewed is None:
            left_out.append(_left_out(story, pointer))
        else:
            kept.append(renewed)
            earlier[renewed.lead.id] = pointer
    return Recalled(tuple(kept), earlier, tuple(left_out))


def _has_come_true(title: str, printed: str) -> bool:
    """Did the headline that was printed speak of a plan or a draft, and does `title` speak of none?"""
    return bool(_PLANNED_HEADLINE.search(printed)) and not _PLANNED_HEADLINE.search(title)


def _left_out(story: Story, pointer: EarlierItem) -> LeftOut:
    day = pointer.printed_on
    detail = f"{day.year}年{day.month}月{day.day}日已刊“{pointer.headline}”，没有新情况"
    return LeftOut(story.lead.title, story.lead.source, LeftOutReason.PRINTED, detail, story.lead.id)


def _matches(
    stories: Sequence[Story],
    printed: Sequence[tuple[EarlierItem, BriefingItem]],
    min_event_probability: float,
    min_copy_containment: float,
    scorer: PairScorer,
) -> _Matches:
    old = [item.story for _, item in printed]
    new = len(stories)
    copied = _copied(_flat([s.articles for s in (*stories, *old)]), new, min_copy_containment, scorer)
    accounts, owners = _flat([(s.lead, *s.reports)[:_ACCOUNTS] for s in (*stories, *old)])
    pairs, rows, chances = _compared(accounts, owners, new, scorer)
    told: dict[int, set[int]] = {}
    for story, item in copied:
        told.setdefault(story, set()).add(item)
    sure = {story for story, _ in copied}
    matters: dict[int, int] = {}
    alike = _alike(accounts, pairs, rows, chances, scorer)
    for (a, b), row, chance, of_matter in zip(pairs, rows, chances, alike, strict=True):
        story, item = owners[a], owners[b] - new
        if of_matter >= _MIN_MATTER_PROBABILITY:
            matters[story] = min(item, matters.get(story, item))
        # Three figures each and none in common: another county, or so much changed that it is news.
        if chance < max(min_event_probability, _MIN_PROBABILITY) or row[_FIGURES_CONFLICT]:
            continue
        comment = is_comment(accounts[a]) or is_comment(accounts[b])
        if not comment and not row[_LOCALITIES_CONFLICT] and not _apart(accounts[a], accounts[b]):
            told.setdefault(story, set()).add(item)
            if chance >= _MIN_TO_LEAVE_OUT:
                sure.add(story)
    return _Matches({story: sorted(items) for story, items in told.items()}, matters, frozenset(sure))


def _copied(
    flat: tuple[list[Article], list[int]], new: int, min_containment: float, scorer: PairScorer
) -> list[tuple[int, int]]:
    """(story, printed item) of which one has the other's words. Of the owners the first `new` are stories."""
    articles, owners = flat
    pairs = [(a, b) for a, b in copies(articles, min_containment) if owners[a] < new <= owners[b]]
    profiles = {i: profile(articles[i], scorer.frequencies) for i in {x for pair in pairs for x in pair}}
    rows = [pair_features(profiles[a], profiles[b]) for a, b in pairs]
    return [
        (owners[a], owners[b] - new)
        for (a, b), row, chance in zip(pairs, rows, scorer.of_features(rows).tolist(), strict=True)
        # One county's yearly notice is no copy of another's.
        if chance >= _MIN_COPY_PROBABILITY
        and not row[_LOCALITIES_CONFLICT]
        and not _apart(articles[a], articles[b])
    ]


def _compared(
    accounts: Sequence[Article], owners: Sequence[int], new: int, scorer: PairScorer
) -> tuple[list[tuple[int, int]], list[list[float]], list[float]]:
    """Pairs of accounts (new, printed) worth comparing, their features, how probably each is of one event."""
    # Date and paper tell two articles of one day apart: a paper reports an event once a day. Of two days, the
    # same paper's account is as likely the same story (told again the next day: 0.48 with, 0.92 without them).
    timeless = [
        replace(a, published_on=None, outlet="", source="new" if owner < new else "printed")
        for a, owner in zip(accounts, owners, strict=True)
    ]
    found = event_candidates(
        [a.title + "\n" + a.text for a in accounts],
        [None] * len(accounts),
        scorer.frequencies,
        max_days_apart=0,
        per_article=8,
    )
    pairs = [(a, b) for a, b in found if owners[a] < new <= owners[b]]
    profiles = {i: profile(timeless[i], scorer.frequencies) for i in {x for pair in pairs for x in pair}}
    rows = [pair_features(profiles[a], profiles[b]) for a, b in pairs]
    return pairs, rows, scorer.of_features(rows).tolist()


def _alike(
    accounts: Sequence[Article],
    pairs: Sequence[tuple[int, int]],
    rows: Sequence[Sequence[float]],
    chances: Sequence[float],
    scorer: PairScorer,
) -> list[float]:
    """How probably each pair (new, printed) is of one matter; 0 where a certain sign speaks against it."""
    known = {i: traits(accounts[i]) for i in {x for pair in pairs for x in pair}}
    model = load_matters()
    result = []
    for (a, b), row, chance in zip(pairs, rows, chances, strict=True):
        before, later = accounts[b], accounts[a]
        if not may_be_of_one_matter(before, later, row, chance):
            result.append(0.0)
            continue
        features = matter_features((before, known[b]), (later, known[a]), row, chance, scorer.frequencies)
        result.append(float(model.of_features([features])[0]))
    return result


def may_be_of_one_matter(before: Article, later: Article, row: Sequence[float], chance: float) -> bool:
    """Does nothing speak for certain against it? `row`, `chance`: as one event, without date and paper.

    Pairs less alike than this were not judged, so nothing is known of them.
    """
    if chance < _MIN_LIKENESS and row[_TITLE_IN_TITLE] < _MIN_TITLE_LIKENESS:
        return False
    comment = is_comment(before) or is_comment(later)
    return not comment and not any(row[i] for i in _AGAINST_ONE_MATTER) and not _apart(before, later)


def _apart(a: Article, b: Article) -> bool:
    """Do the headlines name other periods or documents, or the openings other counties?"""
    if counties_differ(a, b):
        return True
    return any(
        here and there and not here & there
        for pattern in (_PERIOD, _DOCUMENT)
        for here, there in [(set(pattern.findall(a.title)), set(pattern.findall(b.title)))]
    )


def _flat(groups: Iterable[Sequence[Article]]) -> tuple[list[Article], list[int]]:
    articles: list[Article] = []
    owners: list[int] = []
    for owner, group in enumerate(groups):
        articles.extend(group)
        owners.extend([owner] * len(group))
    return articles, owners


@dataclass(frozen=True, slots=True)
class Known:
    """What was printed, as far as new sentences are compared with it."""

    pairs: Hashes
    figures: tuple[Quantity, ...]
    planned: bool
    done: frozenset[str]

    @classmethod
    def of(cls, articles: Iterable[Article]) -> Known:
        text = "\n".join(f"{a.kicker}\n{a.title}\n{a.subtitle}\n{a.text}" for a in articles)
        return cls(
            pairs=shingles(text, 2),
            figures=_figures(text),
            planned=bool(_PLANNED.search(text)),
            done=frozenset(_DONE.findall(text)),
        )

    def lacks(self, sentence: str) -> bool:
        """Does `sentence` tell a fact that was not printed: a figure, a plan come true, or a new matter?"""
        codes = content_codes(sentence)
        if any(not self._has(figure) for figure in _figures(sentence)):
            return True
        if len(codes) < _MIN_CHARS:
            return False
        share = containment(shingles(sentence, 2), self.pairs) if len(ngram_hashes(codes, 2)) else 1.0
        if share < _MAX_KNOWN_SHARE:
            return True
        come_true = self.planned and not _PLANNED.search(sentence)
        return come_true and bool(set(_DONE.findall(sentence)) - self.done)

    def _has(self, figure: Quantity) -> bool:
        return any(
            figure.unit_group == q.unit_group and abs(figure.value - q.value) <= max(figure.step, q.step)
            for q in self.figures
        )


def _figures(text: str) -> tuple[Quantity, ...]:
    """Figures that are facts: no dates, no 第一, no single counted thing."""
    return tuple(
        q
        for q in find_quantities(text)
        if not q.ordinal and q.unit[:1] not in _DATE_UNITS and q.value > Fraction(1) and q.unit
    )


def new_sentences(article: Article, known: Known) -> tuple[Sentence, ...]:
    """The sentences of `article`, those with nothing new marked as printed."""
    return tuple(
        sentence
        if sentence.dropped or known.lacks(article.text[sentence.span.start : sentence.span.end])
        else replace(sentence, dropped=DropReason.PRINTED)
        for sentence in article.sentences
    )


def _renewed(story: Story, known: Known) -> Story | None:
    """`story` led by an account with new facts, known sentences marked; None when no account has any."""
    for account in story.articles:
        sentences = new_sentences(account, known)
        if all(s.dropped for s in sentences):
            continue
        lead = replace(account, sentences=sentences)
        if account is story.lead:
            return replace(story, lead=lead)
        others = tuple(a for a in story.articles if a is not account)
        return Story(lead=lead, reports=others)
    return None

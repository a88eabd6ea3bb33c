"""Picks the clauses of a summary: the best value within the length, among readable combinations only.

First every sentence is reduced to its readable variants (subsets of its clauses that `grammar` allows),
then a beam over the sentences combines variants under the limits. Values come from any ClauseScorer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from briefing.summarise import SummaryOptions
from briefing.summarise.features import Floats, Reading
from briefing.summarise.grammar import Grammar
from briefing.summarise.units import Document, named_city, our_city, titled_city, with_city


@dataclass(frozen=True, slots=True)
class DecodeSettings:
    """Set on out-of-fold scores of gold/train (models/training/extract_tune.py; LOG.md).

    `floor`: expected repeated share a clause must exceed to be worth its characters; `part_cost`: price of
    each further source sentence, in characters of full value; `skip_cost`: price of a gap inside a sentence;
    `redundancy`: how much of the value of already printed bigrams is lost.
    """

    floor: float = 0.16
    part_cost: float = 1.5
    skip_cost: float = 1.0
    redundancy: float = 0.6
    max_parts: int = 6
    # 8, 16, 30 reductions of a sentence: R-1 61.67, 61.83, 61.92, facts 63.4, 63.7, 63.8 out of fold (1,674
    # rows of gold/train), for 0.4 ms of some 30 an article. A beam of 16 adds 0.07 for 11 ms.
    variants: int = 30
    beam: int = 4


# Two parts that share more of the shorter one's bigrams than this say the same thing twice
# (tools/readable.py draws the line at 0.6).
MAX_REPEAT_SHARE = 0.55
MIN_REPEAT_BIGRAMS = 8
# 乐中学。 is no part of a summary; marks included.
MIN_PART_CHARS = 6
MIN_ANNOUNCEMENT_CHARS = 15
# Partial subsets of one sentence that are kept while it is read: all of them up to six clauses, the best of
# longer ones.
MAX_PARTIAL_SETS = 96


@dataclass(frozen=True, slots=True)
class Variant:
    """A readable reduction of one sentence. `prefix`: a unit of an earlier sentence (who speaks) put in
    front; `needs_previous`: the sentence before it must be printed; `speaker`: unit that must be
    printed; `leans`: cannot be the first; `antecedents`: of each set one must be printed before."""

    sentence: int
    units: tuple[int, ...]
    chars: int
    value: float
    needs_previous: bool
    speaker: int
    leans: bool
    prefix: int = -1
    antecedents: tuple[frozenset[int], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """The printed units of one source sentence, and the unit (or -1) that is put in front."""

    units: tuple[int, ...]
    prefix: int = -1


@dataclass(frozen=True, slots=True)
class Draft:
    """A readable combination within the limits. `units` in printed order, prefixes among them; `value`: in
    characters of full value; `chars`: printed length."""

    parts: tuple[Part, ...]
    units: tuple[int, ...]
    value: float
    chars: int


@dataclass(frozen=True, slots=True)
class _State:
    value: float
    chars: int
    covered: int
    parts: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """One article to decode: per unit its bigrams as bits, score, value in characters and printed size."""

    grammar: Grammar
    masks: list[int]
    scores: Floats
    values: Floats
    sizes: list[int]
    options: SummaryOptions


def _subsets(case: _Case, start: int, end: int) -> list[tuple[int, ...]]:
    """Readable subsets of the sentence's units that fit, grown left to right."""
    grammar = case.grammar
    # (value, characters, units)
    partial: list[tuple[float, int, tuple[int, ...]]] = [(0.0, 0, ())]
    for i in range(start, end):
        grown: list[tuple[float, int, tuple[int, ...]]] = []
        inner_needs = [k for k in grammar.needs[i] if start <= k < i]
        for value, chars, chosen in partial:
            last = chosen[-1] if chosen else -1
            # The unit before asked for its neighbour.
            if not (last == i - 1 and last >= 0 and grammar.needs_next[last] == "adjacent"):
                grown.append((value, chars, chosen))
            skipped = last >= 0 and last < i - 1 and grammar.speech[last]
            if skipped and (grammar.speech[i] or not grammar.opens[i]):
                continue
            if grammar.barred[i] or chars + case.sizes[i] > case.options.max_chars:
                continue
            if all(k in chosen for k in inner_needs):
                grown.append((value + float(case.values[i]), chars + case.sizes[i], (*chosen, i)))
        grown.sort(key=lambda g: (-g[0], g[2]))
        partial = grown[:MAX_PARTIAL_SETS]
    return [
        chosen
        for _, _, chosen in partial
        if chosen
        and grammar.closes[chosen[-1]]
        and all(k < start or k in chosen for i in chosen for k in grammar.needs[i])
    ]


class Decoder:
    """Decodes one article at a time; holds nothing between calls but its settings."""

    def __init__(self, settings: DecodeSettings | None = None) -> None:
        self.settings = settings or DecodeSettings()

    def decode(self, reading: Reading, grammar: Grammar, scores: Floats, options: SummaryOptions) -> list[Part]:
        """Parts in source order, [] when nothing readable fits. When nothing does, a clause that announces a
        list (…发布预警：) may end a sentence."""
        parts = self._best(reading, grammar, scores, options)
        return parts or self._best(reading, _loosened(reading, grammar), scores, options)

    def _best(self, reading: Reading, grammar: Grammar, scores: Floats, options: SummaryOptions) -> list[Part]:
        drafts = self.drafts(reading, grammar, scores, options)
        return list(drafts[0].parts) if drafts else []

    def drafts(
        self, reading: Reading, grammar: Grammar, scores: Floats, options: SummaryOptions
    ) -> list[Draft]:
        """Every combination that the beam still holds at the end, the best first; none when nothing
        readable fits. An article of low scores still gets its best sentence."""
        sizes = [
            size + 1 + sum(map(len, added))
            for size, added in zip(_printed_chars(reading.document), grammar.introduction, strict=True)
        ]
        scores = np.maximum(scores + np.array(grammar.bonus), np.array(grammar.least))
        values = (scores - self.settings.floor) * [len(u.text) + 1 for u in reading.document.units]
        case = _Case(grammar, _gram_masks(reading), scores, values, sizes, options)
        states = [_State(0.0, 0, 0, ())]
        single: list[Variant] = []
        for number, (start, end) in enumerate(reading.document.sentences):
            variants = self._variants(case, number, start, end)
            single += [v for v in variants if _stands_alone(v)]
            grown = list(states)
            for state in states:
                for variant in variants:
                    new = self._extend(case, state, variant)
                    if new is not None:
                        grown.append(new)
            states = self._prune(grown) if variants else states
        states.sort(key=lambda s: (-s.value, s.chars))
        if states[0].parts:
            # Worse than printing nothing: such a state only stands in for an empty one.
            return [_draft(s) for s in states if s.parts and s.value > 0]
        if not single:
            return []
        best = max(single, key=lambda v: (v.value, -v.sentence))
        return [_draft(_State(best.value, best.chars, 0, (best,)))]

    def _variants(self, case: _Case, number: int, start: int, end: int) -> list[Variant]:
        grammar, sizes = case.grammar, case.sizes
        found = []
        for units in _subsets(case, start, end):
            chars = sum(sizes[i] for i in units)
            if chars < MIN_PART_CHARS:
                continue
            skips = sum(b > a + 1 for a, b in pairwise(units))
            value = float(sum(case.values[i] for i in units)) - self.settings.skip_cost * skips
            previous = any(grammar.needs_previous_sentence[i] for i in units)
            speaker = max((grammar.speaker[i] for i in units if grammar.speaker[i] < start), default=-1)
            named = tuple(
                names
                for k, i in enumerate(units)
                for names in grammar.antecedents[i]
                if not names.intersection(units[:k])
            )
            leans = grammar.leans[units[0]]
            plain = Variant(number, units, chars, value, previous, speaker, leans, antecedents=named)
            found.append(plain)
            if speaker >= 0 and not previous and not grammar.barred[speaker]:
                value += float(case.values[speaker])
                found.append(
                    replace(
                        plain,
                        chars=chars + sizes[speaker],
                        value=value,
                        speaker=-1,
                        leans=False,
                        prefix=speaker,
                    )
                )
        found.sort(key=lambda v: (-v.value, v.chars, v.units))
        return found[: self.settings.variants]

    def _extend(self, case: _Case, state: _State, variant: Variant) -> _State | None:
        """`state` with `variant` printed after it, None when the limits or the grammar forbid that."""
        chars = state.chars + variant.chars
        if chars > case.options.max_chars or len(state.parts) >= self.settings.max_parts:
            return None
        if not _may_follow(state.parts, variant) or self._repeats(case, state, variant):
            return None
        value = state.value + variant.value - self.settings.part_cost
        covered = state.covered
        for i in variant.units:
            repeated = (case.masks[i] & covered).bit_count() / max(1, case.masks[i].bit_count())
            value -= self.settings.redundancy * repeated * float(case.scores[i]) * case.sizes[i]
            covered |= case.masks[i]
        return _State(value, chars, covered, (*state.parts, variant))

    def _repeats(self, case: _Case, state: _State, variant: Variant) -> bool:
        """`variant` says in the same words what another part says."""
        own = _union(case.masks, variant.units)
        for part in state.parts:
            other = _union(case.masks, part.units)
            smaller = min(own.bit_count(), other.bit_count())
            if smaller > MIN_REPEAT_BIGRAMS and (own & other).bit_count() > MAX_REPEAT_SHARE * smaller:
                return True
        return False

    def _prune(self, states: list[_State]) -> list[_State]:
        """The best few of every length, so that a short state is not crowded out by long ones."""
        states.sort(key=lambda s: (-s.value, s.chars))
        kept: list[_State] = []
        count: dict[int, int] = {}
        for state in states:
            bucket = state.chars // 12
            if count.get(bucket, 0) < self.settings.beam:
                count[bucket] = count.get(bucket, 0) + 1
                kept.append(state)
        return kept


def _printed_chars(document: Document) -> list[int]:
    """Of each unit, 我市 told as the city's name where the paper allows that."""
    article = document.article
    city, titled = our_city(article), titled_city(article)
    if titled is not None:
        name = article.title[titled.start : titled.end]
        return [len(named_city(u.text, name)) for u in document.units]
    return [sum(map(len, with_city(article.text, u.pieces, city))) for u in document.units]


def _loosened(reading: Reading, grammar: Grammar) -> Grammar:
    units = reading.document.units
    ends = [
        bool(u.mark)
        and u.mark in "：:"
        and not grammar.speech[u.index]
        and len(u.text) >= MIN_ANNOUNCEMENT_CHARS
        for u in units
    ]
    return replace(
        grammar,
        closes=tuple(c or e for c, e in zip(grammar.closes, ends, strict=True)),
        needs_next=tuple("" if e else n for n, e in zip(grammar.needs_next, ends, strict=True)),
    )


def _union(masks: list[int], units: tuple[int, ...]) -> int:
    joined = 0
    for i in units:
        joined |= masks[i]
    return joined


def _draft(state: _State) -> Draft:
    units = tuple(i for v in state.parts for i in ((v.prefix, *v.units) if v.prefix >= 0 else v.units))
    return Draft(tuple(Part(v.units, v.prefix) for v in state.parts), units, state.value, state.chars)


def _stands_alone(variant: Variant) -> bool:
    return not variant.antecedents and not variant.needs_previous and not variant.leans and variant.speaker < 0


def _may_follow(parts: tuple[Variant, ...], variant: Variant) -> bool:
    if variant.leans and not parts:
        return False
    if variant.needs_previous and (not parts or parts[-1].sentence != variant.sentence - 1):
        return False
    if variant.antecedents:
        printed = {i for p in parts for i in (p.prefix, *p.units)}
        if not all(printed & names for names in variant.antecedents):
            return False
    if variant.speaker >= 0 and not any(variant.speaker in (p.prefix, *p.units) for p in parts):
        return False
    # Who speaks is said once: the next sentence joins on without a second prefix.
    return variant.prefix < 0 or not any(variant.prefix in (p.prefix, *p.units) for p in parts)


def _gram_masks(reading: Reading) -> list[int]:
    """Bigrams of each unit as bits of one integer."""
    bit: dict[str, int] = {}
    masks = []
    for unit in reading.document.units:
        mask = 0
        for i in range(len(unit.text) - 1):
            mask |= 1 << bit.setdefault(unit.text[i : i + 2], len(bit))
        masks.append(mask)
    return masks

"""Picks the clauses of a summary: the best value within the length, among readable combinations only.

First every sentence is reduced to its readable variants (subsets of its clauses that `grammar` allows),
then a beam over the sentences combines variants under the limits. Values come from any ClauseScorer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from briefing.summarise import SummaryOptions
from briefing.summarise.features import Floats, Reading
from briefing.summarise.grammar import Grammar


@dataclass(frozen=True, slots=True)
class DecodeSettings:
    """Set on out-of-fold scores of gold/train (models/training/extract_tune.py; LOG.md).

    `floor`: expected repeated share a clause must exceed to be worth its characters; `part_cost`: price of
    each further source sentence, in characters of full value; `skip_cost`: price of a gap inside a sentence;
    `redundancy`: how much of the value of already printed bigrams is lost.
    """

    floor: float = 0.18
    part_cost: float = 1.5
    skip_cost: float = 1.0
    redundancy: float = 0.8
    max_parts: int = 6
    variants: int = 8
    beam: int = 4


@dataclass(frozen=True, slots=True)
class Variant:
    """A readable reduction of one sentence. `prefix`: a unit of an earlier sentence (who speaks) put in
    front; `needs_previous`: the sentence before it must be printed; `speaker`: unit that must be printed."""

    sentence: int
    units: tuple[int, ...]
    chars: int
    value: float
    needs_previous: bool
    speaker: int
    prefix: int = -1


@dataclass(frozen=True, slots=True)
class Part:
    """The printed units of one source sentence, and the unit (or -1) that is put in front."""

    units: tuple[int, ...]
    prefix: int = -1


@dataclass(frozen=True, slots=True)
class _State:
    value: float
    chars: int
    covered: int
    parts: tuple[Variant, ...]


def _subsets(grammar: Grammar, values: Floats, start: int, end: int, limit: int) -> list[tuple[int, ...]]:
    """Readable subsets of the sentence's units, grown left to right; at most `limit` partial ones are kept."""
    open_sets: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for i in range(start, end):
        grown: list[tuple[float, tuple[int, ...]]] = []
        for value, chosen in open_sets:
            last = chosen[-1] if chosen else -1
            # The unit before asked for its neighbour.
            if not (last == i - 1 and last >= 0 and grammar.needs_next[last] == "adjacent"):
                grown.append((value, chosen))
            if last >= 0 and last < i - 1 and grammar.speech[last] and not grammar.opens[i]:
                continue
            if grammar.barred[i] or any(start <= k < i and k not in chosen for k in grammar.needs[i]):
                continue
            grown.append((value + float(values[i]), (*chosen, i)))
        grown.sort(key=lambda g: (-g[0], g[1]))
        open_sets = grown[:limit]
    done = []
    for _, chosen in open_sets:
        if not chosen or not grammar.closes[chosen[-1]]:
            continue
        if any(
            not grammar.needs[i] <= set(chosen) | {k for k in grammar.needs[i] if k < start} for i in chosen
        ):
            continue
        done.append(chosen)
    return done


class Decoder:
    """Decodes one article at a time; holds nothing between calls but its settings."""

    def __init__(self, settings: DecodeSettings | None = None) -> None:
        self.settings = settings or DecodeSettings()

    def decode(self, reading: Reading, grammar: Grammar, scores: Floats, options: SummaryOptions) -> list[Part]:
        """Parts in source order, [] when nothing readable fits."""
        masks = _gram_masks(reading)
        sizes = [len(u.text) + 1 for u in reading.document.units]
        values = (scores - self.settings.floor) * sizes
        states = [_State(0.0, 0, 0, ())]
        for number, (start, end) in enumerate(reading.document.sentences):
            variants = self._variants(number, start, end, grammar, values, sizes, options.max_chars)
            if not variants:
                continue
            grown = list(states)
            for state in states:
                for variant in variants:
                    new = self._extend(state, variant, masks, scores, sizes, options)
                    if new is not None:
                        grown.append(new)
            states = self._prune(grown)
        best = max(states, key=lambda s: (s.value, -s.chars))
        if not best.parts:
            best = max(self._any(reading, grammar, values, sizes, options), key=lambda s: s.value, default=best)
        return [Part(v.units, v.prefix) for v in best.parts]

    def _any(
        self, reading: Reading, grammar: Grammar, values: Floats, sizes: list[int], options: SummaryOptions
    ) -> Iterable[_State]:
        """Single variants whatever their value: an article of low scores still gets its best sentence."""
        for number, (start, end) in enumerate(reading.document.sentences):
            for v in self._variants(number, start, end, grammar, values, sizes, options.max_chars):
                if not v.needs_previous and (v.speaker < 0 or v.speaker in v.units):
                    yield _State(v.value, v.chars, 0, (v,))

    def _variants(
        self,
        number: int,
        start: int,
        end: int,
        grammar: Grammar,
        values: Floats,
        sizes: list[int],
        max_chars: int,
    ) -> list[Variant]:
        found = []
        for units in _subsets(grammar, values, start, end, 96):
            chars = sum(sizes[i] for i in units)
            if chars > max_chars:
                continue
            skips = sum(b > a + 1 for a, b in zip(units, units[1:], strict=False))
            value = float(sum(values[i] for i in units)) - self.settings.skip_cost * skips
            previous = any(grammar.needs_previous_sentence[i] for i in units)
            speaker = max((grammar.speaker[i] for i in units if grammar.speaker[i] < start), default=-1)
            found.append(Variant(number, units, chars, value, previous, speaker))
            if speaker >= 0 and not previous:
                found.append(
                    Variant(
                        number,
                        units,
                        chars + sizes[speaker],
                        value + float(values[speaker]),
                        False,
                        -1,
                        speaker,
                    )
                )
        found.sort(key=lambda v: (-v.value, v.chars, v.units))
        return found[: self.settings.variants]

    def _extend(
        self,
        state: _State,
        variant: Variant,
        masks: list[int],
        scores: Floats,
        sizes: list[int],
        options: SummaryOptions,
    ) -> _State | None:
        chars = state.chars + variant.chars
        if chars > options.max_chars or len(state.parts) >= self.settings.max_parts:
            return None
        if variant.needs_previous and (not state.parts or state.parts[-1].sentence != variant.sentence - 1):
            return None
        if variant.speaker >= 0 and not any(variant.speaker in p.units for p in state.parts):
            return None
        if variant.prefix >= 0 and any(
            variant.prefix in p.units or variant.prefix == p.prefix for p in state.parts
        ):
            return None
        value = state.value + variant.value - self.settings.part_cost
        covered = state.covered
        for i in variant.units:
            repeated = (masks[i] & covered).bit_count() / max(1, masks[i].bit_count())
            value -= self.settings.redundancy * repeated * float(scores[i]) * sizes[i]
            covered |= masks[i]
        return _State(value, chars, covered, (*state.parts, variant))

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

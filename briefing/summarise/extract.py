"""The default engine: clauses scored in the context of their article, decoded into readable sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from briefing.records import Article, SourceRef, Summary
from briefing.summarise import SummaryOptions
from briefing.summarise.decode import Decoder, Part
from briefing.summarise.features import Floats, Reading, lexical_scores, read_words
from briefing.summarise.grammar import Grammar, analyse
from briefing.summarise.headline import Headline, make_headline, needs_made
from briefing.summarise.headline_made import best_headline
from briefing.summarise.realise import (
    group_lines,
    insufficient_summary,
    lines_of,
    whole_text_summary,
    write_summary,
)
from briefing.summarise.scoring import ClauseScorer, load_scorer, shared_tables
from briefing.summarise.units import read_document
from briefing.words import load_lexicon

REVISION = "6"
# Articles scored together: trees are evaluated in larger matrices; memory stays at some tens of megabytes.
_BATCH = 16


class ExtractEngine:
    """`scorer`: any ClauseScorer; by default the shipped trees."""

    name = "extract"

    def __init__(self, scorer: ClauseScorer | None = None) -> None:
        self.lexicon = load_lexicon()
        self.tables = shared_tables()
        self.scorer = scorer or load_scorer("trees")
        self.decoder = Decoder()

    @property
    def revision(self) -> str:
        return f"{REVISION}-{self.scorer.name}{self.scorer.revision}"

    def summarise(
        self,
        articles: Sequence[Article],
        options: SummaryOptions,
        progress: Callable[[int], None] | None = None,
    ) -> list[Summary]:
        summaries: list[Summary] = []
        for start in range(0, len(articles), _BATCH):
            readings = [
                read_words(read_document(a), self.lexicon, self.tables)
                for a in articles[start : start + _BATCH]
            ]
            scored = [r for r in readings if r.document.units]
            scores = dict(zip(map(id, scored), self.scorer.scores(scored), strict=True))
            for reading in readings:
                summaries.append(self._one(reading, scores.get(id(reading)), options))
                if progress:
                    progress(1)
        return summaries

    def _one(self, reading: Reading, scores: Floats | None, options: SummaryOptions) -> Summary:
        document = reading.document
        engine = f"{self.name}@{self.revision}"
        if scores is None or not any(u.usable for u in document.units):
            return insufficient_summary(document, engine, make_headline(document, (), self.lexicon))
        if document.usable_chars <= options.min_source_chars:
            every = [u.index for u in document.units if u.usable]
            headline = self._headline(reading, analyse(reading), every, scores)
            return whole_text_summary(document, engine, options, headline)
        grammar = analyse(reading)
        parts = self._parts(reading, grammar, scores, options)
        headline = self._headline(reading, grammar, [i for p in parts for i in p.units], scores)
        if not parts:
            return insufficient_summary(document, engine, headline)
        groups = group_lines(document, lines_of(parts), options.max_sentences)
        introductions = {
            i: (spans, grammar.introduced_by[i]) for i, spans in enumerate(grammar.introduction) if spans
        }
        return write_summary(document, groups, headline, engine, introductions)

    def _parts(self, reading: Reading, grammar: Grammar, scores: Floats, options: SummaryOptions) -> list[Part]:
        """What is printed, in source order."""
        return self.decoder.decode(reading, grammar, scores, options)

    def _headline(
        self, reading: Reading, grammar: Grammar, printed: Sequence[int], scores: Floats
    ) -> tuple[str, tuple[SourceRef, ...]]:
        made: Headline = ("", ())
        if needs_made(reading.document, self.lexicon):
            lexical = lexical_scores(self.tables.weak, reading)
            made = best_headline(reading, grammar, printed, (scores, lexical), self.lexicon)
        order = [i for i in sorted(printed, key=lambda i: -scores[i]) if not grammar.barred[i]]
        claims = {i for i, k in enumerate(grammar.speaker) if k >= 0 and grammar.speech[k]}
        return make_headline(reading.document, order, self.lexicon, made, claims)

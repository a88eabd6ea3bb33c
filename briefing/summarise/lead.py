"""The baseline: the first sentences of the article, whole while they fit, then whole clauses.

Lead is what extractive systems for Chinese news are measured against; it also shows what a scorer adds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from briefing.records import Article, Summary
from briefing.summarise import SummaryOptions
from briefing.summarise.headline import make_headline
from briefing.summarise.realise import (
    Line,
    group_lines,
    insufficient_summary,
    whole_text_summary,
    write_summary,
)
from briefing.summarise.units import Document, read_document
from briefing.words import load_lexicon

REVISION = "1"


class LeadEngine:
    name = "lead"
    revision = REVISION

    def summarise(
        self,
        articles: Sequence[Article],
        options: SummaryOptions,
        progress: Callable[[int], None] | None = None,
    ) -> list[Summary]:
        summaries = []
        for article in articles:
            summaries.append(self._one(article, options))
            if progress:
                progress(1)
        return summaries

    def _one(self, article: Article, options: SummaryOptions) -> Summary:
        document = read_document(article)
        engine = f"{self.name}@{self.revision}"
        lines = lead_lines(document, options)
        headline = make_headline(document, [i for line in lines for i in line.units], load_lexicon())
        if not lines:
            return insufficient_summary(document, engine, headline)
        if document.usable_chars <= options.min_source_chars:
            return whole_text_summary(document, engine, options, headline)
        return write_summary(document, group_lines(document, lines, options.max_sentences), headline, engine)


def lead_lines(document: Document, options: SummaryOptions) -> list[Line]:
    """The first usable units that fit, a line a source sentence."""
    lines: list[Line] = []
    left = options.max_chars
    for start, end in document.sentences:
        units = [u for u in document.units[start:end] if u.usable]
        taken = []
        for unit in units:
            if len(unit.text) + 1 > left:
                break
            left -= len(unit.text) + 1
            taken.append(unit.index)
        if taken:
            lines.append(Line(tuple(taken)))
        if len(taken) < len(units) or len(lines) == options.max_sentences:
            break
    return lines

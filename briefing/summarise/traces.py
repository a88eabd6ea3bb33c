"""Finds where the words of a written sentence stand in its article, for engines that write freely.

The same alignment as `briefing.check` uses, over characters: the clauses that a sentence took its words from
become its sources. Whether it may be printed is not decided here.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from briefing.records import Article, SourceRef, Span
from briefing.text.alignment import UNMATCHED, Grid, align

# As in briefing.check.claims: no editor fuses more than three sentences; twelve leaves room for near-repeats.
_MAX_SENTENCES = 12
# A clause is a source when this many of its characters were taken, marks and function words aside: two are
# shared by chance (表示, 全市), a name or a figure has three and more.
_MIN_CHARS = 3
_MARKS = frozenset("，。；：、！？“”‘’（）—…《》〈〉·【】〔〕,.;:!?()\"' \n\u3000")
_LIGHT = dict.fromkeys("的了和与及在于为将是等中对", 0.4)


class Tracer:
    """One article, read once for all sentences that are written of it."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.places: list[int] = []
        self.clauses: list[Span] = []
        symbols: list[str] = []
        clause_of: list[int] = []
        sentence_of: list[int] = []
        self.pairs: dict[str, set[int]] = {}
        for number, sentence in enumerate(article.sentences):
            if sentence.dropped is not None:
                continue
            for clause in sentence.clauses:
                for p in range(clause.span.start, clause.span.end):
                    if article.text[p] not in _MARKS:
                        symbols.append(article.text[p])
                        self.places.append(p)
                        clause_of.append(len(self.clauses))
                        sentence_of.append(number)
                self.clauses.append(clause.span)
            for pair in _pairs(article.text[sentence.span.start : sentence.span.end]):
                self.pairs.setdefault(pair, set()).add(number)
        where: dict[str, list[int]] = {}
        for k, symbol in enumerate(symbols):
            where.setdefault(symbol, []).append(k)
        self.grid = Grid(symbols, clause_of, sentence_of, where)

    def sources(self, text: str) -> tuple[SourceRef, ...]:
        """Spans of the clauses that `text` took its words from, in article order; () when it took none."""
        symbols = [c for c in text if c not in _MARKS]
        inside = self._candidates(text)
        match = align(symbols, [_LIGHT.get(s, 1.0) for s in symbols], self.grid, inside)
        taken = Counter(
            self.grid.clauses[m]
            for s, m in zip(symbols, match, strict=True)
            if m != UNMATCHED and s not in _LIGHT
        )
        spans = [self._trimmed(self.clauses[k]) for k in sorted(k for k, n in taken.items() if n >= _MIN_CHARS)]
        return tuple(SourceRef(self.article.id, span) for span in _joined(spans))

    def _candidates(self, text: str) -> set[int]:
        worth: Counter[int] = Counter()
        for pair in sorted(_pairs(text)):
            having = self.pairs.get(pair, set())
            for number in having:
                worth[number] += 1_000_000 // len(having)
        best = sorted(worth, key=lambda k: (-worth[k], k))
        return set(best[:_MAX_SENTENCES])

    def _trimmed(self, span: Span) -> Span:
        text, start, end = self.article.text, span.start, span.end
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        return Span(start, end)


def _pairs(text: str) -> set[str]:
    return {a + b for a, b in pairwise(c for c in text if c not in _MARKS)}


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].end == span.start:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined

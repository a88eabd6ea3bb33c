"""What every check is given: a summary sentence (the claim), its source, and which token stands for which.

Reads articles into one searchable source; aligns; offers the lookups that several checks share.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from briefing.records import Article, Finding, Severity, SourceRef, Span, SummarySentence
from briefing.text.alignment import UNMATCHED, Grid, align
from briefing.text.dates import DateMention, find_dates
from briefing.text.names import Mention, find_organisations, find_people, find_places
from briefing.text.numbers import Quantity, find_quantities
from briefing.text.sentences import split_sentences
from briefing.text.similarity import Hashes, shared, shingles

CLAUSE_MARKS = "，：；。！？!?;,:"
_PLAIN = {
    "“": '"',
    "”": '"',
    "‘": '"',
    "’": '"',
    "「": '"',
    "」": '"',
    "『": '"',
    "』": '"',
    '"': '"',
    "'": '"',
}
_PLAIN |= {
    ",": "，",
    ":": "：",
    ";": "；",
    "!": "！",
    "?": "？",
    "(": "（",
    ")": "）",
    "～": "—",
    "~": "—",
    "-": "—",
}
_PLAIN_TABLE = str.maketrans(_PLAIN)
NUMBER = "#"
DATE = "@"
# Marks say nothing of which place is meant; function words little. Wildcards must not attract by themselves.
_LIGHT = dict.fromkeys("的了和与及在于为将是等中对", 0.4) | {NUMBER: 0.5, DATE: 0.5}
_NO_MARKS = dict.fromkeys(map(ord, '，。；：、！？"（）—…《》〈〉·【】〔〕 “”‘’0123456789'))
_MARKS = set('，。；：、！？"（）—…《》〈〉·【】〔〕 ')
# Source sentences searched for one claim: the best by shared bigrams. A claim that an editor fused from
# more than three sentences is not met in gold/train; twelve leaves room for near-repeats.
_MAX_SENTENCES = 12
_REPORTER = re.compile(r"(?:记者|通讯员)[^，。；：（）]{0,12}$")


class Token(NamedTuple):
    """One character, or a whole numeral (NUMBER) or date (DATE). Positions index the text it came from."""

    symbol: str
    start: int
    end: int
    clause: int
    fact: Quantity | DateMention | None = None


def tokenise(
    text: str, dates: Sequence[DateMention], quantities: Sequence[Quantity], clause: int = 0
) -> list[Token]:
    """Tokens of `text`, white space left out; `clause` numbers the first one's clause."""
    heads: dict[int, tuple[int, str, Quantity | DateMention]] = {
        d.span.start: (d.span.end, DATE, d) for d in dates
    }
    heads |= {q.core.start: (q.core.end, NUMBER, q) for q in quantities}
    tokens = []
    skip_to = 0
    for i, char in enumerate(text):
        if i < skip_to:
            continue
        if i in heads:
            end, symbol, fact = heads[i]
            if end > i:
                tokens.append(Token(symbol, i, end, clause, fact))
                skip_to = end
                continue
        if char == "\n":
            clause += 1
        elif not char.isspace():
            tokens.append(Token(_PLAIN.get(char, char), i, i + 1, clause))
            clause += char in CLAUSE_MARKS
    return tokens


@dataclass(frozen=True, slots=True)
class _Part:
    """One text of one article inside the source."""

    start: int
    end: int
    article: Article
    name: str


# A copy of which less than this share of the 5-grams is new adds nothing to prove a sentence by. Reprints that
# dedupe merges share 0.9 and more; other reports of an event share 0.1–0.5.
_MIN_NEW = 0.1


def _distinct(articles: Sequence[Article]) -> Iterator[Article]:
    """The first article, and each further one whose text is not that of those before."""
    seen: Hashes | None = None
    for article in articles:
        own = shingles(article.text, 5) if len(articles) > 1 else None
        if seen is not None and own is not None:
            if shared(own, seen) > (1 - _MIN_NEW) * len(own):
                continue
            own = np.union1d(seen, own)
        seen = own
        yield article


class Source:
    """All texts of a story's articles as one text with its sentences, tokens and facts; copies left out.

    Read once for a story and given to `check_summary` and `fall_back` it saves reading it for each.

    `text` joins the parts with line ends; `sentences`: spans in it; `tokens` cover it in order.
    """

    def __init__(self, articles: Sequence[Article]) -> None:
        self.parts: list[_Part] = []
        pieces: list[str] = []
        at = 0
        for article in _distinct(articles):
            for name, text in (
                ("title", article.title), ("kicker", article.kicker), ("subtitle", article.subtitle),
                ("byline", article.byline), ("text", article.text),
            ):  # fmt: skip
                if text:
                    self.parts.append(_Part(at, at + len(text), article, name))
                    pieces.append(text)
                    at += len(text) + 1
        self.text = "\n".join(pieces)
        self._starts = [p.start for p in self.parts]

    @cached_property
    def sentences(self) -> list[Span]:
        found = []
        for part in self.parts:
            own = part.article.sentences if part.name == "text" else ()
            for s in own or split_sentences(self.text[part.start : part.end]):
                found.append(Span(part.start + s.span.start, min(part.start + s.span.end, part.end)))
        return found

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [s.start for s in self.sentences]

    @cached_property
    def dates(self) -> list[DateMention]:
        found = []
        for part in self.parts:
            for d in find_dates(self.text[part.start : part.end], part.article.published_on):
                span = Span(d.span.start + part.start, d.span.end + part.start)
                found.append(DateMention(span, d.year, d.month, d.day, d.relative, d.clock))
        return found

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return find_quantities(self.text, [d.span for d in self.dates])

    @cached_property
    def plain_sentences(self) -> frozenset[str]:
        return frozenset(_plain(self.text[s.start : s.end]) for s in self.sentences)

    @cached_property
    def people(self) -> tuple[Mention, ...]:
        """Persons of the news; reporters and correspondents wrote it."""
        return tuple(
            m
            for m in find_people(self.text)
            if not _REPORTER.search(self.text[max(0, m.span.start - 16) : m.span.start])
        )

    @cached_property
    def people_names(self) -> frozenset[str]:
        return frozenset(m.text for m in self.people)

    @cached_property
    def organisations(self) -> tuple[Mention, ...]:
        return find_organisations(self.text)

    @cached_property
    def places(self) -> tuple[Mention, ...]:
        return find_places(self.text)

    @cached_property
    def tokens(self) -> list[Token]:
        return tokenise(self.text, self.dates, self.quantities)

    @cached_property
    def token_starts(self) -> list[int]:
        return [t.start for t in self.tokens]

    @cached_property
    def grid(self) -> Grid:
        """The tokens as the alignment reads them."""
        places: dict[str, list[int]] = {}
        for p, token in enumerate(self.tokens):
            places.setdefault(token.symbol, []).append(p)
        return Grid(
            [t.symbol for t in self.tokens], [t.clause for t in self.tokens], self.sentence_of_token, places
        )

    @cached_property
    def figures(self) -> list[tuple[int, Quantity]]:
        """Every quantity with the index of its token, ascending."""
        found = []
        for p in self.tokens_with(NUMBER):
            fact = self.tokens[p].fact
            if isinstance(fact, Quantity):
                found.append((p, fact))
        return found

    def tokens_with(self, symbol: str) -> Sequence[int]:
        """Indices of the tokens with this symbol, ascending."""
        return self.grid.places.get(symbol, ())

    def token_at(self, position: int) -> int:
        """Index of the token at or before a position of `text`."""
        return max(0, bisect_right(self.token_starts, position) - 1)

    def sentence_at(self, position: int) -> int:
        """Index of the sentence at or before a position of `text`."""
        return max(0, bisect_right(self._sentence_starts, position) - 1)

    @cached_property
    def sentence_of_token(self) -> list[int]:
        found = []
        sentence, starts = 0, self._sentence_starts
        for start in self.token_starts:
            while sentence + 1 < len(starts) and starts[sentence + 1] <= start:
                sentence += 1
            found.append(sentence)
        return found

    @cached_property
    def sentences_with(self) -> dict[str, list[int]]:
        """Pair of characters -> the sentences that have it, ascending."""
        found: dict[str, list[int]] = {}
        for k, s in enumerate(self.sentences):
            for pair in _bigrams(self.text[s.start : s.end]):
                found.setdefault(pair, []).append(k)
        return found

    def part_at(self, position: int) -> _Part | None:
        if not self.parts:
            return None
        return self.parts[max(0, bisect_right(self._starts, position) - 1)]

    def ref(self, start: int, end: int) -> tuple[SourceRef, ...]:
        """The evidence `text[start:end]` in positions of its article; () for kicker, subtitle and byline."""
        part = self.part_at(start)
        if part is None or part.name not in ("text", "title"):
            return ()
        return (
            SourceRef(part.article.id, Span(start - part.start, min(end, part.end) - part.start), part.name),
        )

    def position(self, ref: SourceRef) -> Span | None:
        """Where `ref` stands in `text`; None when it names another article or leaves its text."""
        for part in self.parts:
            names_it = part.article.id == ref.article_id and part.name == ref.part
            if names_it and ref.span.end <= part.end - part.start:
                return Span(part.start + ref.span.start, part.start + ref.span.end)
        return None


def _bigrams(text: str) -> set[str]:
    plain = text.translate(_NO_MARKS)
    return {a + b for a, b in pairwise(plain)}


class Claim:
    """One sentence (or the headline) of a summary, aligned with the source.

    `match[k]`: index into `source.tokens` of the token that `tokens[k]` stands for, or UNMATCHED.
    `candidates`: indices of the source sentences that it was searched in, ascending.
    """

    def __init__(
        self, text: str, index: int, source: Source, sources: Iterable[SourceRef] = (), speech: str = ""
    ) -> None:
        self.text = text
        self.index = index
        self.source = source
        self.before = speech
        part = source.parts[0].article.published_on if source.parts else None
        self.dates = find_dates(text, part)
        self.quantities = find_quantities(text, [d.span for d in self.dates])
        self.tokens = tokenise(text, self.dates, self.quantities)
        self.candidates = self._candidates(tuple(sources))
        self.match = self._align()
        self._token_starts = [t.start for t in self.tokens]

    @classmethod
    def of(cls, sentence: SummarySentence, index: int, source: Source) -> Claim:
        return cls(sentence.text, index, source, sentence.sources)

    def _candidates(self, refs: tuple[SourceRef, ...]) -> list[int]:
        stated: set[int] = set()
        for ref in refs:
            span = self.source.position(ref)
            if span is not None and len(span):
                first, last = self.source.sentence_at(span.start), self.source.sentence_at(span.end - 1)
                stated.update(range(first, last + 1))
        if stated:
            return sorted(stated)
        worth: dict[int, float] = {}
        for pair in sorted(_bigrams(self.text)):
            having = self.source.sentences_with.get(pair, ())
            for k in having:
                worth[k] = worth.get(k, 0.0) + 1 / len(having)
        best = sorted(worth, key=lambda k: (-round(worth[k], 9), k))
        return sorted(best[:_MAX_SENTENCES])

    def _align(self) -> list[int]:
        weights = [0.1 if t.symbol in _MARKS else _LIGHT.get(t.symbol, 1.0) for t in self.tokens]
        return align([t.symbol for t in self.tokens], weights, self.source.grid, set(self.candidates))

    @cached_property
    def back(self) -> dict[int, int]:
        """Source token -> the claim's token that stands for it."""
        return {m: k for k, m in enumerate(self.match) if m != UNMATCHED}

    @cached_property
    def verbatim(self) -> bool:
        """The claim is one whole source sentence or headline, marks at its end aside."""
        return _plain(self.text) in self.source.plain_sentences

    @cached_property
    def aligned_sentences(self) -> list[int]:
        """Source sentences that at least three content tokens of the claim stand in; by weight, best first."""
        count = Counter(
            self.source.sentence_of_token[m]
            for t, m in zip(self.tokens, self.match, strict=True)
            if m != UNMATCHED and t.symbol not in _MARKS
        )
        return [s for s, n in count.most_common() if n >= 3]

    def aligned_texts(self, p: int) -> list[str]:
        """The source sentence of token `p`, the one before it, and all that the claim is aligned with."""
        here = self.source.sentence_of_token[p]
        spans = [self.source.sentences[s] for s in {here, max(0, here - 1), *self.aligned_sentences}]
        return [self.source.text[s.start : s.end] for s in spans]

    def token_at(self, position: int) -> int:
        """Index of the claim's token at or before a position of its text."""
        return max(0, bisect_right(self._token_starts, position) - 1)

    def finding(
        self, check: str, span: Span, message: str, *,
        evidence: tuple[int, int] | None = None, severity: Severity = Severity.ERROR,
    ) -> Finding:  # fmt: skip
        """A finding on this claim; `evidence` is a range of the source's text, by default the best sentence."""
        if evidence is None and self.aligned_sentences:
            best = self.source.sentences[self.aligned_sentences[0]]
            evidence = best.start, best.end
        refs = self.source.ref(*evidence) if evidence is not None else ()
        return Finding(check, severity, self.index, span, message, refs)

    def is_content(self, k: int) -> bool:
        return self.tokens[k].symbol not in _MARKS


def _plain(text: str) -> str:
    return "".join(text.split()).translate(_PLAIN_TABLE).strip("。！？…")


def is_mark(symbol: str) -> bool:
    return symbol in _MARKS

"""Summaries and readings of made texts, with a scorer that wants what the test says."""

from __future__ import annotations

import numpy as np

from briefing.records import Article
from briefing.summarise import SummaryOptions
from briefing.summarise.decode import Decoder
from briefing.summarise.features import Reading, read_words
from briefing.summarise.grammar import analyse
from briefing.summarise.realise import group_lines, lines_of, write_summary
from briefing.summarise.scoring import shared_tables
from briefing.summarise.units import read_document
from briefing.text.sentences import split_sentences
from briefing.words import load_lexicon


def reading_of(text: str, **heads: str) -> Reading:
    article = Article("a", "test", heads.pop("title", ""), text, split_sentences(text), (), **heads)
    return read_words(read_document(article), load_lexicon(), shared_tables())


def summary_of(text: str, wanted: str, **heads: str) -> str:
    """The summary when a scorer wants exactly the clauses that contain a word of `wanted`."""
    reading = reading_of(text, **heads)
    words = wanted.split()
    scores = np.array([0.95 if any(w in u.text for w in words) else 0.05 for u in reading.document.units])
    grammar = analyse(reading)
    options = SummaryOptions()
    parts = Decoder().decode(reading, grammar, scores, options)
    groups = group_lines(reading.document, lines_of(parts), options.max_sentences)
    posts = {i: (spans, grammar.introduced_by[i]) for i, spans in enumerate(grammar.introduction) if spans}
    return write_summary(reading.document, groups, ("", ()), "test", posts).text

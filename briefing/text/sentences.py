"""Splits text into sentences and clauses; nothing but white space between them is left out."""

from __future__ import annotations

import re

from briefing.records import Clause, Sentence, Span

_OPEN = {"“": "”", "‘": "’", "（": "）", "(": ")", "《": "》", "「": "」", "『": "』", "【": "】", "〔": "〕"}
_CLOSE = set(_OPEN.values())
_STOPS = "。！？!?"
_CLAUSE_MARKS = "，：；。！？!?;"
# A quotation that runs on for longer than this is taken as unclosed (OCR loses marks).
_MAX_QUOTED_CHARS = 400


def _closers(text: str, start: int, end: int) -> dict[int, int]:
    """Opening mark -> its closing mark, for pairs that close inside `text[start:end]`."""
    pairs: dict[int, int] = {}
    stack: list[int] = []
    for i in range(start, end):
        char = text[i]
        if char in _OPEN:
            stack.append(i)
        elif char in _CLOSE:
            for k in range(len(stack) - 1, -1, -1):
                if _OPEN[text[stack[k]]] == char:
                    if i - stack[k] <= _MAX_QUOTED_CHARS:
                        pairs[stack[k]] = i
                    del stack[k:]
                    break
    return pairs


def _cut(text: str, start: int, end: int, marks: str, *, stop_in_quote_ends: bool) -> list[tuple[int, int]]:
    pairs = _closers(text, start, end)
    pieces: list[tuple[int, int]] = []
    i = begin = start
    while i < end:
        if i in pairs:
            i = pairs[i]
            # “……。” ends a sentence where the quotation does.
            if stop_in_quote_ends and text[i] in "”’」』" and text[i - 1] in _STOPS + "…":
                i = _past_closers(text, i + 1, end)
                pieces.append((begin, i))
                begin = i
                continue
            i += 1
            continue
        ellipsis = marks == _STOPS and text.startswith("……", i)
        if text[i] in marks or ellipsis:
            if text[i] in ",:;!?" and i + 1 < end and text[i + 1].isalnum() and text[i + 1].isascii():
                i += 1
                continue
            i += 2 if ellipsis else 1
            while i < end and text[i] in marks:
                i += 1
            if ellipsis and i < end and text[i] not in "”’」』\n":
                continue
            i = _past_closers(text, i, end)
            pieces.append((begin, i))
            begin = i
            continue
        i += 1
    if begin < end:
        pieces.append((begin, end))
    return pieces


def _past_closers(text: str, i: int, end: int) -> int:
    while i < end and text[i] in "”’」』）)】":
        i += 1
    return i


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def split_clauses(text: str, span: Span) -> tuple[Clause, ...]:
    """Clauses of the sentence `text[span]`: they tile it, each with its closing mark."""
    pieces = _cut(text, span.start, span.end, _CLAUSE_MARKS, stop_in_quote_ends=False)
    return tuple(Clause(Span(a, b)) for a, b in pieces)


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Sentences of `text` in order; a line end always ends one. `paragraph` counts non-empty lines."""
    sentences: list[Sentence] = []
    paragraph = -1
    for line in re.finditer(r"[^\n]+", text):
        if not line.group().strip():
            continue
        paragraph += 1
        for a, b in _cut(text, line.start(), line.end(), _STOPS, stop_in_quote_ends=True):
            span = Span(*_trim(text, a, b))
            if span.start < span.end:
                sentences.append(Sentence(span, split_clauses(text, span), paragraph))
    return tuple(sentences)

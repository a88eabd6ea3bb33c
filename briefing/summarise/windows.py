"""Cuts an article into windows that a model can read whole: nothing is left out between them.

A window ends at the end of a sentence; a sentence that is too large for one is cut at clauses, and a clause
at characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from briefing.summarise.units import Document

CountTokens = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Windows:
    """`texts`: the windows in order; `left_chars`: characters of the article after them, not read."""

    texts: tuple[str, ...]
    left_chars: int


def cut_windows(document: Document, max_tokens: int, count: CountTokens, max_windows: int) -> Windows:
    """The usable text of `document` in windows of at most `max_tokens` of `count` each.

    Of more than `max_windows` the first ones are read: what comes after is counted in `left_chars`, for the
    caller to report. A single character that counts more than `max_tokens` is a window of its own.
    """
    windows: list[str] = []
    held, size = "", 0
    for piece in _pieces(document, max_tokens, count):
        tokens = count(piece)
        if held and size + tokens > max_tokens:
            windows.append(held)
            held, size = "", 0
        held += piece
        size += tokens
    if held:
        windows.append(held)
    left = sum(len(w.replace("\n", "")) for w in windows[max_windows:])
    return Windows(tuple(w.strip("\n") for w in windows[:max_windows]), left)


def _pieces(document: Document, max_tokens: int, count: CountTokens) -> Iterator[str]:
    """Sentences, or parts of one, that fit a window each; a line end in front of each new paragraph."""
    paragraph = -1
    for start, end in document.sentences:
        units = [u for u in document.units[start:end] if u.usable]
        if not units:
            continue
        opening = "\n" if paragraph not in (-1, units[0].paragraph) else ""
        paragraph = units[0].paragraph
        clauses = [u.text + u.mark for u in units]
        clauses[0] = opening + clauses[0]
        sentence = "".join(clauses)
        if count(sentence) <= max_tokens:
            yield sentence
            continue
        for clause in clauses:
            yield from _shortened(clause, max_tokens, count)


def _shortened(clause: str, max_tokens: int, count: CountTokens) -> Iterator[str]:
    """`clause` in pieces that fit, each at least half as long as could be."""
    while clause:
        size = len(clause)
        while size > 1 and count(clause[:size]) > max_tokens:
            size = (size + 1) // 2
        yield clause[:size]
        clause = clause[size:]

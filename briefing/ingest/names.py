"""File names as text: what can be printed, stored as JSON and put on one line."""

from __future__ import annotations

import re

# C0, DEL, C1, line and paragraph separators, bidirectional controls.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def as_text(name: str) -> str:
    """`name` with bytes that are no text (surrogate escapes) written as \\xNN; else unchanged."""
    return (
        name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        if not _is_text(name)
        else name
    )


def one_line(name: str) -> str:
    """`as_text(name)` with line ends, control and bidirectional characters written as escapes."""
    return _UNPRINTABLE.sub(lambda m: m.group().encode("unicode_escape").decode(), as_text(name))


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True

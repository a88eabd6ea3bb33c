"""Untrusted text made fit to show on one line of a terminal."""

from __future__ import annotations

import unicodedata

# Bidirectional controls can make a line read as something else (Unicode TR 36, 2.1).
_BIDI = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str, max_chars: int = 0) -> str:
    """`text` with control, bidirectional and undecodable characters escaped; cut to `max_chars` unless 0."""
    shown = "".join(_escaped(c) if _is_unsafe(c) else c for c in text)
    return shown[: max_chars - 1] + "…" if max_chars and len(shown) > max_chars else shown


def _is_unsafe(char: str) -> bool:
    return char in _BIDI or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"

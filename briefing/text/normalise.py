"""Brings decoded text into one form, once, and keeps the way back to every character.

Every output character stands for exactly one input character (characters are replaced or left out,
never inserted), so the map is a list of runs.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from briefing.records import Run
from briefing.text.spans import runs_from_offsets

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇"
_IS_CJK = re.compile(f"[{_CJK}]")
_FULL_MARK = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？", "(": "（", ")": "）"}
_QUOTE_OR_MARK = "“”‘’《》〈〉「」『』（），。：；！？、"
_DROP = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class NormalisedText:
    text: str
    runs: tuple[Run, ...]


def _plain(char: str) -> str:
    """One character in its plain form; "" for what is to be left out."""
    if char in "\n":
        return char
    if char in "\t\u3000\u00a0" or unicodedata.category(char) == "Zs":
        return " "
    if _DROP.match(char) or unicodedata.category(char) in ("Cc", "Cs"):
        return ""
    code = ord(char)
    if 0xFF10 <= code <= 0xFF19 or 0xFF21 <= code <= 0xFF3A or 0xFF41 <= code <= 0xFF5A or char in "％＋－＝／＆＠．":
        return chr(code - 0xFEE0)
    if 0x2F00 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF:
        folded = unicodedata.normalize("NFKC", char)
        return folded if len(folded) == 1 else char
    return char


def _is_wide(char: str) -> bool:
    return bool(char) and (bool(_IS_CJK.match(char)) or char in _QUOTE_OR_MARK)


def normalise(raw: str) -> NormalisedText:
    """`raw` in one form: see the module's head. Normalising the result changes nothing."""
    chars: list[str] = []
    offsets: list[int] = []
    for i, char in enumerate(raw):
        if char == "\r":
            if raw[i + 1 : i + 2] == "\n":
                continue
            char = "\n"
        plain = _plain("\n" if char in "\u2028\u2029\x0b\x0c\x85" else char)
        if plain:
            chars.append(plain)
            offsets.append(i)
    # Half-width marks beside Chinese become full-width; between digits they stay (1,000 and 10:30).
    for i, char in enumerate(chars):
        if char in _FULL_MARK:
            before = chars[i - 1] if i else ""
            after = chars[i + 1] if i + 1 < len(chars) else ""
            if char in ",:" and before.isdigit() and after.isdigit():
                continue
            if _is_wide(before) or _is_wide(after):
                chars[i] = _FULL_MARK[char]
    kept = [i for i in range(len(chars)) if not _needless_space(chars, i)]
    return NormalisedText("".join(chars[i] for i in kept), runs_from_offsets([offsets[i] for i in kept]))


def _needless_space(chars: list[str], i: int) -> bool:
    """White space at a line's edge, doubled, or beside a full-width mark."""
    if chars[i] != " ":
        return False
    before = chars[i - 1] if i else "\n"
    if before in "\n ":
        return True
    j = i
    while j < len(chars) and chars[j] == " ":
        j += 1
    after = chars[j] if j < len(chars) else "\n"
    return after == "\n" or before in _QUOTE_OR_MARK or after in _QUOTE_OR_MARK

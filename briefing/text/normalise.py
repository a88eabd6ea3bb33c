"""Brings decoded text into one form, once, and keeps the way back to every character.

Every output character stands for exactly one input character: characters are replaced or left out, never
inserted, moved or joined, so the map back is a list of runs. Time is linear in the text, whatever it holds.

What a mark becomes depends only on the nearest characters that no rule here changes, and every rule for
spaces either keeps or drops all that its pattern covers; so a second pass finds nothing left to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from briefing.records import Run
from briefing.text.wide_forms import LOOK_ALIKES

_H = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af〇"  # hanzi, inside a character class
_IS_HANZI = re.compile(f"[{_H}]")
# Radicals, compatibility hanzi, vertical and small forms: folded where Unicode gives one character for one.
_FOLDED = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f\ufe10-\ufe19\ufe30-\ufe6b]")
_DROPPED = "\x00"  # stands for a character that is left out, until it is

# --- marks ---
_FULL_MARK = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？", "(": "（", ")": "）"}
_QUOTES = "\"'“”‘’"
# Marks of either width, quotes and spaces: what a mark's context is looked for beyond.
_MARK_RUN = re.compile(f"[{re.escape(''.join(_FULL_MARK) + ''.join(_FULL_MARK.values()) + _QUOTES)} ]+")
_HALF_MARK = re.compile(f"[{re.escape(''.join(_FULL_MARK))}]")
# Solid characters (no rule changes them) that make a Chinese context.
_WIDE_SOLID = re.compile(f"[{_H}《》〈〉「」『』【】〔〕、。…—·％]")
_PAREN = re.compile(r"[()（）\n]")
_MAX_PAREN_CHARS = 200  # an unclosed bracket pairs with nothing further away
# Not quotes: what a quote becomes must not change what an address is.
_ADDRESS = re.compile(r"(?:https?|ftp)://[!#-&(-;=?-~]+|[\w.+-]+@[\w-]+\.[\w.-]+", re.A)
_HALF_STOP = re.compile(rf"(?<=[{_H}》])\.(?= ?(?:\n|\Z))")
_APOSTROPHE = re.compile(r"(?<![A-Za-z0-9])'|'(?![A-Za-z0-9])")
_SINGLE_QUOTED = re.compile(rf"(?<![A-Za-z0-9])'([^'\n]{{0,60}}[{_H}][^'\n]{{0,60}})'(?![A-Za-z0-9])")

# --- spaces ---
_EDGE_OR_DOUBLED = re.compile(r"(?<=\n) +| +(?=\n)|\A +| +\Z|(?<= ) +")
_OPENING, _CLOSING, _POINTS = "“‘《〈「『（【〔", "”’》〉」』）】〕", "，。：；！？、"
_BESIDE_ANY_MARK = re.compile(f"(?<=[{_OPENING}{_CLOSING}{_POINTS}]) | (?=[{_OPENING}{_CLOSING}{_POINTS}])")
_INSIDE_BRACKET = re.compile(f"(?<=[{_OPENING}{_POINTS}]) | (?=[{_CLOSING}{_POINTS}])")
_BETWEEN_WORDS = re.compile(
    rf"(?<=[{_H}]) (?=[{_H}0-9A-Za-z])|(?<=[0-9A-Za-z%‰℃]) (?=[{_H}])|(?<=\d) (?=[%‰℃])"
)
_PERSON = "记者|通讯员|特派员|特约记者|实习生|作者|编辑|校对|摄影|评论员|供稿|撰稿"
_NAME = f"[{_H}]{{2,4}}(?![{_H}])"
# Spaces inside running text that mean something; each pattern covers the spaces up to where it ends.
_MEANT = re.compile(
    "|".join(
        (
            rf"(?:{_PERSON})(?: {_NAME})+ ?",  # 记者 邹辉 通讯员 祝文彬
            rf" ?(?<![{_H}]){_NAME}(?: {_NAME})* 摄",  # 张三 李四 摄
            r"(?<=[日社报])[电讯] ",  # 新华社北京4月25日电 国家……
            r"第[一二三四五六七八九十百零〇0-9]{1,6}[条章节款编] ",  # 第一条 为了……
            rf"《[{_H}0-9A-Za-z]{{3,}}(?: [{_H}0-9A-Za-z]{{3,}})+》",  # 《共圆百年发展梦 同谱合作新华章》
            rf"“[{_H}0-9A-Za-z]{{3,}}(?: [{_H}0-9A-Za-z]{{3,}})+”",  # “不忘初心 牢记使命”
            rf"（[^（）\n]{{0,60}}(?:{_PERSON}|摄|报道|整理)[^（）\n]{{0,60}}）",  # （记者 王鹏 姬翔）
        )
    )
)
# Dates and numbers of pages are no two phrases, also in a headline.
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=[年月日时])|(?<=第) (?=\d)")
_IN_DATE = re.compile(
    r"(?<=\d年) (?=\d{1,2}月)|(?<=\d月) (?=\d{1,2}日)|(?<=第\d) (?=[版期届次号])|(?<=第\d\d) (?=[版期届次号])"
)
_LETTER_SPACED = re.compile(rf"(?:(?<=\n)|(?<= )|\A)[{_H}](?: [{_H}]){{2,}}(?=[ \n]|\Z)")
_TWO_LETTERS = re.compile(rf"(?:(?<=\n)|\A)[{_H}] [{_H}](?=\n|\Z)")
_CREDIT_LINE = re.compile(f"{_PERSON}|摄|责编|版式")
# A line of print that runs on, as against a headline or a list of names: it has a stop, or it is long and
# has points. 30 characters: headlines of one line are shorter, the shortest lines of a column longer (see
# tests/unit/text/test_normalise.py for both kinds).
_MIN_RUNNING_CHARS = 30


@dataclass(frozen=True, slots=True)
class NormalisedText:
    text: str
    runs: tuple[Run, ...]


def normalise(raw: str) -> NormalisedText:
    """`raw` in one form, and the runs that lead from it back into `raw`.

    Line ends become "\\n"; digits, letters and signs half-width; points, brackets and straight quotes in
    Chinese surroundings full-width; invisible, private and control characters go; so do spaces at edges,
    beside marks and inside running text, but not those between phrases of a headline or between names.
    """
    draft = _Draft(raw)
    draft.set(_translated(raw))
    draft.drop_marked()
    draft.set(_without_stray_combining(draft.text))
    draft.drop_marked()
    draft.drop(_spans(_EDGE_OR_DOUBLED, draft.text))
    draft.set(_full_width_marks(draft.text))
    draft.set(_paired_quotes(draft.text))
    draft.set(_HALF_STOP.sub("。", draft.text))
    running = _running_lines(draft.text)
    draft.drop(_spaces_to_drop(draft.text, running))
    return NormalisedText(draft.text, draft.runs())


class _Draft:
    """Text under work and, for each of its characters, its place in the raw text."""

    def __init__(self, raw: str) -> None:
        self.text = raw
        self._at: npt.NDArray[np.int64] = np.arange(len(raw), dtype=np.int64)

    def set(self, text: str) -> None:
        """Take `text`, which must stand character for character for the one before."""
        if len(text) != len(self.text):
            raise AssertionError("a rule changed the number of characters")
        self.text = text

    def drop_marked(self) -> None:
        """Leave out the characters marked as dropped."""
        if _DROPPED in self.text:
            codes = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
            self._at = self._at[codes != 0]
            self.text = self.text.replace(_DROPPED, "")

    def drop(self, spans: Iterable[tuple[int, int]]) -> None:
        """Leave out these ranges (ascending, disjoint)."""
        pieces, keep, done = [], np.ones(len(self.text), dtype=bool), 0
        for start, end in spans:
            pieces.append(self.text[done:start])
            keep[start:end] = False
            done = end
        if done:
            pieces.append(self.text[done:])
            self.text = "".join(pieces)
            self._at = self._at[keep]

    def runs(self) -> tuple[Run, ...]:
        if not len(self._at):
            return ()
        starts = np.concatenate(([0], np.flatnonzero(np.diff(self._at) != 1) + 1))
        lengths = np.diff(np.concatenate((starts, [len(self._at)])))
        return tuple(
            Run(a, b, n)
            for a, b, n in zip(starts.tolist(), self._at[starts].tolist(), lengths.tolist(), strict=True)
        )


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in pattern.finditer(text))


def _translated(raw: str) -> str:
    """`raw` with every character in its plain form, or marked as dropped."""
    table = {ord(char): plain for char in set(raw) if (plain := _plain(char)) != char}
    if "\r\n" in raw:
        raw = raw.replace("\r\n", _DROPPED + "\n")
    return raw.translate(table)


def _plain(char: str) -> str:
    """The plain form of one character; the drop mark for what is to be left out."""
    if char in "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029":
        return "\n"
    category = unicodedata.category(char)
    if char == "\t" or category == "Zs":
        return " "
    # Cf: zero width, bidirectional, soft hyphen, joiners, byte order mark. Co: private use.
    if category in ("Cc", "Cf", "Co", "Cs") or ord(char) & 0xFFFE == 0xFFFE or _is_selector(char):
        return _DROPPED
    code = ord(char)
    if 0xFF01 <= code <= 0xFF5E:
        return char if char in "，：；！？（）～｜" else chr(code - 0xFEE0)
    if char in LOOK_ALIKES:
        return LOOK_ALIKES[char]
    folded = unicodedata.normalize("NFKC", char) if _FOLDED.match(char) else char
    return folded if len(folded) == 1 else char


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _without_stray_combining(text: str) -> str:
    """Combining marks dropped unless a letter that is no hanzi carries them; two of a stack are kept."""
    marks = "".join(c for c in set(text) if unicodedata.category(c) in ("Mn", "Me") and c not in "\u3099\u309a")
    if not marks:
        return text

    def keep(match: re.Match[str]) -> str:
        base = text[match.start() - 1] if match.start() else ""
        kept = 2 if base.isalpha() and not _IS_HANZI.match(base) else 0
        return match.group()[:kept] + _DROPPED * (len(match.group()) - kept)

    return re.sub(f"[{re.escape(marks)}]+", keep, text)


def _full_width_marks(text: str) -> str:
    """Half-width points and brackets made full-width where Chinese stands on either side."""
    chars: dict[int, str] = {}
    wide_at: set[int] = set()  # positions of brackets, of either width, in a Chinese context
    guarded = _guard(text)
    for run in _MARK_RUN.finditer(guarded):
        start, end = run.span()
        before, after = guarded[start - 1 : start], guarded[end : end + 1]
        if not (_WIDE_SOLID.match(before) or _WIDE_SOLID.match(after)):
            continue
        for mark in _HALF_MARK.finditer(guarded, start, end):
            chars[mark.start()] = _FULL_MARK[mark.group()]
            wide_at.add(mark.start())
    for opening, closing in _bracket_pairs(guarded):
        either_full = guarded[opening] == "（" or guarded[closing] == "）"
        wide = opening in wide_at or closing in wide_at or either_full
        if wide or _IS_HANZI.search(guarded[opening + 1 : closing]):
            chars[opening], chars[closing] = "（", "）"
    if not chars:
        return text
    out = list(text)
    for at, char in chars.items():
        out[at] = char
    return "".join(out)


def _guard(text: str) -> str:
    """`text` with the characters of web and mail addresses covered, so that no mark in them changes."""
    if "://" not in text and "@" not in text:
        return text
    return _ADDRESS.sub(lambda m: "x" * len(m.group()), text)


def _bracket_pairs(text: str) -> Iterator[tuple[int, int]]:
    """Positions of matching round brackets of either width, on one line."""
    stack: list[int] = []
    for match in _PAREN.finditer(text):
        char = match.group()
        if char == "\n":
            stack.clear()
        elif char in "(（":
            stack.append(match.start())
        elif stack:
            opening = stack.pop()
            if match.start() - opening <= _MAX_PAREN_CHARS:
                yield opening, match.start()


def _paired_quotes(text: str) -> str:
    """Straight quotes made “ ” and ‘ ’ on lines with hanzi where they pair up; other lines stay."""
    if '"' not in text and "'" not in text:
        return text
    return "\n".join(_quotes_of_line(line) for line in text.split("\n"))


def _quotes_of_line(line: str) -> str:
    if not _IS_HANZI.search(line):
        return line
    if '"' in line:
        chars = list(line)
        is_open = False
        for i, char in enumerate(chars):
            if char == '"':
                chars[i] = "”" if is_open else "“"
            if char in '“”"':
                if is_open == (chars[i] == "“"):
                    break  # opens twice or closes nothing: not to be repaired by counting
                is_open = not is_open
        else:
            line = line if is_open else "".join(chars)
    if "'" in line:
        paired = _SINGLE_QUOTED.sub(r"‘\1’", line)
        # All or nothing: a quote left over means that the others may be paired wrongly.
        line = line if _APOSTROPHE.search(paired) else paired
    return line


def _running_lines(text: str) -> list[tuple[int, int, bool]]:
    """(start, end, runs on) of each line."""
    lines = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        solid = len(line) - line.count(" ")
        has_stop = "。" in line or "；" in line
        has_point = any(mark in line for mark in "，、：！？")
        lines.append((start, end, has_stop or (has_point and solid >= _MIN_RUNNING_CHARS)))
        start = end + 1
    return lines


def _spaces_to_drop(text: str, lines: list[tuple[int, int, bool]]) -> list[tuple[int, int]]:
    """Ranges of single spaces that mean nothing."""
    dropped: list[tuple[int, int]] = []
    for start, end, runs_on in lines:
        line = text[start:end]
        if " " not in line:
            continue
        found = _in_running(line) if runs_on else _in_short(line)
        dropped.extend((start + at, start + at + 1) for at in sorted(found))
    return dropped


def _in_running(line: str) -> set[int]:
    """Positions of the meaningless spaces of a line of running text."""
    # Patterns of names look at what is left when the spaces beside marks are gone.
    beside = {m.start() for m in _BESIDE_ANY_MARK.finditer(line)}
    bare = "".join(c for i, c in enumerate(line) if i not in beside)
    places = [i for i in range(len(line)) if i not in beside]
    meant = {i for m in _MEANT.finditer(bare) for i in range(*m.span()) if bare[i] == " "}
    between = {places[m.start()] for m in _BETWEEN_WORDS.finditer(bare) if m.start() not in meant}
    return beside | between


def _in_short(line: str) -> set[int]:
    """Positions of the meaningless spaces of a headline, a byline or a list."""
    found = {m.start() for pattern in (_INSIDE_BRACKET, _BEFORE_UNIT) for m in pattern.finditer(line)}
    bare = "".join(c for i, c in enumerate(line) if i not in found)
    places = [i for i in range(len(line)) if i not in found]
    again = {m.start() for m in _IN_DATE.finditer(bare)}
    if not _CREDIT_LINE.search(bare):
        for pattern in (_LETTER_SPACED, _TWO_LETTERS):
            again |= {i for m in pattern.finditer(bare) for i in range(*m.span()) if bare[i] == " "}
    return found | {places[i] for i in again}

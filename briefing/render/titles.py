"""Where titles are broken: at word borders, in even shapes (GB/T 9704-2012, 7.3.1).

The standard asks for 词意完整, 排列对称, 梯形或菱形. `break_title` knows text and columns only; `Titles` knows
the lines of the printed page, which PDF and Word share.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from briefing.render.view import BriefingView, ItemView, SectionView
from briefing.words import Word, load_lexicon

Cut = Callable[[str], Sequence[Word]]
Lines = tuple[tuple[str, ...], ...]

NEVER = float("inf")
# What a break costs, in squared columns of unevenness. Ours, set by reading headlines of gold/dev. In 4,687
# broken titles of gold/train 0.9 % of line ends fall into a word of jieba, where lines are simply filled 52 %;
# 2 end in a stub, there 1,170 (tests/quality/measure_titles.py).
_IN_WORD = 5_000.0  # taken only where one word is longer than the line
_GLUED = 400.0  # figure and unit, single characters side by side (as a name unknown to the list is cut)
_PARTED = 60.0  # a particle taken from its word, a preposition from its noun, quoted words from one another
_SINGLE = 14.0  # beside a character alone, which may belong to its neighbour
_COMPOUND = 14.0  # inside a compound of several words
_GOVERNED = 9.0  # between a verb or 的 and its noun
_WORDS = 6.0
_PHRASE = 2.0  # before a word that opens a phrase
_PAUSE = -4.0  # after a comma or a colon, before a dash
_GAP = -10.0  # at the space between the halves of a headline

_OPENING = frozenset("（《〈“‘【〔［｛「『(〔[{<￥¥$")
_CLOSING = frozenset("）》〉”’】〕］｝」』)]}>，。、；：！？…～·,.;:!?%‰％℃°")
_PAIRS = {"《": "》", "“": "”", "（": "）", "「": "」", "『": "』", "〈": "〉", "【": "】"}
_PAUSES = frozenset("，、；：！？】")
_DASHES = frozenset("—―")
_SHORT_QUOTE = 12  # characters, marks included: such a name stays whole
_BEFORE_FIGURES = frozenset("第超近约逾达破增降")
# Written in several words: 2026年3月5日, 2026—2028, 百分之八点二.
_FIGURE = re.compile(
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月|\d[\d.,]*(?:[—~～至/-]\d[\d.,]*)+[年月日]?"
    r"|百分之[零〇一二三四五六七八九十百点]+"
)
_AFTER_FIGURES = frozenset("和与及或并同在将拟为对向从于以由让使把被")  # words, no units
_UNIT_TAGS = frozenset("qmt")
# Single characters that are words of their own; any other may be a piece of a name.
_FUNCTION = frozenset("的地得了着过等之和与及或并同在将拟为对向从到于以由让使把被是有不未再更已获至")
_ATTACHED = frozenset("的地得了着过等之")
_LEADING = frozenset("和与及或并同在将拟为对向从到于以由让使把被不未再更已至")
# What ends a word that the list cuts before it: 房地产·业, 示范·性, 青石·县.
_SUFFIXES = frozenset("性式化点率者员业界区县市省镇乡村站所局部委会厅院馆园级型类期间家人度力法版岁日月年")
_BEFORE_HEAD = frozenset("abfr")  # 新·局面, 总·投资
_OPENS_PHRASE = frozenset("pc")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")
_WIDTHS = (
    (frozenset("mwMW@%&"), 1.12),
    (frozenset(" .,:;!'|()[]ijl"), 0.45),
    (frozenset("0123456789-/fIrst"), 0.62),
    (frozenset("abcdeghknopquvxyzJ"), 0.71),
)
_UNEVEN = 0.3  # centred: for each squared column off the mean
_SLACK = 0.5  # flush left: for each squared column left empty
_PHONE = 12.0  # columns of a headline at 320 px, with its ordinal on the line before
_CELL = 9.0  # columns of 12 pt: 108 pt; two such columns of the table share 283
_MIN_LAST = 6.0  # columns of the last line of a title set flush left


@dataclass(frozen=True, slots=True)
class Room:
    """`columns` of a line, in full-width characters; `first` of the first line, 0 for the same.

    `centred` lines are made even; others are filled, and the last is not left a stub.
    """

    columns: float
    first: float = 0
    centred: bool = True

    def line(self, start: int) -> float:
        return (self.first or self.columns) if start == 0 else self.columns


def char_width(char: str) -> float:
    """Columns that `char` takes at most in the fonts of `briefing.fonts` (tests/unit/render/test_titles.py)."""
    if unicodedata.combining(char) or char in _JOINERS:
        return 0.0
    if ord(char) >= 0x1F000:
        return 1.0 if ord(char) >= 0x20000 else 1.4  # emoji
    if unicodedata.east_asian_width(char) in "WFA":
        return 1.0
    return next((width for chars, width in _WIDTHS if char in chars), 0.9)


def text_width(text: str) -> float:
    return sum(map(char_width, text))


def break_title(text: str, room: Room, cut: Cut) -> tuple[str, ...]:
    """`text` in as few lines as hold it; joined they are `text`. Where nothing fits, one line."""
    if text_width(text) <= room.line(0):
        return (text,)
    costs = _break_costs(text, cut)
    for start, end in _quoted(text):
        for i in range(start + 1, end):
            costs[i] += _PARTED
    for limit in (_GLUED, _IN_WORD, NEVER):
        ends = _best_ends(text, costs, room, limit)
        if ends:
            return tuple(text[a:b] for a, b in pairwise((0, *ends)))
    return (text,)


def words_of(text: str, cut: Cut) -> tuple[str, ...]:
    """`text` cut where any line may end; joined they are `text`."""
    places = [i for i, cost in enumerate(_break_costs(text, cut)) if cost < _PARTED]
    return tuple(text[a:b] for a, b in pairwise((0, *places, len(text))) if a < b)


def is_divisible(word: str) -> bool:
    """Whether a browser would break `word` at a mark inside it, though a line of a phone holds it whole."""
    core = word.strip("".join(_OPENING | _CLOSING | _PAUSES) + " \u3000")
    return not core.isalnum() and 1 < text_width(word) <= _PHONE


def is_short(word: str) -> bool:
    """Whether `word` can stay whole in the narrowest column of a table."""
    return 1 < text_width(word) <= _CELL


def _break_costs(text: str, cut: Cut) -> list[float]:
    """For each position what a break before it costs; NEVER at 0."""
    costs = [_IN_WORD] * len(text)
    at = 0
    for before, after in pairwise(cut(text)):
        at += len(before.text)
        costs[at] = _between(before, after)
    for i, (before_char, char) in enumerate(pairwise(text), 1):
        if _joins(before_char, char):
            costs[i] = NEVER
        elif before_char in _DASHES or char in _DASHES:
            costs[i] = NEVER if before_char == char else _PARTED if before_char in _DASHES else _PAUSE
        elif before_char.isspace():
            # Two Latin words may be a name; any other gap parts the halves of a headline.
            latin = char.isascii() and text[max(0, i - 2)].isascii()
            costs[i] = _COMPOUND if latin else _GAP
        elif before_char in _PAUSES:
            costs[i] = _PAUSE
        elif char == "（":
            costs[i] = _PHRASE
    for start, end in _quoted(text):
        for i in range(start + 1, end):
            costs[i] += _GLUED if end - start <= _SHORT_QUOTE else 0
    for found in _FIGURE.finditer(text):
        for i in range(found.start() + 1, found.end()):
            costs[i] = max(costs[i], _GLUED)
    if costs:
        costs[0] = NEVER
    return costs


def _joins(before: str, char: str) -> bool:
    """No line ends between: marks that may not open or end one, accents, joined emoji, skin colours."""
    if char in _CLOSING or before in _OPENING or char.isspace():
        return True
    return char_width(char) == 0 or before == "\u200d" or "\U0001f3fb" <= char <= "\U0001f3ff"


def _between(before: Word, after: Word) -> float:
    """The cost of a break between two neighbouring words."""
    if _belong_together(before, after):
        return _GLUED
    if after.text in _ATTACHED or before.text in _LEADING or before.tag == "d":
        return _PARTED
    if _is_single(before) or _is_single(after):
        return _SINGLE
    return _phrase_cost(before, after)


def _phrase_cost(before: Word, after: Word) -> float:
    """Phrases stay whole where the shape allows it: 词意完整."""
    if after.tag in _OPENS_PHRASE:
        return _PHRASE
    if before.tag in ("b", "a", "r") or (after.tag == "n" and before.tag in ("n", "nt", "nz")):
        return _COMPOUND  # 民营·经济, 这家·企业, 营商·环境
    if before.text in _ATTACHED or before.tag == "v":
        return _GOVERNED
    return _PHRASE if after.tag == "v" else _WORDS


def _belong_together(before: Word, after: Word) -> bool:
    unit = after.tag in _UNIT_TAGS or len(after.text) == 1 or after.text[0] in "年月日"
    if before.tag == "m" and unit and after.text not in _AFTER_FIGURES:
        return True
    if after.tag == "m" and before.text in _BEFORE_FIGURES:
        return True
    if after.tag == "k" or (after.text in _SUFFIXES and before.text not in _FUNCTION):
        return True
    if _is_single(before) and (_is_single(after) or before.tag in _BEFORE_HEAD or before.tag in ("nr", "ns")):
        return True
    return _is_latin(before.text) and _is_latin(after.text)  # 5G, COVID-19


def _is_single(word: Word) -> bool:
    """A character alone that may be a piece of a name or of a word that the list does not know."""
    return len(word.text) == 1 and word.text.isalpha() and word.text not in _FUNCTION


def _is_latin(text: str) -> bool:
    return text.isascii() and text.strip() != ""


def _quoted(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of quoted words and book titles, marks included."""
    for i, char in enumerate(text):
        end = text.find(_PAIRS[char], i) if char in _PAIRS else -1
        if end > 0:
            yield i, end + 1


@dataclass(frozen=True, slots=True)
class _Line:
    """The best title so far that ends with this line. `falling`: a line was shorter than the one before."""

    cost: float
    start: int
    end: int
    width: float
    falling: bool
    previous: _Line | None


def _best_ends(text: str, costs: Sequence[float], room: Room, limit: float) -> tuple[int, ...]:
    """The ends of the lines of the best title whose breaks all cost less than `limit`; () where none fits."""
    places = [i for i, cost in enumerate(costs) if cost < limit]
    widths = [0.0]
    for char in text:
        widths.append(widths[-1] + char_width(char))
    count = _fewest(text, places, widths, room)
    lines = [_Line(0.0, 0, 0, 0.0, falling=False, previous=None)] if count else []
    for number in range(1, count + 1):
        found: dict[tuple[int, int, bool], _Line] = {}
        for line in lines:
            for end in [len(text)] if number == count else [p for p in places if p > line.end]:
                longer = _add(line, end, text, (widths, costs, room, count))
                if longer is None:
                    break
                key = (longer.start, longer.end, longer.falling)
                if key not in found or longer.cost < found[key].cost:
                    found[key] = longer
        lines = list(found.values())
    best = min(lines, key=lambda line: line.cost, default=None)
    ends: list[int] = []
    while best and best.previous:
        ends.append(best.end)
        best = best.previous
    return tuple(ends[::-1])


def _fewest(text: str, places: Sequence[int], widths: Sequence[float], room: Room) -> int:
    """How many lines the text takes at least; 0 where a piece is wider than the line."""
    start = count = 0
    while start < len(text):
        ends = [p for p in (*places, len(text)) if p > start]
        fits = [p for p in ends if _ink(text, start, p, widths) <= room.line(start)]
        if not fits:
            return 0
        start, count = fits[-1], count + 1
    return count


def _ink(text: str, start: int, end: int, widths: Sequence[float]) -> float:
    """Columns of `text[start:end]`; white space at a line's end takes none."""
    while end > start and text[end - 1].isspace():
        end -= 1
    return widths[end] - widths[start]


def _add(
    line: _Line, end: int, text: str, about: tuple[Sequence[float], Sequence[float], Room, int]
) -> _Line | None:
    """`line` followed by the words up to `end`; None where they do not fit."""
    widths, costs, room, count = about
    start = line.end
    width = _ink(text, start, end, widths)
    if width > room.line(start):
        return None
    last = end == len(text)
    cost = line.cost + (0.0 if last else costs[end])
    if width < 2:
        cost += _GLUED  # one character alone
    falling = line.falling
    if not room.centred:
        cost += 4 * max(0.0, _MIN_LAST - width) ** 2 if last else _SLACK * (room.line(start) - width) ** 2
        return _Line(cost, start, end, width, falling, line)
    cost += _UNEVEN * (width - widths[-1] / count) ** 2
    if line.previous:
        if abs(width - line.width) < 1:
            cost += _PHRASE  # a rectangle
        elif width < line.width:
            falling = True
        elif falling:
            cost += _PARTED  # an hourglass
    return _Line(cost, start, end, width, falling, line)


# Type area 156 mm = 442.2 pt: 28 columns of body type (16 pt set 0.21 pt tight), 20 of the 22 pt title, 9.7
# of the 42 pt masthead set 0.08 em apart, 14.7 of the 30 pt one. Indents: briefing.css and docx_styles.
_BODY = 28.0
_EM = 16 / 15.79  # columns of an em of indent, which is not set tight
_TOPIC = Room(20.0)
_MASTHEAD, _MASTHEAD_WIDE = Room(9.7), Room(14.7)
_LONG_MASTHEAD = 9
_CONTENTS_FIRST, _CONTENTS = _BODY - _EM, _BODY - 2 * _EM
_INDENT = {"areas": 1.5 * _EM, "topic": 2 * _EM, "plain": 2 * _EM}


@dataclass(frozen=True, slots=True)
class Titles:
    """The lines of the titles of one issue, each in words between which a narrower line may be broken."""

    view: BriefingView
    cut: Cut

    @property
    def masthead_is_long(self) -> bool:
        return len(self.view.title) > _LONG_MASTHEAD

    def masthead(self) -> Lines:
        return self._lines(self.view.title, _MASTHEAD_WIDE if self.masthead_is_long else _MASTHEAD)

    def topic(self) -> Lines:
        return self._lines(self.view.dress.topic, _TOPIC)

    def section(self, section: SectionView) -> Lines:
        indent = 0.0 if self.view.dress.form.numbering == "plain" else 2 * _EM
        return self._lines(section.heading, Room(_BODY, _BODY - indent, centred=False))

    def contents_section(self, section: SectionView) -> Lines:
        return self._lines(section.heading, Room(_BODY, centred=False))

    def headline(self, item: ItemView) -> Lines:
        """Without the ordinal, for which room is left."""
        first = _BODY - _INDENT[self.view.dress.form.numbering] - text_width(item.ordinal)
        return self._lines(item.headline.text, Room(_BODY, first, centred=False))

    def contents(self, item: ItemView) -> Lines:
        """Without the ordinal, for which room is left."""
        first = _CONTENTS_FIRST - text_width(item.ordinal)
        return self._lines(item.headline.text, Room(_CONTENTS, first, centred=False))

    def cell(self, text: str) -> tuple[str, ...]:
        """Words in a table, whose columns are as wide as they come out."""
        return words_of(text, self.cut)

    def _lines(self, text: str, room: Room) -> Lines:
        return tuple(words_of(line, self.cut) for line in break_title(text, room, self.cut))


def titles_of(view: BriefingView) -> Titles:
    """With the shipped word list. Raises ResourceError when it is damaged."""
    return Titles(view, load_lexicon().cut)

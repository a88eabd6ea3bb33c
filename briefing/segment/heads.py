"""Reads headline stacks (肩题 kicker, 主题 headline, 副题 subtitle) and finds the body of a displaced one."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from briefing.segment import cues

# A displaced head line shares at least this weighted share of its character pairs with its own body.
MIN_OWN_SHARE = 0.3
# What an editor of lists sets before or around a headline: it is no part of it.
_LIST_MARK = re.compile(
    r"^(?:[-*•·] +|[▲●■◆★○◎□▼]\s*)?"
    r"(?:(?:\d{1,2}(?:[.．](?!\d)|、)|[①-⑳]|（\d{1,2}）|[一二三四五六七八九十]{1,3}、)\s*)?"
)
_BRACKETED = re.compile(r"【([^【】]+)】|\*\*([^*]+)\*\*[：:]?")


@dataclass(frozen=True, slots=True)
class HeadStack:
    title: str
    kicker: str = ""
    subtitle: str = ""


def without_list_marks(line: str) -> str:
    """A head line without its number, bullet and the brackets or stars around it: 1.【…】 → …"""
    bare = _LIST_MARK.sub("", line, count=1).strip()
    found = _BRACKETED.fullmatch(bare)
    return (found[1] or found[2] if found else bare) or line


def pairs(text: str) -> set[str]:
    """Character pairs of the words of `text`; marks and blanks part words."""
    found: set[str] = set()
    for word in re.findall(r"[\u3400-\u9fff0-9A-Za-z]+", text):
        found.update(word[i : i + 2] for i in range(len(word) - 1))
    return found


class BodyIndex:
    """Which character pairs occur in which of some bodies; a pair in few bodies weighs more."""

    def __init__(self, bodies: Sequence[str]) -> None:
        self._pairs = [pairs(body) for body in bodies]
        self._seen = Counter(p for body in self._pairs for p in body)

    def share(self, head: str, body: int) -> float:
        """Weighted share of the head's character pairs that the body has, 0–1."""
        total = matched = 0.0
        for pair in pairs(head):
            weight = math.log(1 + len(self._pairs) / (0.5 + self._seen[pair]))
            total += weight
            matched += weight * (pair in self._pairs[body])
        return matched / total if total else 0.0


def read_stack(lines: Sequence[str], body: str) -> HeadStack:
    """Title, kicker and subtitle of printed head lines (continued lines already joined), as an editor reads
    them: the informative line is the headline; what leads up to it is the kicker, what follows the subtitle."""
    if not lines:
        return HeadStack("")
    lead = BodyIndex([body[:600]])
    at = max(range(len(lines)), key=lambda i: (_informative(lines, i, lead), -i))
    return HeadStack(
        lines[at], " ".join(lines[:at]), " ".join(re.sub(r"^[—\-－―\s]+", "——", s) for s in lines[at + 1 :])
    )


def _informative(lines: Sequence[str], i: int, lead: BodyIndex) -> float:
    """How much a head line reads like the headline: what the article's beginning confirms, less what marks a
    kicker, a subtitle or a slogan. No data says which line an editor takes: the weights are judgement, held to
    the answers of samples/ and the cases of tests/unit/segment/test_heads.py."""
    line = lines[i]
    chars = len(line.replace(" ", ""))
    score = 0.5 * lead.share(line, 0)
    for applies, weight in (
        # The last line before any subtitle is the one set largest.
        (i > 0 and not cues.SUBTITLE.match(line), 0.3),
        (cues.SUBTITLE.match(line) or cues.PARENTHESISED.match(line), -3.0),
        # 肩题 that lead over: “……时强调”, “……——”.
        (cues.KICKER_END.search(line) and i + 1 < len(lines), -1.5),
        # 副题 that list what else was done.
        (i > 0 and cues.SUBTITLE_OPENING.match(line), -0.5),
        (i > 0 and line.count(" ") >= 2, -0.4),
        # Who did it: a headline says so.
        (bool(cues.SUBJECT.match(line)), 0.15),
        (chars < 9, -0.3),
        (chars > 30, -0.3),
        (cues.slogan_share(line) > 0.5, -0.3),
        (line in cues.RUBRICS, -1.0),
    ):
        if applies:
            score += weight
    return score


@dataclass(frozen=True, slots=True)
class Placed:
    """Head line `head` (index into the pool) belongs to body `body`; `body` -1: to none."""

    head: int
    body: int


def place_heads(heads: Sequence[str], candidates: Sequence[int], index: BodyIndex) -> list[Placed]:
    """Gives each displaced head line, in printed order, to one of the headless bodies `candidates`.

    Lines of one stack stand together, so a line stays with the one before unless another body fits it clearly
    better (dynamic programme over lines × bodies). A body is left for good once the stack has moved on.
    """
    if not heads or not candidates:
        return [Placed(i, -1) for i in range(len(heads))]
    change_cost = 0.25
    options = [*candidates, -1]

    def fit(head: str, body: int) -> float:
        if body < 0:
            return MIN_OWN_SHARE * (0.6 if cues.SUBTITLE.match(head) else 1.0)
        return index.share(head, body)

    best = [fit(heads[0], body) for body in options]
    back: list[list[int]] = []
    for head in heads[1:]:
        top = max(range(len(options)), key=best.__getitem__)
        came, new = [], []
        for k, body in enumerate(options):
            stay = best[k] >= best[top] - change_cost
            came.append(k if stay else top)
            new.append((best[k] if stay else best[top] - change_cost) + fit(head, body))
        best = new
        back.append(came)
    at = max(range(len(options)), key=best.__getitem__)
    chosen = [at]
    for came in reversed(back):
        at = came[at]
        chosen.append(at)
    return [Placed(i, options[k]) for i, k in enumerate(reversed(chosen))]

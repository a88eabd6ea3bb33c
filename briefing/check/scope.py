"""How much of it, and how surely: 部分, 原则上 and 可能 are not lost, 全部 is not added."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.check.claims import Claim, is_mark
from briefing.check.words import (
    anchor,
    clause_range,
    dropped,
    joined_right,
    sentence_range,
    stands_there,
    words_of_claim,
)
from briefing.records import HEADLINE, Finding, Severity, Span
from briefing.text.alignment import UNMATCHED

NAME = "scope"
_UNIVERSAL = re.compile(r"全部|悉数|无一例外|一律|均(?=[已为达未获完实在由按可])|全都|所有(?!权|者|制)")
# What says the same, or tells the whole in other words.
_WHOLE = re.compile(
    r"全部|悉数|无一|一律|均|都|全都|所有|任何|各|每|皆|全面|逐一|一并|全(?=[市省县区国部线员程])|100%|率先实现|清零|分别"
)
_PARTIAL = re.compile(
    r"(?<![大一])部分(?=[\u4e00-\u9fff])(?!组成|内容)|大部分|少数(?!民族|派)|个别|少部分|绝大多数|多数(?![^，。]{0,8}\d)|原则上|仅限|只限|(?<!不)仅能|近半(?!年)|过半"
)
_UNSURE = re.compile(r"(?<!一切)可能(?!性)|或将|疑似|涉嫌|据称|初步|或(?=[达将为于超现可])|也许|似乎|不排除")
_STILL_UNSURE = re.compile(
    r"可能|或|疑|涉嫌|据[^，。]{0,4}[测估传悉报]|初步|似|不排除|预计|预测|有望|风险|恐|担心|警惕|防范|潜在|嫌疑|认为|估计|推测|将会"
)
_STILL_PARTIAL = re.compile(
    r"部分|大多|多数|少数|个别|一些|有的|若干|不少|多[家个名项地]|原则|仅|只|限|近半|过半|等"
)
_SURE = re.compile(
    r"将(?![军来士领近帅相功错就])|必将|已经?|确定|肯定|会(?=[\u4e00-\u9fff])(?!议|见|谈|商|长|员|同|上)"
)


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on words of quantity and of likelihood that the claim adds, exchanges or leaves out."""
    yield from _added(claim)
    yield from _lost(claim, _PARTIAL, _STILL_PARTIAL, "范围")
    yield from _lost(claim, _UNSURE, _STILL_UNSURE, "可能性")
    for word in words_of_claim(claim, _SURE):
        there = None if joined_right(claim, word) else stands_there(claim, word, _UNSURE)
        if there is not None and there.first not in claim.back:
            place = there.span.start, there.span.end
            yield claim.finding(NAME, word.span, f"“{word.text}”与原文“{there.text}”不符", evidence=place)


def _added(claim: Claim) -> Iterator[Finding]:
    for word in words_of_claim(claim, _UNIVERSAL):
        if claim.match[word.first] != UNMATCHED and joined_right(claim, word):
            continue
        if claim.text[word.span.start : word.span.end + 2] in claim.source.text:
            continue
        p = anchor(claim, word)
        if p is None or _WHOLE.search(claim.source.text, *clause_range(claim, p)):
            continue
        # 均 gathers several statements of the source, and 全部15万元 is no more than 15万元.
        mild = word.text == "均" or any(t.fact for t in claim.tokens[word.end : word.end + 2])
        mild = mild or claim.index == HEADLINE or _WHOLE.search(_said_before(claim, p)) is not None
        severity = Severity.WARNING if mild else Severity.ERROR
        yield claim.finding(
            NAME,
            word.span,
            f"原文没有“{word.text}”的意思",
            evidence=clause_range(claim, p),
            severity=severity,
        )


def _said_before(claim: Claim, p: int) -> str:
    """The sentence of source token `p` up to the end of its clause."""
    return claim.source.text[sentence_range(claim, p)[0] : clause_range(claim, p)[1]]


def _lost(claim: Claim, words: re.Pattern[str], still: re.Pattern[str], what: str) -> Iterator[Finding]:
    for word, k in dropped(claim, words):
        at = claim.tokens[k].start
        lo = max(claim.text.rfind(c, 0, at) for c in "。；，") + 1
        if still.search(claim.text, lo, claim.tokens[min(k + 1, len(claim.tokens) - 1)].end):
            continue
        if still.search(claim.text, 0, at) and _one_sentence(claim, k, word.first):
            continue
        span = Span(at, claim.tokens[min(k + 1, len(claim.tokens) - 1)].end)
        # 向部分职工发放 told as 向职工发放 claims little, 部分职工未签 told as 职工未签 too much.
        object_only = word.text == "部分" and not is_mark(claim.source.tokens[word.first - 1].symbol)
        mild = claim.index == HEADLINE or object_only or word.text == "涉嫌"
        severity = Severity.WARNING if mild else Severity.ERROR
        yield claim.finding(
            NAME,
            span,
            f"原文为“{word.text}”，这里漏去，{what}改变",
            evidence=(word.span.start, word.span.end),
            severity=severity,
        )


def _one_sentence(claim: Claim, k: int, p: int) -> bool:
    """What stands before claim token `k` comes from the source sentence of token `p`."""
    before = next((m for m in reversed(claim.match[:k]) if m != UNMATCHED), None)
    return before is not None and sentence_range(claim, before) == sentence_range(claim, p)

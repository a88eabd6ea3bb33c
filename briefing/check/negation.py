"""不, 未, 没有, 暂停, 取消: no statement is turned into its opposite by a word added or left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.check.claims import Claim
from briefing.check.words import (
    anchor,
    claim_clause,
    clause_range,
    cut_out,
    dropped,
    joined_right,
    words_of_claim,
)
from briefing.records import Finding, Span

NAME = "negation"
# Behind each word: what makes it part of another (未来, 不断, 无人机, 非洲).
_NO = (
    r"不得(?!不|已)|不能|不可|不准|不许|不予|没有|尚未|从未|并未|未(?!来|婚|成年|必|知|央|雨|然)|没(?!收|落)|"
    r"不(?!断|仅|同|足|少|超|低|久|等|动产|锈|良|法|忘|只|论|管|高|是[^，。]{1,8}而是|约而同|由得|得不|失时机)"
    r"(?!乏|禁|愧|妨|惜|料|遗余力)|"
    r"无(?!人机|锡|线|障碍|为|比|限|论|疑|数|偿|私|缝|愧)|"
    r"(?<![南是莫])非(?!洲|常|公|遗|物质|凡|但|典|农|金融|税|机动|法)"
)
_SOFT = r"避免|防止|防(?![控疫汛护范线治御空务洪灾火沙风])|推迟"
_STOP = r"暂停|取消|停止|中止|终止|撤销|否认|拒绝|反对|禁止|免除|免去|免征|叫停|驳回|严禁|失败|未能|无法"
NEGATIVE = re.compile(f"{_NO}|{_STOP}")
_SUPPORT = re.compile(f"{_NO}|{_STOP}|{_SOFT}")


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on negating words that the claim adds or leaves out."""
    for word in words_of_claim(claim, NEGATIVE):
        if joined_right(claim, word) or claim.text[word.span.start : word.span.end + 2] in claim.source.text:
            continue
        p = anchor(claim, word)
        if p is None:
            continue
        start, end = clause_range(claim, p)
        if _SUPPORT.search(claim.source.text, start, end):
            continue
        # 反对, 驳回 carry their meaning with them: the same word in the same sentence supports them.
        if len(word.text) > 1 and any(word.text in t for t in claim.aligned_texts(p)):
            continue
        yield claim.finding(NAME, word.span, f"原文没有否定词“{word.text}”", evidence=(start, end))
    for word, k in dropped(claim, NEGATIVE):
        lo, _ = claim_clause(claim, k)
        start, at = claim.tokens[lo].start, claim.tokens[k].start
        # Each member of 不落一户、不漏一人 has its own.
        if word.first and claim.source.tokens[word.first - 1].symbol == "、":
            start = max(start, claim.text.rfind("、", 0, at))
        if not cut_out(claim, word, k) and _SUPPORT.search(claim.text, start, at):
            continue
        span = Span(at, claim.tokens[min(k + 1, len(claim.tokens) - 1)].end)
        yield claim.finding(
            NAME, span, f"漏去原文的否定词“{word.text}”", evidence=(word.span.start, word.span.end)
        )

"""The sentence is whole: it ends with a stop, its marks are paired, nothing is cut or doubled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.check.claims import Claim
from briefing.records import HEADLINE, Finding, Severity, Span

NAME = "integrity"
_PAIRS = {"“": "”", "‘": "’", "《": "》", "（": "）", "(": ")", "「": "」", "『": "』", "【": "】", "〔": "〕"}
_CLOSERS = {b: a for a, b in _PAIRS.items()}
_END = re.compile(r"[。！？!?…][”’）》」』】)]*$")
_DOUBLE = re.compile(r"[，、；：。,;:][，、；：。,;:]|[，、；：]$|^[，、；：。！？）”》]")


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on marks; a sentence that is the source's own word for word gets warnings only."""
    text = claim.text.rstrip()
    severity = Severity.WARNING if claim.verbatim else Severity.ERROR
    whole = Span(0, len(claim.text))
    if not text:
        yield claim.finding(NAME, whole, "句子为空", severity=Severity.WARNING)
        return
    if claim.index != HEADLINE and not _END.search(text):
        yield claim.finding(NAME, Span(len(text) - 1, len(text)), "句末没有句号", severity=severity)
    for at in _unpaired(text):
        yield claim.finding(NAME, Span(at, at + 1), f"标点“{text[at]}”没有配对", severity=severity)
    for match in _DOUBLE.finditer(text):
        yield claim.finding(NAME, Span(*match.span()), "标点重复或位置不当", severity=Severity.WARNING)


def _unpaired(text: str) -> list[int]:
    stack: list[int] = []
    alone: list[int] = []
    for i, char in enumerate(text):
        if char in _PAIRS:
            stack.append(i)
        elif char in _CLOSERS:
            if char == "’" and not any(text[k] == "‘" for k in stack):
                continue  # an apostrophe in a foreign word
            if char in ")）" and _is_label(text, i):
                continue
            if stack and text[stack[-1]] == _CLOSERS[char]:
                stack.pop()
            else:
                alone.append(i)
    return sorted(alone + stack)


def _is_label(text: str, i: int) -> bool:
    """1） and （一 as labels of a list."""
    return bool(re.search(r"(?:^|[，。；：])\s*[\d一二三四五六七八九十]{1,2}$", text[:i]))

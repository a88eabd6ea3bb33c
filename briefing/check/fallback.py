"""Replaces what failed by the source's own words: a whole source sentence, its best clauses, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefing.check.claims import Claim, Source
from briefing.check.table import has_error, run_checks
from briefing.records import HEADLINE, Article, Finding, Severity, Span, Summary, SummarySentence
from briefing.text.alignment import UNMATCHED
from briefing.text.sentences import split_clauses

# 本报讯（记者……）, 新华社北京4月25日电, （记者……）: whoever wrote it is no part of the news.
_BYLINE = re.compile(
    r"^\s*(?:(?:本报|新华社|中新社|中新网|人民网|央视网|据)[^，。：；]{0,24}?(?:讯|电)\s*)?(?:[（(][^（）()]{0,40}?(?:记者|通讯员)[^（）()]{0,40}[）)])?\s*(?:[:：，,]\s*)?"
)
_CONNECTIVE = re.compile(
    r"^(?:此外|同时|其中|另外|而且|并且|但是|不过|然而|因此|所以|为此|对此|与此同时|随后|之后|据悉|据了解|据介绍|记者了解到|而|也|还|但)，?"
)
_NEEDS_SUBJECT = re.compile(r"^(?:并|其|他们?|她们?|它们?|这|该|以及|不仅|从而|进而|使|让|且|以)")
_MIN_CHARS = 10


def fall_back(
    summary: Summary, findings: Sequence[Finding], source: Source | Sequence[Article], max_chars: int
) -> Summary:
    """`summary` with every sentence that has an ERROR replaced by its source sentence, marked with the check.

    A source sentence too long for what is left of `max_chars` is cut to whole clauses that pass the checks;
    when none does the sentence is left out. Only a summary that would be empty may exceed `max_chars`, by one
    source sentence that cannot be cut. A failed headline gives way to the article's own.
    """
    source = source if isinstance(source, Source) else Source(source)
    failed: dict[int, str] = {}
    for finding in findings:
        if finding.severity is Severity.ERROR:
            failed.setdefault(finding.sentence, finding.check)
    if HEADLINE in failed:
        summary = _own_headline(summary, source)
    kept: list[SummarySentence | None] = [None if i in failed else s for i, s in enumerate(summary.sentences)]
    left = max_chars - sum(len(s.text) for s in kept if s is not None)
    longest: SummarySentence | None = None
    for index, sentence in enumerate(summary.sentences):
        if index not in failed:
            continue
        found = _replacement(Claim.of(sentence, index, source), failed[index], left, [s for s in kept if s])
        kept[index] = found.fitting
        left -= len(found.fitting.text) if found.fitting else 0
        longest = longest or found.whole
    sentences = tuple(s for s in kept if s is not None)
    if not sentences and longest is not None:
        sentences = (longest,)
    return replace(summary, sentences=sentences)


@dataclass(frozen=True, slots=True)
class _Replacement:
    """`whole`: the source sentence whatever its size; `fitting`: what of it fits and passes."""

    whole: SummarySentence | None
    fitting: SummarySentence | None


def _replacement(claim: Claim, check: str, room: int, kept: Sequence[SummarySentence]) -> _Replacement:
    whole: SummarySentence | None = None
    for s in claim.aligned_sentences[:2] or claim.candidates[:1]:
        span = claim.source.sentences[s]
        part = claim.source.part_at(span.start)
        if part is None or part.name != "text":
            continue
        start = _body_start(claim.source.text, span)
        own = _sentence(claim.source, start, span.end, check)
        if own is None or any(_same(own.text, k.text) for k in kept):
            continue
        whole = whole or own
        if len(own.text) <= room:
            if not has_error(run_checks(Claim.of(own, claim.index, claim.source))):
                return _Replacement(whole, own)
            continue
        shorter = _shortened(claim, Span(start, span.end), check, room)
        if shorter is not None:
            return _Replacement(whole, shorter)
    return _Replacement(whole, None)


def _shortened(claim: Claim, span: Span, check: str, room: int) -> SummarySentence | None:
    """The run of whole clauses with most of the claim's words that fits and passes; one with the head first."""
    clauses = [c.span for c in split_clauses(claim.source.text, span)]
    covered = [claim.source.tokens[m].start for m in claim.match if m != UNMATCHED]
    options = []
    for i in range(len(clauses)):
        for j in range(i, len(clauses)):
            start, end = clauses[i].start, clauses[j].end
            if end - start > room + 1:
                break
            worth = sum(start <= p < end for p in covered)
            options.append((worth + 4 * (i == 0), -(end - start), start, end))
    for _, _, start, end in sorted(options, reverse=True)[:6]:
        text = claim.source.text[start:end]
        if start > span.start and (_NEEDS_SUBJECT.match(text) or _CONNECTIVE.match(text)):
            continue
        made = _sentence(claim.source, start, end, check)
        if made is None or len(made.text) > room:
            continue
        if not has_error(run_checks(Claim.of(made, claim.index, claim.source))):
            return made
    return None


def _sentence(source: Source, start: int, end: int, check: str) -> SummarySentence | None:
    """The source's `text[start:end]` as a sentence: no connective in front, a stop at its end."""
    text = source.text[start:end]
    opening = _CONNECTIVE.match(text)
    if opening:
        start, text = start + opening.end(), text[opening.end() :]
    text = text.replace("\n", "").strip()
    if len(text) < _MIN_CHARS:
        return None
    if text[-1] not in "。！？”’）》…":
        text = text.rstrip("，、；：,;: ") + "。"
    elif text[-1] in "”’）》" and not re.search("[。！？…][”’）》]*$", text):
        text += "。"
    return SummarySentence(text, source.ref(start, end), fallback=check)


def _body_start(text: str, span: Span) -> int:
    match = _BYLINE.match(text[span.start : span.end])
    return span.start + (match.end() if match else 0)


def _same(a: str, b: str) -> bool:
    return a.rstrip("。") in b or b.rstrip("。") in a


def _own_headline(summary: Summary, source: Source) -> Summary:
    for part in source.parts:
        if part.name == "title" and part.article.id == summary.article_id:
            return replace(
                summary, headline=part.article.title, headline_sources=source.ref(part.start, part.end)
            )
    return replace(summary, headline="", headline_sources=())

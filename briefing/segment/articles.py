"""Builds articles and dropped blocks from labelled units; every character keeps its way back to the raw."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from briefing.records import Article, DroppedBlock, DropReason, RawDocument, Run, Span
from briefing.segment import cues
from briefing.segment.heads import HeadStack
from briefing.segment.units import Unit, needs_space
from briefing.text.datelines import dateline_reporters, find_dateline
from briefing.text.normalise import NormalisedText
from briefing.text.sentences import split_sentences
from briefing.text.spans import compose, merge, to_origin

# Longer texts are articles even when they end as captions do.
_MAX_CAPTION_CHARS = 320
# The number or bullet of an item printed without a headline (早报): no part of its text.
_ITEM_NUMBER = re.compile(r"(?:\d{1,2}(?:[.．](?!\d)|、)|[①-⑳]|（\d{1,2}）|[●■◆]|[-*•] )\s*")
_CAPTION_RUBRICS = frozenset(("目击", "图片新闻", "图片报道", "镜头", "影像", "图说", "图片故事"))


@dataclass
class Draft:
    """An article in the making: unit numbers. `heads`: one list a printed head line (its parts in order);
    `paragraphs`: one list a paragraph (its broken parts in order). `rubric`: the line dropped just before."""

    heads: list[list[int]] = field(default_factory=list)
    paragraphs: list[list[int]] = field(default_factory=list)
    bylines: list[int] = field(default_factory=list)
    page: int = 0
    rubric: str = ""


@dataclass(frozen=True, slots=True)
class Masthead:
    """What a page says of itself (报头)."""

    outlet: str = ""
    published_on: date | None = None
    page_label: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the builders read: the document, its normalised text and units."""

    document: RawDocument
    normalised: NormalisedText
    units: tuple[Unit, ...]


def head_text(page: Page, parts: Sequence[int], spaced: Sequence[bool]) -> str:
    """One head line from its parts; `spaced[k]`: a blank parts part k from the one before."""
    text = ""
    for k, number in enumerate(parts):
        unit = page.units[number]
        text += (" " if k and spaced[k] else "") + unit.text
    return text.strip()


def body_text(page: Page, draft: Draft) -> str:
    return "\n".join("".join(page.units[n].text for n in paragraph) for paragraph in draft.paragraphs)


def read_masthead(lines: Sequence[str]) -> Masthead:
    """Outlet, date and page label from a page's masthead lines; what none of them states stays empty."""
    outlet, label, printed = "", "", None
    for line in lines:
        found = cues.OUTLET.search(line)
        if found and not outlet:
            outlet = found[1]
        day = re.search(r"((?:19|20)\d\d) ?[年./-] ?(\d{1,2}) ?[月./-] ?(\d{1,2})", line)
        if day and printed is None:
            try:
                printed = date(int(day[1]), int(day[2]), int(day[3]))
            except ValueError:
                printed = None
        rest = cues.MASTHEAD_DATE.sub(" ", line)
        page = re.search(r"第? ?([0-9A-Z]{1,3}|[一二三四五六七八九十]{1,3}) ?版", rest) or re.match(
            r" ?(0\d|[A-D]\d{1,2})(?= |$)", rest
        )
        if page and not label:
            label = f"第{page[1].lstrip('0')}版"
    return Masthead(outlet, printed, label)


def _segments(page: Page, draft: Draft) -> tuple[list[tuple[str, int]], list[Span], str]:
    """Characters of the text with their normalised position (-1: a paragraph's end of ours), the spans of a
    byline cut off its tail, and that byline."""
    text = page.normalised.text
    chars: list[tuple[str, int]] = []
    for p, paragraph in enumerate(draft.paragraphs):
        if p:
            chars.append(("\n", -1))
        for k, number in enumerate(paragraph):
            unit = page.units[number]
            for j, span in enumerate(unit.spans):
                piece = text[span.start : span.end]
                if (j or k) and chars and needs_space(chars[-1][0], piece):
                    chars.append((" ", -1))
                chars.extend(zip(piece, range(span.start, span.end), strict=True))
    whole = "".join(c for c, _ in chars)
    tail = cues.BYLINE_TAIL.search(whole[-80:])
    if not tail or whole[-80:][tail.start(1)] not in "■□◎":
        return chars, [], ""
    cut = len(whole) - len(whole[-80:]) + tail.start(1)
    spans = merge([Span(at, at + 1) for _, at in chars[cut:] if at >= 0], max_gap=0)
    return chars[:cut], list(spans), tail[1]


def build_article(page: Page, draft: Draft, stack: HeadStack, masthead: Masthead, position: int) -> Article:
    """The finished article, without a unique id."""
    document = page.document
    chars, cut_spans, tail_byline = _segments(page, draft)
    number = (
        None if draft.heads or document.single_article else _ITEM_NUMBER.match("".join(c for c, _ in chars[:8]))
    )
    if number and number.end() < len(chars):
        cut_spans = [Span(chars[0][1], chars[0][1] + number.end()), *cut_spans]
        chars = chars[number.end() :]
    while chars and chars[-1][0].isspace():
        chars.pop()
    text = "".join(c for c, _ in chars)
    outer = _runs(chars)
    head_numbers = [n for line in draft.heads for n in line] + draft.bylines
    sharps = [page.units[n].mark for paragraph in draft.paragraphs for n in paragraph]
    head_spans = (
        [s for n in head_numbers for s in _printed(page.units[n])] + cut_spans + [s for s in sharps if s]
    )
    outlet = document.outlet or masthead.outlet
    label = document.page_label or masthead.page_label
    names = [_names(page.units[n].text) for n in draft.bylines] + ([_names(tail_byline)] if tail_byline else [])
    return Article(
        id=hashlib.sha256(f"{outlet}\n{text}".encode()).hexdigest()[:16],
        source=document.source,
        title=stack.title,
        text=text,
        sentences=split_sentences(text),
        origin=compose(outer, page.normalised.runs),
        kicker=stack.kicker,
        subtitle=stack.subtitle,
        byline=" ".join(names) or dateline_reporters(text),
        outlet=outlet,
        url=document.url,
        page_label=label,
        published_on=document.published_on or masthead.published_on,
        caption=_is_caption(text, draft, tail_byline),
        head_origin=tuple(
            o for s in head_spans for o in merge(to_origin(page.normalised.runs, s), document.text)
        ),
        position=position,
        front_page=label in ("第1版", "第一版", "第A1版", "1", "01"),
        row_id=document.row_id,
    )


def _runs(chars: Sequence[tuple[str, int]]) -> tuple[Run, ...]:
    runs: list[Run] = []
    begin = 0
    for i in range(1, len(chars) + 1):
        if i == len(chars) or chars[i][1] != chars[i - 1][1] + 1 or chars[i - 1][1] < 0:
            if chars[begin][1] >= 0:
                runs.append(Run(begin, chars[begin][1], i - begin))
            begin = i
    return tuple(runs)


def _names(line: str) -> str:
    bare = re.sub(r"^[■□●▲◆◎\-—\s]+", "", line).strip()
    return re.sub(r"\s*(?:文/图|图/文|摄影报道|摄影?|报道|整理)$", "", bare)


def _is_caption(text: str, draft: Draft, tail_byline: str) -> bool:
    if not text or len(text) > _MAX_CAPTION_CHARS:
        return False
    if find_dateline(text):
        return False
    if cues.CAPTION_END.search(text[-24:]) or re.search(r"(?:^|\n|。)(?:图为|[上下左右]图|▲|▼)", text):
        return True
    return len(draft.paragraphs) == 1 and (draft.rubric in _CAPTION_RUBRICS or bool(tail_byline))


def _printed(unit: Unit) -> tuple[Span, ...]:
    return (unit.mark, *unit.spans) if unit.mark else unit.spans


def dropped(page: Page, numbers: Sequence[int], reason: DropReason | None = None) -> DroppedBlock:
    """Units that stand together as one dropped block."""
    text = "\n".join(page.units[n].text for n in numbers)
    spans = [o for n in numbers for s in _printed(page.units[n]) for o in to_origin(page.normalised.runs, s)]
    whole = Span(min(s.start for s in spans), max(s.end for s in spans))
    return DroppedBlock(reason or cues.drop_reason(text), text, whole)

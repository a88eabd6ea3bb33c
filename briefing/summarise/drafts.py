"""Model output -> sentences within the limits: what is no summary is taken off, nothing is added but a stop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from briefing.summarise import SummaryOptions
from briefing.text.normalise import normalise
from briefing.text.sentences import split_clauses, split_sentences

# Reasoning that a model shows before its answer; an unclosed one is all reasoning.
_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.S | re.I)
_FENCE = re.compile(r"^\s*```[a-z]*\s*$", re.M)
_LABEL = re.compile(
    r"^\s*(?:#{1,6}\s*)?(?:\*\*)?(?:(?:以下|下面)是.{0,24}?(?:摘要|概括|总结).{0,8}?|(?:新闻|内容|文章|报道)?(?:摘要|概括|总结|正文))"
    r"(?:\*\*)?\s*[:：]\s*(?:\*\*)?"
)
_BULLET = re.compile(r"^\s*(?:[-*•·]\s+|[（(]?\d{1,2}[)）]\s*|\d{1,2}[.、．]\s*(?!\d))")
# What models say about the task instead of doing it.
_CHATTER = re.compile(
    r"^(?:好的|当然|没问题|作为(?:一个|一名)?(?:AI|人工智能)|抱歉|很抱歉|对不起|我(?:无法|不能)|注[:：]|（注|字数[:：]|希望|如需|如果您)"
)
_NO_WORD = re.compile(r"\W")
_STOPPED = re.compile(r"[。！？…][”’」』）)】]*$")
_MIN_WORD_CHARS = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """`sentences`: each ends with a stop; `dropped_chars`: characters of the model's text that the limits or
    an output cut in the middle cost."""

    sentences: tuple[str, ...] = ()
    dropped_chars: int = 0


def read_draft(reply: str, *, cut: bool, options: SummaryOptions) -> Draft:
    """`reply` as the sentences of a summary. `cut`: the model was stopped by its budget, so that its last
    sentence, when it has no stop, is unfinished and left out (the only one is kept up to its last clause)."""
    sentences = _sentences(reply)
    unfinished = bool(sentences) and cut and not _STOPPED.search(sentences[-1])
    dropped = 0
    if unfinished:
        last = sentences.pop()
        kept = _shortened(last, len(last) - 1) if not sentences else ""
        dropped = len(last) - len(kept)
        sentences += [kept] if kept else []
    kept_sentences, more = _within([_closed(s) for s in sentences], options)
    return Draft(tuple(kept_sentences), dropped + more)


def _sentences(reply: str) -> list[str]:
    text = _FENCE.sub("", _THINKING.sub("", reply)).strip()
    text = normalise(_LABEL.sub("", text, count=1)).text
    found: list[str] = []
    for given in text.split("\n"):
        line = _BULLET.sub("", _LABEL.sub("", given)).replace("**", "").strip()
        for sentence in split_sentences(line):
            words = line[sentence.span.start : sentence.span.end].strip()
            # Models repeat themselves: the same sentence twice says nothing twice.
            if (
                len(_NO_WORD.sub("", words)) >= _MIN_WORD_CHARS
                and not _CHATTER.match(words)
                and words not in found
            ):
                found.append(words)
    return found


def _closed(sentence: str) -> str:
    return sentence if _STOPPED.search(sentence) else sentence.rstrip("，、；：,;: ") + "。"


def _within(sentences: Sequence[str], options: SummaryOptions) -> tuple[list[str], int]:
    """The first sentences that fit, and how many characters did not."""
    kept: list[str] = []
    room = options.max_chars
    for sentence in sentences[: options.max_sentences]:
        if len(sentence) > room:
            if not kept:
                shorter = _shortened(sentence, room)
                kept += [shorter] if shorter else []
            break
        kept.append(sentence)
        room -= len(sentence)
    return kept, sum(map(len, sentences)) - sum(map(len, kept))


def _shortened(sentence: str, room: int) -> str:
    """The whole clauses that fit into `room`, closed by a stop; "" when the first does not."""
    end = 0
    for clause in split_clauses(sentence, split_sentences(sentence)[0].span):
        size = len(sentence[: clause.span.end].rstrip("，、；：,;: ")) + 1
        if size <= room and (clause.span.end < len(sentence) or _STOPPED.search(sentence)):
            end = clause.span.end
    return _closed(sentence[:end]) if end else ""

"""Headlines made of source words: whole clauses, with the subject of the clause they need, told without
their date and offices, ranked by a linear model of what editors put into headlines."""

# ruff: noqa: E501  (word lists read better unbroken)
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from briefing.records import SourceRef, Span
from briefing.summarise.features import Floats, Reading
from briefing.summarise.forms import CONCESSION, is_adverbial
from briefing.summarise.grammar import Grammar
from briefing.summarise.scope import ADDING, PORTRAIT, is_time
from briefing.summarise.units import Document, Unit, leading_chars
from briefing.words import Lexicon, Word

Headline = tuple[str, tuple[SourceRef, ...]]
MIN_CHARS, MAX_CHARS = 8, 28
# Full names of documents cannot be cut.
MAX_DOCUMENT_CHARS = 40
# Log-odds of closing a sentence above which a clause with verb and object may stand as a headline.
LOOSE_CLOSES = -3.0
# Clauses of the article that a headline may come from besides the printed ones.
_FIRST_UNITS = 10

OPENERS = re.compile(
    r"^(?:(?:据[^，]{1,14}?(?:消息|报道|介绍|了解)|记者[^，]{0,20}?(?:获悉|了解到)|近日|日前|连日来|今天|昨天|当天|今年以来|当前|目前|近年来|此次|这次|当地时间|北京时间|"
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:上午|下午|晚|晚间|凌晨)?(?:至\d{1,2}日)?|\d{1,2}日(?:上午|下午|晚|晚间|凌晨)?|第[一二三四五六七八九十]{1,3}条)[，,\s]?)+(?!出版|的|起|前|后|至|—)"
)
OFFICES = re.compile(
    r"^(?:中共中央总书记、国家主席、中央军委主席|中共中央政治局常委、国务院总理|中共中央政治局常委、全国人大常委会委员长|中共中央政治局常委、全国政协主席|"
    r"中共中央政治局常委、(?:国务院副总理|中央书记处书记|中央纪委书记)|中共中央政治局常委|国务院总理|国家主席|全国人大常委会委员长|全国政协主席|国务委员兼外长|国家副主席|国务院副总理)"
    r"(?=[\u4e00-\u9fff]{2,4})"
)
# 赵乐际26日上午在人民大会堂会见…: headlines do without day and hall.
_INNER_DATE = re.compile(
    r"(?<=[\u4e00-\u9fff”》）])(?<![于在从自至到过截前后])(?:当地时间|北京时间)?(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{1,2}日|今天|日前|近日|昨天)(?:至(?:\d{1,2}月)?\d{1,2}日)?(?:上午|下午|晚间?|凌晨)?(?:\d{1,2}时(?:\d{1,2}分)?许?)?(?:在(?:北京)?人民大会堂|在京)?(?!电|出版|的|起|前|后|至|—|、|内|以来)"
)
_BACKWARD = re.compile(
    r"^(?:该|这|那|其|此|他|她|它|双方|两[人国]|如今|如此|由|让|使|从而|收到|因|据|以上|上述|会议|大会|活动|峰会|论坛|报告|通知|意见|方案|办法|《[^》]{2,4}》|企业(?!家)|公司|项目|目前|当前|届时|[二三四五]人)"
)
_NO_SUBJECT = re.compile(
    r"^(?:作为|首先|其次|本(?:条例|办法|法|规定|报|网)|从(?!业|事)|当(?!地)|经(?!济|营)|按|于|自|对(?!口|外)|希望|要|应|为(?!期)|在|以|通过|按照|根据|围绕|随着|没有|还|又|更)"
)
# The word list lacks most counties.
_PLACE_NAME = re.compile(r"^[\u4e00-\u9fff]{1,4}[省市县区镇乡村]")
_MODAL = re.compile(
    r"将|拟|计划|要|须|应|愿|希望|力争|预计|预期|有望|可能|不|未|没|无|禁止|暂停|争取|建议|呼吁|考虑|或(?!者)|如果|若"
)
# What is done for a purpose is not done yet; what an event causes is not caused by the event's place.
_PURPOSE = re.compile(
    r"^为(?!期|首|主)|为(?:了|进一步|更好|切实|全面|深入|加强|推动|促进|规范|确保|保障)|旨在|以便|力求"
)
_CAUSE = re.compile(r"^(?:已|共)?(?:造成|导致|引发|引起|致使|致|使|让|令)")
_CONDITIONAL = re.compile(r"如果|若|可能|不|未|没|禁止|暂停|建议|呼吁|考虑")
_OWN_MODAL = re.compile(r"^(?:全年|今年|明年)?(?:将|拟|计划|力争|预计)")
# 对每家中心每年支持…: which, stands in the article.
# 奋力推动…取得新实效, 吸引更多优质项目落地: nothing that a reader could ask about.
_EMPTY = re.compile(
    r"奋力|谱写|新篇章|取得(?:了)?(?:新|显著|明显|良好|积极)?(?:实效|成效|进展|成绩|突破)$|^[^，]{2,12}(?:吸引|引导|不断|持续)[^\d]*$|^[^，]{1,10}是(?:一[^\d]{1,8}|[^，]*(?:关键|基础|根本))$|坚持打头阵|晒结果"
)
_POINTS = re.compile(
    r"每家|各该|该[院局校市县区项案会厂馆镇村]|此类|此次|本次|这[一种项些两次]|上述|以上(?!学历)"
)
_OPINION = re.compile(
    r"(?:表示|认为|强调|指出|说|称|要求|希望|呼吁|坦言|提出|直言|主张|建议|宣称|预测|判断|透露|报道|消息)[道]?$"
)
_WEAK_VERBS = frozenset({"累计", "达", "共", "预计", "总计", "合计", "约"})
# 有关负责人, 记者: whoever that is, the headline does not say.
_NOBODY = re.compile(r"^(?:据|记者|笔者|有关|相关|一[位名]|数据|他|她|大家|许多|不少|多位|业内|专家)")
MAX_SPEAKER_CHARS = 12
# Names that the word list lacks.
_SPEAKER = re.compile(
    r"^([\u4e00-\u9fffA-Za-z·]{2,12}?)(?:(?:日前|近日|当天|今天|\d{1,2}日|发表|接受|在)[^，]{0,12}?)?(?:说|表示|称|认为|指出|预计|强调|宣布|透露)$"
)
# A clause worth less than this share of the best printed one is not the point of the item. headline_r1 of
# tests/quality/measure_summaries.py at 0 / 0.3 / 0.45 / 0.6 / 0.75: 37.6, 38.0, 38.4, 37.4, 37.2.
MIN_SCORE_SHARE = 0.45
SUBJECT_BONUS = 0.5
_CUT_TAIL = re.compile(
    r"(?:中|内|后|前|时|下|起|以来|之日|方面|提出|表示|指出|强调|受权|要求|介绍|认为|希望|的|和|与|等|为(?:重点|主题|契机|抓手|目标|核心|主线|导向|引领|载体|依托|基础|例))$"
)
_RECEIVES = re.compile(r"(?:会见|会晤|致电)[^，、]{4,24}$")
_NAME_TAGS = ("nr", "ns", "nt", "nz", "eng")


@dataclass(frozen=True, slots=True)
class Candidate:
    """`picks`: (unit, start, end) of the unit's text, in printed order; `cut`: something was cut off its end."""

    text: str
    picks: tuple[tuple[int, int, int], ...]
    cut: bool


# Weights of `columns`, fitted by models/training/extract_headline.py; LOG.md, second round.
WEIGHTS: tuple[float, ...] = (
    0.000, 0.105, 0.105, 0.758, 0.058, 0.017, -0.066, 0.028, -0.029, 0.035, -0.009, 0.006, 0.012, 0.026, 0.018, 0.020,
)  # fmt: skip


def subject_chars(words: Sequence[Word]) -> int:
    """Characters of the noun phrase that a clause opens with, when a verb, adverb, preposition or time
    follows it; 0 when there is none of 2–16 characters."""
    text = "".join(w.text for w in words)
    place = _PLACE_NAME.match(text)
    if place and any(
        text[: place.end()] == "".join(w.text for w in words[:k]) and words[k].tag in ("v", "d", "p")
        for k in range(1, min(5, len(words)))
    ):
        return place.end()
    at = 0
    last = ""
    for word in words:
        # 中国 of 中国驻…使团, 国务院 of 国务院联防联控机制: a one-character verb may belong to the name.
        if word.tag == "v" and len(word.text) == 1 and word.text not in "为是有获将会赴就":
            return 0
        if word.tag in ("v", "d", "p", "ad", "t") or (word.tag == "m" and word.text[:1].isdigit()):
            break
        if word.tag in ("u", "r", "x", "c", "f", "q", "m") and word.text not in ("和", "与", "、"):
            return 0
        if word.text in ("，", "“", "（"):
            return 0
        at += len(word.text)
        last = word.tag
    else:
        return 0
    good = 2 <= at <= 16 and last in ("n", "nr", "ns", "nt", "nz") and words[0].tag not in ("v", "vn")
    return at if good else 0


def opening_chars(text: str) -> int:
    """Length of time, source, office and connective at the head of a clause."""
    start = leading_chars(text)
    for pattern in (OPENERS, OFFICES):
        match = pattern.match(text[start:])
        if match and len(text) - start - match.end() >= MIN_CHARS - 2:
            start += match.end()
    return start


def _pieces(unit: Unit, start: int, end: int) -> list[tuple[int, int, int]]:
    """`unit.text[start:end]` without a day in it and without an adverb that adds to what came before."""
    text = unit.text
    drops = [(m.start(), m.end()) for m in _INNER_DATE.finditer(text, start, end) if m.start() - start <= 18][
        :1
    ]
    adding = ADDING.match(text[start:end])
    if adding:
        drops.append((start + adding.end() - 1, start + adding.end()))
    picks = []
    at = start
    for a, b in sorted(drops):
        if a > at:
            picks.append((unit.index, at, a))
        at = max(at, b)
    if at < end:
        picks.append((unit.index, at, end))
    return picks


def _candidate(document: Document, picks: Sequence[tuple[int, int, int]], *, cut: bool) -> Candidate:
    return Candidate("".join(document.units[i].text[a:b] for i, a, b in picks), tuple(picks), cut)


def _cut_at_phrase(text: str, words: Sequence[Word]) -> int:
    """Longest beginning of `text` that ends after an object and before a new predicate; 0 when there is none."""
    at = best = depth = 0
    verb = -1
    for k, word in enumerate(words[:-1]):
        depth += sum(c in "“《（(‘「" for c in word.text) - sum(c in "”》）)’」" for c in word.text)
        at += len(word.text)
        if at > MAX_CHARS:
            break
        if word.tag == "v" and k:
            verb = k
        following = words[k + 1]
        ends = word.tag in ("n", "nt", "nr", "nz") or word.text == "》"
        # Members of a list: …组织区、市、城区人大代表及…
        ends = ends and not (verb >= 0 and "、" in "".join(w.text for w in words[verb : k + 1]))
        ends = ends and following.text not in ("及", "和", "与", "暨", "或", "以及")
        if (
            depth == 0
            and 0 <= verb < k
            and ends
            and following.tag in ("c", "p", "d")
            and not _CUT_TAIL.search(text[:at])
        ):
            best = at
    return best if best >= 12 else 0


def candidates(
    reading: Reading, grammar: Grammar, printed: Sequence[int], lexicon: Lexicon
) -> Iterator[tuple[int, Candidate]]:
    """(unit, candidate) pairs that say by themselves what their clause says."""
    document = reading.document
    pool = sorted({*printed, *range(min(_FIRST_UNITS, len(document.units)))})
    for i in pool:
        unit = document.units[i]
        if (
            grammar.barred[i]
            or grammar.speech[i]
            or not unit.usable
            or is_time(unit.text)
            or CONCESSION.search(unit.text)
            or _BACKWARD.match(unit.text)
        ):
            continue
        said = [k for k in grammar.needs[i] if grammar.speech[k]]
        if len(said) == 1 and grammar.closes[i] and not grammar.antecedents[i]:
            yield from ((i, c) for c in _told(reading, grammar, said[0], i, lexicon))
        if any(_OPINION.search(document.units[k].text) for k in said) or grammar.antecedents[i]:
            continue
        held = [k for k in grammar.needs[i] if k not in said and not is_time(document.units[k].text)]
        start = opening_chars(unit.text)
        if grammar.opens[i] and not held and (said or grammar.speaker[i] < 0):
            yield from (
                (i, c) for c in _own(document, unit, start, lexicon, closes=_complete(reading, grammar, i))
            )
        elif len(held) == 1 and not grammar.opens[i] and grammar.closes[i] and not said:
            found = _with_subject(document, held[0], unit, lexicon)
            if found:
                yield i, found


def _complete(reading: Reading, grammar: Grammar, i: int) -> bool:
    """More than may close a printed sentence: 李强主持召开国务院常务会议 stands although purposes follow."""
    words = reading.words[i]
    noun = bool(words) and (words[-1].tag in ("n", "vn", "nt", "nz") or words[-1].text in "》”")
    # The names of guests are in no word list: 会见青禾国总统高远.
    noun = noun or bool(_RECEIVES.search(reading.document.units[i].text))
    told = noun and any(w.tag == "v" for w in words[1:]) and bool(reading.ending[i] > LOOSE_CLOSES)
    return grammar.closes[i] or (told and reading.document.units[i].mark in ("，", "；", "："))


def _own(document: Document, unit: Unit, start: int, lexicon: Lexicon, *, closes: bool) -> Iterator[Candidate]:
    whole = _candidate(document, _pieces(unit, start, len(unit.text)), cut=False)
    if len(whole.text) <= (MAX_DOCUMENT_CHARS if whole.text.endswith("》") else MAX_CHARS):
        if (
            closes
            and "——" not in whole.text
            and len(whole.text) >= MIN_CHARS
            and not _CUT_TAIL.search(whole.text)
        ):
            yield whole
        return
    text = unit.text[start:]
    end = _cut_at_phrase(text, lexicon.cut(text))
    if end:
        shorter = _candidate(document, _pieces(unit, start, start + end), cut=True)
        if len(shorter.text) >= MIN_CHARS:
            yield shorter


def _told(reading: Reading, grammar: Grammar, speech: int, i: int, lexicon: Lexicon) -> Iterator[Candidate]:
    """What somebody says, with who says it: 英国智库：…, or 研究人员宣布发现…."""
    document = reading.document
    speaker, unit = document.units[speech], document.units[i]
    others = [k for k in grammar.needs[i] if k != speech and not is_time(document.units[k].text)]
    if others or _NOBODY.match(speaker.text) or _BACKWARD.match(speaker.text) or grammar.antecedents[speech]:
        return
    if grammar.needs[speech] or grammar.needs_previous_sentence[speech]:
        return
    begin = opening_chars(speaker.text)
    if not grammar.opens[i]:
        if unit.index == speech + 1 and reading.words[i] and reading.words[i][0].tag in ("v", "p", "d"):
            picks = [*_pieces(speaker, begin, len(speaker.text)), *_pieces(unit, 0, len(unit.text))]
            yield from _fitting(_candidate(document, picks, cut=False))
        return
    size = subject_chars(lexicon.cut(speaker.text[begin:]))
    if not size and (named := _SPEAKER.match(speaker.text[begin:])):
        size = named.end(1)
    if 2 <= size <= MAX_SPEAKER_CHARS and not _BACKWARD.match(unit.text):
        told = _pieces(unit, opening_chars(unit.text), len(unit.text))
        found = _candidate(document, [(speech, begin, begin + size), *told], cut=False)
        head = speaker.text[begin : begin + size]
        yield from _fitting(Candidate(f"{head}：{found.text[size:]}", found.picks, cut=False))


def _fitting(found: Candidate) -> Iterator[Candidate]:
    if MIN_CHARS <= len(found.text) <= MAX_CHARS and not _CUT_TAIL.search(found.text):
        yield found


def _with_subject(document: Document, holder: int, unit: Unit, lexicon: Lexicon) -> Candidate | None:
    """The subject of the clause `holder` before the predicate `unit`; None when a modal or a negation between
    them would be lost."""
    words = lexicon.cut(unit.text)
    verbal = words[0].tag in ("v", "d", "p", "ad", "a") or _OWN_MODAL.match(unit.text)
    if not verbal or not any(w.tag == "v" for w in words):
        return None
    head = document.units[holder]
    if is_adverbial(head.text):
        return None
    begin = opening_chars(head.text)
    size = subject_chars(lexicon.cut(head.text[begin:]))
    between = head.text[begin + size :] + "".join(document.units[k].text for k in range(holder + 1, unit.index))
    # 男子躺在河道里，好在民警及时发现，将他拉了回来: somebody else came between.
    for k in range(holder + 1, unit.index):
        first = lexicon.cut(document.units[k].text)[0]
        if first.tag not in ("v", "vn", "d", "p", "ad", "a", "c") or first.text in ("好在", "幸好", "所幸"):
            return None
    told_by_itself = _OWN_MODAL.match(unit.text) and not _CONDITIONAL.search(between)
    if not size or (_MODAL.search(between) and not told_by_itself):
        return None
    if _PURPOSE.search(document.units[holder].text) or _CAUSE.match(unit.text):
        return None
    picks = [(holder, begin, begin + size), *_pieces(unit, 0, len(unit.text))]
    found = _candidate(document, picks, cut=False)
    return found if MIN_CHARS <= len(found.text) <= MAX_CHARS and not _CUT_TAIL.search(found.text) else None


def columns(
    reading: Reading, i: int, candidate: Candidate, values: tuple[Floats, Floats], words: Sequence[Word]
) -> list[float]:
    """What the rank of a candidate depends on. `values`: the clause scores, and the headline-word scores."""
    unit = reading.document.units[i]
    scores, lexical = values
    tags = [w.tag for w in words]
    size = len(candidate.text)
    first = words[0].tag if words else ""
    return [
        1.0,
        float(scores[i]),
        float(scores[i] - scores.mean()),
        float(lexical[i]) / max(1.0, len(unit.text) ** 0.5),
        float(unit.sentence == 0),
        float(unit.sentence == 1),
        min(i, 12) / 12,
        float(unit.paragraph == 0),
        float(size < 12),
        size / MAX_CHARS,
        float(candidate.cut),
        float(len({p for p, _, _ in candidate.picks}) > 1),
        float(first in _NAME_TAGS),
        float(sum(t in _NAME_TAGS for t in tags)) / 4,
        float("v" in tags),
        float(first in ("v", "d", "m", "r")),
    ]


def best_headline(
    reading: Reading, grammar: Grammar, printed: Sequence[int], values: tuple[Floats, Floats], lexicon: Lexicon
) -> Headline:
    """The best candidate, ("", ()) when there is none."""
    found = []
    least = MIN_SCORE_SHARE * max((values[0][i] for i in printed), default=0.0)
    portrait = PORTRAIT.search(reading.document.article.subtitle)
    person = portrait.group(1) if portrait else ""
    for i, candidate in candidates(reading, grammar, printed, lexicon):
        if values[0][i] < least or _POINTS.search(candidate.text) or _EMPTY.search(candidate.text):
            continue
        words = lexicon.cut(candidate.text)
        if any(w.tag in ("v", "vn") and w.text not in _WEAK_VERBS for w in words):
            row = columns(reading, i, candidate, values, words)
            bonus = SUBJECT_BONUS * bool(person and person in candidate.text)
            found.append((float(np.dot(row, WEIGHTS)) + bonus, -i, candidate))
    if not found:
        return "", ()
    # Whole clauses first: what was cut may have lost its point.
    best = max(found, key=lambda f: (not f[2].cut, f[0], f[1]))[2]
    return best.text, refs_of(reading.document, best.picks)


def refs_of(document: Document, picks: Sequence[tuple[int, int, int]]) -> tuple[SourceRef, ...]:
    """Spans of the article's text for stretches of units, in printed order."""
    refs = []
    for index, start, end in picks:
        at = 0
        for piece in document.units[index].pieces:
            a, b = max(start - at, 0), min(end - at, len(piece))
            if a < b:
                refs.append(SourceRef(document.article.id, Span(piece.start + a, piece.start + b)))
            at += len(piece)
    return tuple(refs)

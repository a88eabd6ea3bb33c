"""What a clause needs beside it to be read: its subject, its speaker, the rest of its construction.

No parser: two learned scores (can this clause open / close a sentence, from where newspapers put their
stops) and closed word classes. The decoder only builds what these conditions allow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from briefing.records import Span
from briefing.summarise import forms
from briefing.summarise.antecedent import chains, named_by_pronoun
from briefing.summarise.features import Reading
from briefing.summarise.phrases import (
    has_subject,
    is_long_subject,
    lacks_object_verb,
    names_an_action,
    waits_for_verb,
)
from briefing.summarise.reference import references
from briefing.summarise.scope import is_report_of_reporter, is_time, scope_of
from briefing.summarise.units import CONNECTIVE, TIME_ONLY, Unit

# Log-odds above which a clause may open / close a statement. See LOG.md, "Extract: grammar".
OPENS = -0.4
# At a sentence's start most clauses have their subject, so only a clear no counts.
OPENS_AT_START = -2.2
CLOSES = -1.0
CLOSES_BEFORE_PHRASE = -1.8
# 在综合频道首播, 大桥通车: the event is told whatever follows.
CLOSES_AFTER_EVENT = -2.6
# A clause that begins with a verb, adverb or preposition shares the subject of the one before.
VERB_FIRST_PENALTY = 1.4
# Web pages set whole articles as one sentence: what was said ends with a new subject this far on.
MAX_SAID_CHARS = 120
# 他质疑。
MIN_SENTENCE_CHARS = 5
# A name with its office; longer ones are caught by the verb they wait for.
MAX_NAME_CHARS = 12
# A line without a final stop up to this long is a heading, not a sentence.
MAX_HEADING_CHARS = 40


@dataclass(frozen=True, slots=True)
class Grammar:
    """Conditions of each unit (index into `Document.units`).

    `barred`: never printed. `needs`: units that must be printed too. `needs_next`: "" or "any" (a later
    unit of its sentence) or "adjacent" (the very next). `needs_previous_sentence`: the sentence before
    must be printed. `speaker`: the unit that says who speaks, -1 when none is needed.
    `leans`: points back at something named earlier, so it cannot be the first thing printed.
    `opens`, `closes`: may open / close a printed sentence. `speech`: only says who speaks.
    `antecedents`: of each of these sets one must be printed before. `introduction`: words that go in front
    unless `introduced_by` is printed. `bonus`, `least`: correct its score.
    """

    barred: tuple[bool, ...]
    needs: tuple[frozenset[int], ...]
    needs_next: tuple[str, ...]
    needs_previous_sentence: tuple[bool, ...]
    speaker: tuple[int, ...]
    opens: tuple[bool, ...]
    closes: tuple[bool, ...]
    speech: tuple[bool, ...]
    leans: tuple[bool, ...]
    antecedents: tuple[tuple[frozenset[int], ...], ...]
    introduction: tuple[tuple[Span, ...], ...]
    introduced_by: tuple[int, ...]
    bonus: tuple[float, ...]
    least: tuple[float, ...]


@dataclass(slots=True)
class _Draft:
    barred: list[bool]
    needs: list[set[int]]
    needs_next: list[str]
    previous: list[bool]
    speaker: list[int]
    opens: list[bool] = field(default_factory=list)
    closes: list[bool] = field(default_factory=list)
    # Why `previous` holds: no subject, or a pronoun for one.
    subjectless: list[bool] = field(default_factory=list)
    pronoun: list[bool] = field(default_factory=list)


def _opens(reading: Reading, i: int, *, at_start: bool) -> bool:
    text = forms.core(reading.document.units[i].text)
    if i and waits_for_verb(reading, i - 1):
        return False
    backward = forms.PRONOUN.match(text) or forms.NEEDS_PREVIOUS.match(text) or forms.NOT_ONLY.match(text)
    if backward or forms.SAID_BY_NOBODY.match(text):
        return False
    if (
        forms.ROLE_IN.match(text)
        and i
        and reading.document.units[i - 1].sentence == reading.document.units[i].sentence
    ):
        return False
    if forms.FIGURE_MOVES.match(text) or has_subject(reading, i):
        return True
    words = reading.words[i]
    first = words[0].tag if words else ""
    if dated := forms.DATE_FIRST.match(text):
        # 9月25日前完成网格划分: a date is no subject.
        rest = text[dated.end() :]
        later = next((w.tag for w in words if rest.startswith(w.text)), "")
        if later in ("v", "p", "d") and (not at_start or forms.CAREER.match(rest)):
            return False
    limit = OPENS_AT_START if at_start else OPENS
    if first in ("nr", "ns", "nt"):
        limit -= 1.2
    elif (
        first in ("v", "vn", "d", "p", "c") or forms.VERB_IN_FRONT.match(text)
    ) and not forms.EXISTENTIAL.match(text):
        limit += VERB_FIRST_PENALTY
    return bool(reading.onset[i] > limit)


def _is_adverbial(reading: Reading, i: int) -> bool:
    """A clause that only sets time, place, cause or aim for what follows."""
    text = reading.document.units[i].text
    if TIME_ONLY.match(text) or CONNECTIVE.match(text) or forms.LATER.match(text) or is_time(text):
        return True
    return bool(forms.ADVERBIAL.match(text) or forms.TIME_END.search(text)) and not _closes(reading, i)


def _closes(reading: Reading, i: int) -> bool:
    """Whether unit `i` can be the last thing before a full stop."""
    unit = reading.document.units[i]
    text = unit.text
    if forms.is_attribution(text) and unit.mark in ("。", "；", ""):
        return False
    if forms.QUOTE_ONLY.match(text) and not forms.QUOTED_STOP.search(text):
        return False
    if unit.mark and unit.mark in "。！？!?；;":
        return not re.search(r"(?:、|和|与|及|的)$", text) or bool(forms.CLOSED_ANYWAY.search(text))
    last = i + 1 >= len(reading.document.units) or reading.document.units[i + 1].sentence != unit.sentence
    # 任免下列驻外大使：, before the list that begins on a new line, tells what happened.
    announces = bool(unit.mark) and unit.mark in "：:" and not (last and forms.LISTS.search(text))
    if announces or forms.waits_for_more(text):
        return False
    if names_an_action(reading, i) or waits_for_verb(reading, i):
        return False
    limit = CLOSES_AFTER_EVENT if forms.EVENT_END.search(text) else CLOSES
    following = reading.document.units[i + 1].text if i + 1 < len(reading.document.units) else ""
    if forms.ADVERBIAL.match(following) and not forms.ADVERBIAL.match(text) and unit.mark in ("，", ","):
        # A new predicate with its own object begins after it: 试行…机制，对…企业，…
        limit = min(limit, CLOSES_BEFORE_PHRASE)
    has_statement = any(w.tag in ("v", "vn", "a", "m") for w in reading.words[i])
    if has_statement and not any(w.tag in ("v", "vn", "a") for w in reading.words[i]):
        # 2016年亚洲锦标赛冠军: a year is no figure.
        has_statement = bool(re.search(r"[\d一二三四五六七八九十百千万亿两几]", forms.DATED.sub("", text)))
    has_statement = has_statement and not lacks_object_verb(reading, i)
    has_statement = has_statement and not is_long_subject(reading, i, following)
    return has_statement and bool(reading.ending[i] > limit)


def _bar(reading: Reading, i: int) -> bool:
    unit = reading.document.units[i]
    text = unit.text
    # 的比亚斯河: what it belongs to was left out as a credit.
    torn = text.startswith("的") and (i == 0 or reading.document.units[i - 1].sentence != unit.sentence)
    idle = CONNECTIVE.match(text) or is_report_of_reporter(text)
    if torn or idle or not unit.usable or not forms.balanced(text):
        return True
    motto = forms.MOTTO.match(text) and unit.mark in ("。", "")
    if motto or forms.DEFINITION.search(text) or forms.FORMULA.search(text) or forms.SCENE.search(text):
        return True
    units = reading.document.units
    # 9月17日，记者从…获悉: the day of the reporter's visit is not the day of what follows.
    following = units[i + 1] if i + 1 < len(units) and units[i + 1].sentence == unit.sentence else None
    if following and TIME_ONLY.match(text) and is_report_of_reporter(following.text):
        return True
    if forms.STOP_INSIDE.search(text) or "……" in re.sub(r"“[^”]*”", "", text):
        return True
    if forms.FIRST_PERSON.match(text) or (unit.mark and unit.mark in "？?！!"):
        return True
    return bool(forms.EXCLAIM.search(text) or forms.EMBLEM.search(text))


def _sentence_rules(reading: Reading, start: int, end: int, draft: _Draft) -> None:
    """Fill in the needs of one sentence's units."""
    units = reading.document.units
    subject = speaker = said_from = -1
    leading = True
    for i in range(start, end):
        text = units[i].text
        adverbial = _is_adverbial(reading, i)
        _link_forward(reading, i, end, draft, adverbial=adverbial)
        if speaker >= 0 and draft.opens[i] and units[i].pieces[0].start - said_from > MAX_SAID_CHARS:
            speaker = -1
        if forms.is_attribution(text) and draft.opens[i]:
            speaker = -1
        if speaker >= 0:
            draft.needs[i].add(speaker)
            draft.speaker[i] = speaker
        if i > start and forms.QUOTE_ONLY.match(text):
            draft.needs[i].add(i - 1)
        if forms.is_attribution(text):
            if subject >= 0 and not draft.opens[i]:
                draft.needs[i].add(subject)
            elif leading and not draft.opens[i]:
                draft.previous[i] = True
            if not forms.RUMOUR.match(text) or forms.HEARSAY.match(text):
                speaker, said_from = i, units[i].pieces[-1].end
            subject, leading = -1, False
            continue
        if draft.barred[i] and units[i].mark in ("：", ":"):
            # 更振奋人心：… announces; what it announces has its own subject.
            subject, leading = -1, True
            continue
        if adverbial and forms.DEMAND.match(text):
            # 一要在现有35个基础上，再增加一批: what follows is demanded.
            subject = i
        if not adverbial:
            subject = _link_subject(reading, i, subject, draft, leading=leading)
        _link_back(forms.core(text), i, start, draft, leading=leading)
        leading = leading and adverbial


def _link_forward(reading: Reading, i: int, end: int, draft: _Draft, *, adverbial: bool) -> None:
    """What must come after unit `i` in its sentence."""
    units = reading.document.units
    text = units[i].text
    if not draft.closes[i] and i + 1 < end:
        loose = (adverbial and not forms.NEEDS_ADJACENT.match(text)) or forms.is_attribution(text)
        draft.needs_next[i] = "any" if loose else "adjacent"
    if not adverbial and _in_list(reading, i, end):
        draft.closes[i] = False
        draft.needs_next[i] = "adjacent"
    if i + 1 < end and forms.needs_other_half(text, units[i + 1].text):
        draft.needs_next[i] = "adjacent"
    if i + 1 < end and forms.is_other_half(units[i + 1].text, text):
        draft.needs[i + 1].add(i)
    if text.startswith("在") and not forms.FRAME_END.search(text):
        frame = next((k for k in range(i + 1, min(i + 3, end)) if forms.FRAME_END.search(units[k].text)), i)
        draft.needs_next[i:frame] = ["adjacent"] * (frame - i)
    if adverbial and not CONNECTIVE.match(text) and not text.startswith("针对"):
        # 在支持创新的政策上，减税16526亿元，有力支持发展: the phrase belongs to the clause right after it.
        # What a measure is aimed at (针对) governs every clause of the sentence instead (scope).
        main = next((k for k in range(i + 1, end) if not _is_adverbial(reading, k)), -1)
        if main >= 0:
            draft.needs[i].add(main)


def _hold_names(reading: Reading, start: int, end: int, draft: _Draft) -> None:
    """基金经理李璇，清华大学硕士，…: a name before a comma is the subject of what follows."""
    for i in range(start, end - 1):
        unit = reading.document.units[i]
        if not _is_adverbial(reading, i):
            # Characters of a name have any tag: 林一苇 holds a number.
            tags = {w.tag[0] for w in reading.words[i] if len(w.text) > 1}
            bare = len(unit.text) <= MAX_NAME_CHARS and not tags & set("vadtq") and unit.mark in ("，", ",")
            bare = bare and not re.search(r"\d", unit.text)
            if bare and not forms.is_attribution(reading.document.units[i + 1].text):
                draft.opens[i + 1] = False
            return


def _in_list(reading: Reading, i: int, end: int) -> bool:
    """讲述了甲，乙，丙等人的事迹: a comma parts the members of a list that ends in 等…的."""
    for k in range(i + 1, min(i + 7, end)):
        if forms.LIST_END.search(reading.document.units[k].text):
            return True
        # 劳动奖章获得者、林场场长王某 names somebody although it holds a verb.
        names = "、" in reading.document.units[k].text and reading.words[k][-1].tag in ("nr", "x", "n", "ns")
        if not names and any(w.tag == "v" for w in reading.words[k]):
            return False
    return False


def _link_subject(reading: Reading, i: int, subject: int, draft: _Draft, *, leading: bool) -> int:
    """Tie unit `i` to the clause that names its subject; the subject that holds from here on."""
    if draft.opens[i]:
        return i
    text = reading.document.units[i].text
    after = i > 0 and reading.document.units[i - 1].mark in ("；", ";")
    if after and reading.words[i] and reading.words[i][0].tag in ("n", "ns", "nt", "nz", "nr", "eng", "j"):
        # 公路项目31个，…；农村客运站场等项目13个，…: each member of a list has its own subject.
        return i
    if subject >= 0:
        if not (forms.ORDER.match(text) and forms.ORDER.match(reading.document.units[subject].text)):
            draft.needs[i].add(subject)
        return subject
    if draft.barred[i]:
        # ……这两名护士，已经奋战半个月: what cannot be printed may still hold the subject.
        return i if "……" in text else -1
    # No subject so far in this sentence: it continues the sentence before.
    draft.previous[i] = draft.subjectless[i] = leading
    return i


def _link_back(text: str, i: int, start: int, draft: _Draft, *, leading: bool) -> None:
    """Tie unit `i` to what its pronoun, conjunction or comparison refers to."""
    pronoun = bool(forms.PRONOUN.match(text))
    if pronoun and leading:
        draft.previous[i] = draft.pronoun[i] = True
    elif (pronoun or forms.NEEDS_PREVIOUS.match(text) or forms.BACK_REFERENCE.search(text[:14])) and i > start:
        draft.needs[i].add(i - 1)
    elif forms.NEEDS_PREVIOUS.match(text) or forms.BACK_REFERENCE.search(text[:14]):
        draft.previous[i] = True
    if forms.LIMIT_OF.match(text) and i > start:
        draft.needs[i].add(i - 1)
    if forms.ELLIPTIC.search(text) and "由" not in text and i > start and len(text) < 40:
        draft.needs[i].update(range(start, i))


def _whole_sentence_rules(reading: Reading, start: int, end: int, draft: _Draft) -> None:
    units = reading.document.units
    if sum(len(units[i].text) for i in range(start, end)) < MIN_SENTENCE_CHARS:
        draft.barred[start:end] = [True] * (end - start)
    told = next((i for i in range(start, end) if forms.DEFINITION.search(units[i].text)), end)
    close = next((i for i in range(told, end) if units[i].mark in ("；", ";")), end - 1)
    draft.barred[told : close + 1] = [True] * (close + 1 - told if told < end else 0)
    if all(forms.QUOTE_ONLY.match(units[i].text) for i in range(start, end)):
        draft.barred[start:end] = [True] * (end - start)
    if start == 0 and not forms.PRONOUN.match(units[0].text):
        for i in range(end):
            leans = forms.PRONOUN.match(units[i].text) or forms.NOT_ONLY.match(units[i].text)
            draft.previous[i] = draft.previous[i] and bool(leans)
    # 一、关于项目问题: a line of its own without a stop is a sub-heading, unless the text ends there.
    if (
        end - start == 1
        and not units[start].mark
        and end < len(units)
        and not forms.QUOTED_STOP.search(units[start].text)
    ):
        draft.barred[start] = True
    # 其中，公路项目31个: of the total, and for the time, that the sentence before tells.
    if units[start].text == "其中" and start:
        draft.previous[start:end] = [True] * (end - start)
    # 为…，现提出如下意见: the aim of a document goes with what it says about itself.
    if forms.FORMULA.search(units[end - 1].text) and re.match(r"^(?:为|根据|按照|经|现|受)", units[start].text):
        draft.barred[start:end] = [True] * (end - start)
    # 俄外长：“去美元化”趋势不可逆转: a heading of two clauses; and the office that signs at the end.
    last = units[end - 1]
    whole = sum(len(units[i].text) + 1 for i in range(start, end))
    if not last.mark and whole <= MAX_HEADING_CHARS and not forms.QUOTED_STOP.search(last.text):
        verbs = any(w.tag in ("v", "a") for i in range(start, end) for w in reading.words[i])
        if end < len(units) or not verbs:
            draft.barred[start:end] = [True] * (end - start)
    lists = [i for i in range(start, end) if forms.LIST_HEAD.match(units[i].text)]
    for i in lists:
        draft.needs[i].update(k for k in lists if k != i)
    if len(lists) == 1 and not units[lists[0]].text.startswith("首先"):
        draft.barred[lists[0]] = True


def is_instruction(reading: Reading) -> bool:
    """A document that orders or lays down (意见、通知、条例…) rather than reports."""
    document = reading.document
    if forms.INSTRUCTION_TITLE.search(document.article.title):
        return True
    text = document.article.text
    starts = [s.span.start for s in document.article.sentences if s.dropped is None]
    heads = sum(bool(forms.INSTRUCTION_HEAD.match(text[a : a + 12])) for a in starts)
    return heads >= 4 and heads >= len(document.sentences) // 8


def _goes_on(text: str) -> bool:
    """第四，坚持…, 要坚持… at the head of a paragraph: the speech of the paragraph before."""
    return bool(forms.LIST_HEAD.match(text) or forms.ORDER.match(text))


def _continue_speech(units: Sequence[Unit], start: int, end: int, speaker: int, draft: _Draft) -> None:
    """要…、中方愿… in a sentence after 张三表示 are still what was said: they keep their speaker."""
    leading = True
    for i in range(start, end):
        text = units[i].text
        if "了" in text:
            continue
        if forms.DIRECTIVE.match(text) or forms.WISH.match(text) or forms.TOLD_TO.match(text):
            draft.speaker[i] = speaker
            if leading and forms.DIRECTIVE.match(text):
                draft.previous[i] = False
        leading = leading and bool(TIME_ONLY.match(text) or CONNECTIVE.match(text))


def _is_demanded(reading: Reading, start: int, end: int) -> bool:
    """A sentence after a demand that has neither subject nor modal of its own: told alone, it would be done."""
    units = reading.document.units[start:end]
    main = next((i for i in range(start, end) if not _is_adverbial(reading, i)), start)
    first = reading.words[main][0]
    if first.tag not in ("v", "vn", "d", "ad") and first.text not in forms.OBJECT_FIRST and first.text != "在":
        return False
    return not any(forms.OWN_MODAL.search(u.text) or forms.is_attribution(u.text) for u in units)


def _carry_speech(reading: Reading, draft: _Draft, *, instructs: bool) -> None:
    """Speakers that hold beyond their sentence; reporters' questions and hopes of nobody are barred."""
    units = reading.document.units
    speaker, asked, demand = -1, False, -1
    for start, end in reading.document.sentences:
        first = units[start]
        demand = demand if demand == first.paragraph else -1
        if demand >= 0 and not instructs and _is_demanded(reading, start, end):
            draft.barred[start:end] = [True] * (end - start)
        if any(forms.DEMAND.match(u.text) for u in units[start:end]):
            demand = first.paragraph
        goes_on = start > 0 and units[start - 1].paragraph == first.paragraph
        answers = forms.is_attribution(first.text) and not forms.ASKED.match(first.text)
        asked = (asked and goes_on and not answers) or any(forms.ASKED.match(u.text) for u in units[start:end])
        if asked:
            draft.barred[start:end] = [True] * (end - start)
        if speaker >= 0 and units[speaker].paragraph != first.paragraph and not _goes_on(first.text):
            speaker = -1
        own = next((i for i in range(start, end) if forms.is_attribution(units[i].text)), -1)
        if own >= 0:
            # “…”某某说。: what was said stands before, not in the next sentence.
            over = own == end - 1 or forms.RUMOUR.match(units[own].text)
            speaker = -1 if over else own
        elif speaker >= 0:
            _continue_speech(units, start, end, speaker, draft)
        if forms.HOPE.match(first.text) and draft.speaker[start] < 0 and not instructs:
            # Who hopes stands in no clause that can be put in front.
            draft.barred[start:end] = [True] * (end - start)


def _resolve(reading: Reading, draft: _Draft) -> dict[int, tuple[frozenset[int], ...]]:
    """Clauses that may stand for the sentence before, which then need not be printed."""
    shared = chains(reading.document, draft.opens, draft.subjectless, draft.barred)
    found: dict[int, tuple[frozenset[int], ...]] = {}
    for i, previous in enumerate(draft.previous):
        if not previous or draft.speaker[i] >= 0:
            continue
        named = shared.get(i)
        if draft.pronoun[i]:
            named = named_by_pronoun(reading, i)
        if named:
            found[i] = (named,)
            draft.previous[i] = False
    return found


def analyse(reading: Reading) -> Grammar:
    """The conditions of every clause of `reading`."""
    document = reading.document
    n = len(document.units)
    draft = _Draft(
        [_bar(reading, i) for i in range(n)], [set() for _ in range(n)], [""] * n, [False] * n, [-1] * n
    )
    draft.subjectless, draft.pronoun = [False] * n, [False] * n
    draft.closes = [_closes(reading, i) for i in range(n)]
    for start, end in document.sentences:
        leading = True
        for i in range(start, end):
            draft.opens.append(_opens(reading, i, at_start=leading))
            leading = leading and (_is_adverbial(reading, i) or forms.is_attribution(document.units[i].text))
        _hold_names(reading, start, end, draft)
    instructs = is_instruction(reading)
    for start, end in document.sentences:
        _sentence_rules(reading, start, end, draft)
        _whole_sentence_rules(reading, start, end, draft)
        if instructs and not forms.PRONOUN.match(document.units[start].text):
            draft.previous[start:end] = [False] * (end - start)
    _carry_speech(reading, draft, instructs=instructs)
    named_there = _resolve(reading, draft)
    scope = scope_of(document)
    named = references(reading)
    for i in range(n):
        draft.needs[i].update(k for k in scope.governors[i] if not draft.barred[k])
        if draft.speaker[i] < 0 and scope.lead[i] >= 0:
            draft.speaker[i] = scope.lead[i]
        draft.barred[i] = draft.barred[i] or scope.antecedents[i] is None
    return Grammar(
        barred=tuple(draft.barred),
        needs=tuple(frozenset(s) for s in draft.needs),
        needs_next=tuple(draft.needs_next),
        needs_previous_sentence=tuple(draft.previous),
        speaker=tuple(draft.speaker),
        opens=tuple(draft.opens),
        closes=tuple(draft.closes),
        leans=tuple(u.sentence > 0 and bool(forms.LEANING.match(u.text)) for u in document.units),
        speech=tuple(forms.is_attribution(u.text) for u in document.units),
        antecedents=tuple(
            (*((a,) if a else ()), *more, *named_there.get(i, ()))
            for i, (a, more) in enumerate(zip(scope.antecedents, named, strict=True))
        ),
        introduction=scope.introduction,
        introduced_by=scope.introduced_by,
        bonus=scope.bonus,
        least=scope.least,
    )

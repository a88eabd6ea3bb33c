"""What a clause needs beside it to be read: its subject, its speaker, the rest of its construction.

No parser: two learned scores (can this clause open / close a sentence, from where newspapers put their
stops) and closed word classes. The decoder only builds what these conditions allow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from briefing.records import Span
from briefing.summarise.features import Reading
from briefing.summarise.scope import is_report_of_reporter, scope_of
from briefing.summarise.units import CONNECTIVE, TIME_ONLY, Unit, leading_chars

# Log-odds above which a clause may open / close a statement. See LOG.md, "Extract: grammar".
OPENS = -0.4
# At a sentence's start most clauses have their subject, so only a clear no counts.
OPENS_AT_START = -2.2
CLOSES = -1.0
CLOSES_BEFORE_PHRASE = -1.8
# A clause that begins with a verb, adverb or preposition shares the subject of the one before.
VERB_FIRST_PENALTY = 1.4
# Web pages set whole articles as one sentence: what was said ends with a new subject this far on.
MAX_SAID_CHARS = 120
# A line without a final stop up to this long is a heading, not a sentence.
MAX_HEADING_CHARS = 40

_PAIRS = (("“", "”"), ("‘", "’"), ("《", "》"), ("（", "）"), ("(", ")"), ("「", "」"), ("【", "】"))
_LATER = re.compile(r"^(?:接下来|下一步|今后|未来|届时|期间|下阶段|后续)$")
_ADVERBIAL = re.compile(
    r"^(?:为(?!期|首|主|何|一)|为了|随着|围绕|针对|根据|按照|依照|依据|通过|由于|因为|如果|若|假如|虽然|尽管|即使|即便|哪怕|只要|只有|无论|不论|不管|"
    r"不仅|不但|不光|除了|除|当|自|自从|在|经|经过|鉴于|面对|对于|关于|作为|从|至于|一旦|每当|截至|据|受|与|同|较|比|对|按|以|将|向|沿着|本着|基于|凭借|借助|立足|聚焦|值此|正值|适逢)"
)
_NEEDS_ADJACENT = re.compile(
    r"^(?:由于|因为|如果|若|假如|虽然|尽管|即使|即便|哪怕|只要|只有|无论|不论|不管|不仅|不但|不光|一旦|既|与其|宁可|除非)"
)
_OPEN_END = re.compile(
    r"(?:时|后|前|中|下|以来|期间|之际|之时|之后|之前|以后|以前|同时|基础上|过程中|情况下|背景下|方面|来说|来看|而言|起|之余|看来|的|地|得|和|与|及|以及|或|、|将|是|为|在|把|对|向|从|由|于|等方式|为契机|为抓手|为目标|为核心|为重点|为主线|为导向|为引领|为载体|为依托|为基础|为例|为主题)$"
)
# 某校推出的《…》, is a noun that waits for its verb; 通过了关于…的《…》 is complete.
_NAME_ONLY = re.compile(r"的[《“][^》”]*[》”]$")
_VERB_OF_NAME = re.compile(
    r"了|发布|印发|公布|通过|宣读|出台|签署|报道|是|为|获|授予|发表|打造|形成|推出[^的]*[《“]"
)
_TIME_END = re.compile(
    r"(?:时|后|前|中|下|以来|期间|之际|以后|以前|同时|基础上|过程中|情况下|背景下|方面|来说|来看|而言|起)$"
)
_CLOSED_ANYWAY = re.compile(
    r"(?:提前|目前|此前|年前|以后|今后|背后|先后|落后|其中|集中|手中|心中|空中|高中|初中|召开期间|了.{1,6}的|是.{1,20}的|会议中|当中|以下|天下|线下|旗下|名下|地下|水下|目的|标的|有的|行为|作为|认为|人为|成为.{1,}|一起|发起|引起|兴起|建起)$"
)
_NEEDS_PREVIOUS = re.compile(
    r"^(?:而且|更(?!新|换|正)|也|还(?!款|乡|清)|则|就(?!业|医|诊|地|近|读|餐|此)|才(?!能)|都(?!市|江)|使|使得|让|令|从而|进而|以便|致使|导致|其中|即|也就是|这(?!些年|几年)|"
    r"却|但|但是|然而|不过|反而|遂|甚至|尤其|特别是|包括|分别|比上年|同比|环比|较|比去年|增长|增幅|下降|占|位居|位列|相当于|所以|因此|因而|于是|而(?!立))"
)
_PRONOUN = re.compile(
    r"^(?:他|她|它|他们|她们|它们|这|该|其(?!实|中一|余)|此(?!外|次|间)|那|双方|上述|两人|三人|后者|前者|两者|彼此|对方|届时|随即|随后|之后|接着|对此|为此|据此|与此|由此|这些|这一|这次|至此|这样|此案|此举|本次|同日|当晚|当日|当天|同年|两国|与会)"
)
_BACK_REFERENCE = re.compile(
    r"这[两三四几些种类项一]|上述|前者|后者|以上(?:各|几|两|三)|二者|两者|三者|(?<!各)该(?:案|项|市|县|省|州|校|院|公司|局|部|国|所|区|镇|村|片|药|法|办法|条例)"
)
# Official instructions are written without a subject: 动员各级机关扩大采购。 Such sentences stand alone there.
_INSTRUCTION_TITLE = re.compile(
    r"(?:意见|通知|方案|规划|办法|条例|决定|纲要|规定|计划|要点|细则|措施|指南|公报|通告)(?:（[^）]*）)?$"
)
_INSTRUCTION_HEAD = re.compile(
    r"^(?:[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百]{1,4}条)"
)
_ORDER = re.compile(r"^(?:要|必须|应当?|不得|务必|须|严禁|禁止)")
_WISH = re.compile(
    r"^(?:(?:中方|我方|双方|中国|两国|双边|中[\u4e00-\u9fff])[^，]{0,6}|[\u4e00-\u9fff]{1,3}方?)"
    r"(?:愿|希望|应|支持|坚持|坚定|主张|反对|期待|欢迎|呼吁|敦促|将继续)"
)
_EXISTENTIAL = re.compile(r"^(?:据|有\d|共有|在|截至|从|位于|出席|受|由|经)")
# A bare class noun points back at what the article has named: 会议通报…, 企业还将…
_LEANING = re.compile(
    r"^(?:会议|活动|论坛|峰会|企业|公司|项目|学校|医院|园区|工程|当地|服务站|展览|展会|比赛|赛事|培训|仪式|条例|办法|方案|通知|意见|规定|报告|文件|法院|警方|男子|女子|嫌疑人|民警|村里|镇里|县里|市里|区里|街道|社区|今后|下一步|未来)(?:还|也|已|将|共|由|在|要|以|明确|规定|要求|提出|强调|指出|通报|决定|现场|期间|为|是|有|了|围绕|通过|自|从|对|举办|召开|开展|采用|设置|吸引)"
)
_LIST_END = re.compile(r"等[^，]{0,8}的")
# Verbs that the word list has as nouns.
_VERB_IN_FRONT = re.compile(
    r"^(?:大手笔|多措并举|策划|规划|总结|会见|编制|统筹|汇编|主持|督导|选派|评选)(?!书|师|局|人|图)"
)
# 审批时限由30个工作日压缩为1个工作日; 企业只需承诺: subject and all.
_FIGURE_MOVES = re.compile(
    r"^[\u4e00-\u9fff]{2,12}(?<!已)(?:由|从)\d[^，]{0,14}?(?:压缩|缩短|降|提高|提升|增加|增至|下降|减少|上升|扩大)"
    r"|^(?:企业|群众|居民|市民|个人|申请人)(?:只需|无需|不再|即可)"
)
# Whose time limit it is stands in the clause before.
_LIMIT_OF = re.compile(r"^(?:平均)?(?:审批|办理|办结|申请)?(?:时限|时间|用时|环节|材料)(?:由|从|压)")
_DATE_FIRST = re.compile(
    r"^(?:(?:20\d\d年|今年|明年)?(?:\d{1,2}月)?\d{1,2}[日月](?:底|初|末)?(?:前|起|之前|以前)?|年底前|年内)"
)
_NOT_ONLY = re.compile(r"^(?:不仅|不但|不光|既)")
# A quotation of several sentences cannot be one sentence of a summary.
_STOP_INSIDE = re.compile(r"[。！？][^”’」』）]")
_ELLIPTIC = re.compile(r"(?:主办|承办|协办|联办|指导|协同)$")
_DIRECTIVE = re.compile(
    r"^(?:要|必须|应|应当|务必|坚决|切实|坚持|加快|全面|深入|进一步|着力|希望|愿|努力|扎实)"
)
_LIST_HEAD = re.compile(
    r"^(?:[一二三四五六七八九十]是|[一二三四五六七八九十]要|第[一二三四五六七八九十](?:[，、是]|$)|其[一二三四五](?:[，、是]|$)|首先|其次|再次|最后)"
)
_FIRST_PERSON = re.compile(
    r"^(?:我(?!国|省|市|县|区|校|院|厂|军|台|馆|局|部|方|驻|外交)|咱|俺|我们(?!要)|你|您)"
)
# What a document says about itself: it announces, it does not tell.
_FORMULA = re.compile(
    r"(?:提出|作出|制定|公布|回复)(?:如下|以下)|(?:通知|报告|批复|答复|公告|意见|决定|事项|说明|汇报)如下$|现将.{0,60}(?:印发|通知|转发)(?:给)?(?:你们)?$|"
    r"^请(?:认真|结合实际|各[^，]{1,8})?(?:遵照|贯彻|组织)[^，]{0,6}执行$|收悉$|以上(?:报告|意见)|请予审议|^(?:特此|此复|现予)"
    r"|制定本(?:条例|办法|规定|方案|规划|细则|法|意见|规则)$"
)
# A definition says nothing when it is cut, and is never the news.
_DEFINITION = re.compile(r"^本[^，]{1,6}所称|所称[^，]{1,30}$|^[^，]{0,16}，?是指")
_SCENE = re.compile(
    r"俯瞰|蔚为壮观|映入眼帘|一座座[^，]{0,14}(?:相连|林立|耸立)|如同[^，]{0,10}(?:波浪|画卷|彩带)|整齐地排列|热火朝天|神情专注|少跑腿|此起彼伏|^(?:只见|走进|步入|来到|站在)"
)
_EXCLAIM = re.compile(r"[！!？?]$|(?:呢|吗|啊)$")
_ATTRIBUTION_NOUN = re.compile(
    r"(?:说|表示|指出|强调|介绍|认为|要求|提出|透露|称|宣布|呼吁|建议|回应|坦言|解释|希望|明确|显示|提到|写道|重申|请求|发布消息|通报)[道]?$"
)
_RESOLUTION = re.compile(
    r"^(?:会议|全会|大会|常委会|省委|市委|国务院|[\u4e00-\u9fff]{2,8}会议)(?:还)?(?:决定|确定|审议)$"
)
_RUMOUR = re.compile(r"^(?:据|记者|笔者|有关|相关)")
_QUOTED_STOP = re.compile(r"[。！？……][”’]$")
_QUOTE_ONLY = re.compile(r"^[“‘「].*[”’」]$")


@dataclass(frozen=True, slots=True)
class Grammar:
    """Conditions of each unit (index into `Document.units`).

    `barred`: never printed. `needs`: units that must be printed too. `needs_next`: "" or "any" (a later
    unit of its sentence) or "adjacent" (the very next). `needs_previous_sentence`: the sentence before
    must be printed. `speaker`: the unit that says who speaks, -1 when none is needed.
    `leans`: points back at something named earlier, so it cannot be the first thing printed.
    `opens`, `closes`: may open / close a printed sentence. `speech`: only says who speaks.
    `antecedents`: when not empty, one of them must be printed before. `introduction`: words that go in front
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
    antecedents: tuple[frozenset[int], ...]
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


def balanced(text: str) -> bool:
    """Quotation marks and brackets close in order."""
    for opening, closing in _PAIRS:
        depth = 0
        for char in text:
            depth += (char == opening) - (char == closing)
            if depth < 0:
                return False
        if depth:
            return False
    return True


def is_attribution(text: str) -> bool:
    """A short clause that only says who speaks: 会议指出, 张三表示, 国家统计局数据显示."""
    if len(text) > 45 or _QUOTE_ONLY.match(text):
        return False
    return bool(_ATTRIBUTION_NOUN.search(text) or _RESOLUTION.match(text))


def _core(text: str) -> str:
    """The clause as it is printed at the head of a sentence: 另外还有13台 begins with 还有."""
    core = text[leading_chars(text) :]
    return core if core[:1] in "还也则并" else text


def _opens(reading: Reading, i: int, *, at_start: bool) -> bool:
    text = _core(reading.document.units[i].text)
    if i and _waits_for_verb(reading, i - 1):
        return False
    if _PRONOUN.match(text) or _NEEDS_PREVIOUS.match(text) or _NOT_ONLY.match(text):
        return False
    if _FIGURE_MOVES.match(text):
        return True
    words = reading.words[i]
    first = words[0].tag if words else ""
    if dated := _DATE_FIRST.match(text):
        # 9月25日前完成网格划分: a date is no subject.
        rest = text[dated.end() :]
        later = next((w.tag for w in words if rest.startswith(w.text)), "")
        if later in ("v", "p", "d") and not at_start:
            return False
    limit = OPENS_AT_START if at_start else OPENS
    if first in ("nr", "ns", "nt"):
        limit -= 1.2
    elif (first in ("v", "vn", "d", "p", "c") or _VERB_IN_FRONT.match(text)) and not _EXISTENTIAL.match(text):
        limit += VERB_FIRST_PENALTY
    return bool(reading.onset[i] > limit)


def is_adverbial(text: str) -> bool:
    """By its form alone: a clause of time, place, cause or aim."""
    return bool(
        TIME_ONLY.match(text) or CONNECTIVE.match(text) or _ADVERBIAL.match(text) or _TIME_END.search(text)
    )


def _waits_for_verb(reading: Reading, i: int) -> bool:
    """全国文化馆服务宣传周活动，5月24日在甘肃启动: a long subject before a comma."""
    unit = reading.document.units[i]
    if unit.mark not in ("，", ",") or len(unit.text) < 6 or is_adverbial(unit.text):
        return False
    words = reading.words[i]
    bare = re.sub(r"“[^”]*”|《[^》]*》|（[^）]*）", "", unit.text)
    verbs = [
        w
        for w, then in zip(words, (*(x.text for x in words[1:]), ""), strict=True)
        # A verb before 的 belongs to the noun, one before 、 to a list of tasks.
        if w.tag in ("v", "d", "p", "c", "r", "f", "t") and w.text in bare and then not in ("的", "、", "等")
    ]
    return (
        not verbs
        and bool(words)
        and words[-1].tag in ("n", "vn", "nz", "nt", "ns")
        and not re.search(r"\d", bare)
    )


def _is_adverbial(reading: Reading, i: int) -> bool:
    """A clause that only sets time, place, cause or aim for what follows."""
    text = reading.document.units[i].text
    if TIME_ONLY.match(text) or CONNECTIVE.match(text) or _LATER.match(text):
        return True
    return bool(_ADVERBIAL.match(text) or _TIME_END.search(text)) and not _closes(reading, i)


def _closes(reading: Reading, i: int) -> bool:
    """Whether unit `i` can be the last thing before a full stop."""
    unit = reading.document.units[i]
    text = unit.text
    if is_attribution(text) and unit.mark in ("。", "；", ""):
        return False
    if _QUOTE_ONLY.match(text) and not _QUOTED_STOP.search(text):
        return False
    if unit.mark and unit.mark in "。！？!?；;":
        return not re.search(r"(?:、|和|与|及|的)$", text) or bool(_CLOSED_ANYWAY.search(text))
    if (unit.mark and unit.mark in "：:") or _waits_for_more(text):
        return False
    if _names_an_action(reading, i) or _waits_for_verb(reading, i):
        return False
    limit = CLOSES
    following = reading.document.units[i + 1].text if i + 1 < len(reading.document.units) else ""
    if _ADVERBIAL.match(following) and not _ADVERBIAL.match(text) and unit.mark in ("，", ","):
        # A new predicate with its own object begins after it: 试行…机制，对…企业，…
        limit = CLOSES_BEFORE_PHRASE
    has_statement = any(w.tag in ("v", "vn", "a", "m") for w in reading.words[i])
    return has_statement and bool(reading.ending[i] > limit)


def _names_an_action(reading: Reading, i: int) -> bool:
    """“长者餐厅”的开办: a verb after 的 is a noun."""
    words = reading.words[i]
    if len(words) < 3 or words[-2].text != "的" or words[-1].tag not in ("v", "vn"):
        return False
    return not any(w.tag in ("v", "a") or w.text == "是" for w in words[:-2])


def _waits_for_more(text: str) -> bool:
    """A clause whose form announces another: time, condition, who speaks, a noun without its verb."""
    if TIME_ONLY.match(text) or CONNECTIVE.match(text) or is_attribution(text) or _NEEDS_ADJACENT.match(text):
        return True
    if _NAME_ONLY.search(text) and not _VERB_OF_NAME.search(text):
        return True
    if _OPEN_END.search(text) and not _CLOSED_ANYWAY.search(text):
        return True
    return len(text) < 24 and bool(re.match(r"^.{1,8}作为", text))


def _bar(reading: Reading, i: int) -> bool:
    unit = reading.document.units[i]
    text = unit.text
    if not unit.usable or not balanced(text) or CONNECTIVE.match(text) or is_report_of_reporter(text):
        return True
    if _DEFINITION.search(text) or _FORMULA.search(text) or _SCENE.search(text):
        return True
    units = reading.document.units
    # 9月17日，记者从…获悉: the day of the reporter's visit is not the day of what follows.
    following = units[i + 1] if i + 1 < len(units) and units[i + 1].sentence == unit.sentence else None
    if following and TIME_ONLY.match(text) and is_report_of_reporter(following.text):
        return True
    if _STOP_INSIDE.search(text) or "……" in re.sub(r"“[^”]*”", "", text):
        return True
    if _FIRST_PERSON.match(text) or (unit.mark and unit.mark in "？?！!"):
        return True
    return bool(_EXCLAIM.search(text))


def _sentence_rules(reading: Reading, start: int, end: int, draft: _Draft) -> None:
    """Fill in the needs of one sentence's units."""
    units = reading.document.units
    subject = speaker = said_from = -1
    leading = True
    for i in range(start, end):
        text = units[i].text
        adverbial = _is_adverbial(reading, i)
        if not draft.closes[i] and i + 1 < end:
            loose = (adverbial and not _NEEDS_ADJACENT.match(text)) or is_attribution(text)
            draft.needs_next[i] = "any" if loose else "adjacent"
        if not adverbial and _in_list(reading, i, end):
            draft.closes[i] = False
            draft.needs_next[i] = "adjacent"
        if speaker >= 0 and draft.opens[i] and units[i].pieces[0].start - said_from > MAX_SAID_CHARS:
            speaker = -1
        if is_attribution(text) and draft.opens[i]:
            speaker = -1
        if speaker >= 0:
            draft.needs[i].add(speaker)
            draft.speaker[i] = speaker
        if is_attribution(text):
            if subject >= 0 and not draft.opens[i]:
                draft.needs[i].add(subject)
            elif leading and not draft.opens[i]:
                draft.previous[i] = True
            if not _RUMOUR.match(text):
                speaker, said_from = i, units[i].pieces[-1].end
            subject, leading = -1, False
            continue
        if not adverbial:
            subject = _link_subject(reading, i, subject, draft, leading=leading)
        _link_back(_core(text), i, start, draft, leading=leading)
        leading = leading and adverbial


def _in_list(reading: Reading, i: int, end: int) -> bool:
    """讲述了甲，乙，丙等人的事迹: a comma parts the members of a list that ends in 等…的."""
    for k in range(i + 1, min(i + 7, end)):
        if _LIST_END.search(reading.document.units[k].text):
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
    if subject >= 0:
        if not (_ORDER.match(text) and _ORDER.match(reading.document.units[subject].text)):
            draft.needs[i].add(subject)
        return subject
    if draft.barred[i]:
        return -1
    # No subject so far in this sentence: it continues the sentence before.
    draft.previous[i] = leading
    return i


def _link_back(text: str, i: int, start: int, draft: _Draft, *, leading: bool) -> None:
    """Tie unit `i` to what its pronoun, conjunction or comparison refers to."""
    pronoun = bool(_PRONOUN.match(text))
    if pronoun and leading:
        draft.previous[i] = True
    elif (pronoun or _NEEDS_PREVIOUS.match(text) or _BACK_REFERENCE.search(text[:14])) and i > start:
        draft.needs[i].add(i - 1)
    elif _NEEDS_PREVIOUS.match(text) or _BACK_REFERENCE.search(text[:14]):
        draft.previous[i] = True
    if _LIMIT_OF.match(text) and i > start:
        draft.needs[i].add(i - 1)
    if _ELLIPTIC.search(text) and "由" not in text and i > start and len(text) < 40:
        draft.needs[i].update(range(start, i))


def _whole_sentence_rules(reading: Reading, start: int, end: int, draft: _Draft) -> None:
    units = reading.document.units
    if all(_QUOTE_ONLY.match(units[i].text) for i in range(start, end)):
        draft.barred[start:end] = [True] * (end - start)
    if start == 0 and not _PRONOUN.match(units[0].text):
        for i in range(end):
            leans = _PRONOUN.match(units[i].text) or _NOT_ONLY.match(units[i].text)
            draft.previous[i] = draft.previous[i] and bool(leans)
    # 一、关于项目问题: a line of its own without a stop is a sub-heading, unless the text ends there.
    if (
        end - start == 1
        and not units[start].mark
        and end < len(units)
        and not _QUOTED_STOP.search(units[start].text)
    ):
        draft.barred[start] = True
    # 为…，现提出如下意见: the aim of a document goes with what it says about itself.
    if _FORMULA.search(units[end - 1].text) and re.match(r"^(?:为|根据|按照|经|现|受)", units[start].text):
        draft.barred[start:end] = [True] * (end - start)
    # 俄外长：“去美元化”趋势不可逆转: a heading of two clauses; and the office that signs at the end.
    last = units[end - 1]
    whole = sum(len(units[i].text) + 1 for i in range(start, end))
    if not last.mark and whole <= MAX_HEADING_CHARS and not _QUOTED_STOP.search(last.text):
        verbs = any(w.tag in ("v", "a") for i in range(start, end) for w in reading.words[i])
        if end < len(units) or not verbs:
            draft.barred[start:end] = [True] * (end - start)
    lists = [i for i in range(start, end) if _LIST_HEAD.match(units[i].text)]
    for i in lists:
        draft.needs[i].update(k for k in lists if k != i)
    if len(lists) == 1 and not units[lists[0]].text.startswith("首先"):
        draft.barred[lists[0]] = True


def is_instruction(reading: Reading) -> bool:
    """A document that orders or lays down (意见、通知、条例…) rather than reports."""
    document = reading.document
    if _INSTRUCTION_TITLE.search(document.article.title):
        return True
    text = document.article.text
    starts = [s.span.start for s in document.article.sentences if s.dropped is None]
    heads = sum(bool(_INSTRUCTION_HEAD.match(text[a : a + 12])) for a in starts)
    return heads >= 4 and heads >= len(document.sentences) // 8


def _continue_speech(units: Sequence[Unit], start: int, end: int, speaker: int, draft: _Draft) -> None:
    """要…、中方愿… in a sentence after 张三表示 are still what was said: they keep their speaker."""
    leading = True
    for i in range(start, end):
        text = units[i].text
        if _DIRECTIVE.match(text) or _WISH.match(text):
            draft.speaker[i] = speaker
            if leading and _DIRECTIVE.match(text):
                draft.previous[i] = False
        leading = leading and bool(TIME_ONLY.match(text) or CONNECTIVE.match(text))


def analyse(reading: Reading) -> Grammar:
    """The conditions of every clause of `reading`."""
    document = reading.document
    n = len(document.units)
    draft = _Draft(
        [_bar(reading, i) for i in range(n)], [set() for _ in range(n)], [""] * n, [False] * n, [-1] * n
    )
    draft.closes = [_closes(reading, i) for i in range(n)]
    for start, end in document.sentences:
        leading = True
        for i in range(start, end):
            draft.opens.append(_opens(reading, i, at_start=leading))
            leading = leading and (_is_adverbial(reading, i) or is_attribution(document.units[i].text))
    speaker = -1
    instructs = is_instruction(reading)
    for start, end in document.sentences:
        _sentence_rules(reading, start, end, draft)
        _whole_sentence_rules(reading, start, end, draft)
        if instructs and not _PRONOUN.match(document.units[start].text):
            draft.previous[start:end] = [False] * (end - start)
        first = document.units[start]
        if speaker >= 0 and document.units[speaker].paragraph != first.paragraph:
            speaker = -1
        own = next((i for i in range(start, end) if is_attribution(document.units[i].text)), -1)
        if own >= 0:
            speaker = own if not _RUMOUR.match(document.units[own].text) else -1
        elif speaker >= 0:
            _continue_speech(document.units, start, end, speaker, draft)
    scope = scope_of(document)
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
        leans=tuple(u.sentence > 0 and bool(_LEANING.match(u.text)) for u in document.units),
        speech=tuple(is_attribution(u.text) for u in document.units),
        antecedents=tuple(a or frozenset() for a in scope.antecedents),
        introduction=scope.introduction,
        introduced_by=scope.introduced_by,
        bonus=scope.bonus,
        least=scope.least,
    )

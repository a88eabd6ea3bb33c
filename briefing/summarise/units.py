"""An article as the summarisers see it: clauses that may be used, without bylines, datelines and asides.

Nothing is rewritten: a unit is a list of spans of `Article.text`, so whatever is printed can be traced.
"""

# ruff: noqa: E501  (word lists read better unbroken)
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from briefing.records import Article, Sentence, Span

_MARKS = "，：；。！？!?;,:、…—"
_AGENCY = r"(?:据?(?:本报|本刊|本台|新华社|中新社|人民网|新华网|央视网|央广网|中新网|光明网|大众网)"
_DATELINE = re.compile(
    rf"^\s*[（(【\[]?{_AGENCY}[^，。：；！？]{{0,28}}?(?:讯|电|消息[:：，,])\s*[）)】\]]?)(?=[\s（(“《,，:：0-9\u4e00-\u9fff])"
    r"|^\s*[\u4e00-\u9fff]{2,5}网?消息（[^（）]{1,12}）[:：]"
    r"|^\s*据?[\u4e00-\u9fff]{2,6}消息[:：]"
    r"|^\s*[\u4e00-\u9fffA-Za-z]{2,10}(?:网|之家|新闻|客户端|日报|晚报|时报|快讯)(?:[（(][^（）()]{2,24}[）)])?(?:\d{1,2}月\d{1,2}日)?"
    r"(?:讯|消息[，,:：])(?=[\s（(，,:：]?[\u4e00-\u9fff0-9“《（(])(?!息)"
    r"|^\s*[\u4e00-\u9fff]{2,8}(?:报|网|社|台|新闻)(?:客户端)?[\u4e00-\u9fff]{2,4}\d{1,2}月\d{1,2}日[电讯](?=[\s（(\u4e00-\u9fff0-9])"
    r"|^\s*【[^】]{2,14}(?:报道|消息|讯)(?:[ ]?(?:特[约派])?记者[^】]{0,12})?】"
    r"|^\s*[\u4e00-\u9fff]{1,4}报讯(?=[\s（(\u4e00-\u9fff0-9])"
    r"|^\s*[\u4e00-\u9fff]{1,8}(?:报|网)[\u4e00-\u9fff]{2,4}讯(?=\s?[（(])"
    r"|^\s*[\u4e00-\u9fff]{2,8}(?:报|网|社|台|新闻|时刻|客户端)[-－\u4e00-\u9fff]{0,8}?(?:\d{4}年)?\d{1,2}月\d{1,2}日[讯电](?=[\s（(\u4e00-\u9fff0-9])"
)
_REPORTERS = re.compile(
    r"[（(]\s*(?:本报|本台|本刊|见习|实习|全媒体|总台|央视|新华社|中新社)?(?:通讯员|特约|首席)?\s*(?:记者|通讯员|编辑|作者|图/文|文/图)"
    r"[^（）()。]{0,60}[）)]"
    r"|[（(][^（）()，。]{0,16}记者[ ]?[\u4e00-\u9fff]{2,4}(?:[ 、][\u4e00-\u9fff]{2,4}){0,4}[）)]"
)
_ASIDE = re.compile(
    r"[（(](?:[^（）()]{0,12}摄|[^（）()]{0,6}供图|转自[^（）()]{0,30}|来源[^（）()]{0,40}|"
    r"下转[^（）()]{0,12}|上接[^（）()]{0,20}|编辑[^（）()]{0,20}|责任编辑[^（）()]{0,20}|责编[^（）()]{0,20}|完|"
    r"资料图[^（）()]{0,30}|图源[^（）()]{0,20}|图片[^（）()]{0,30}|题图[^（）()]{0,20}|图[^（）()]{0,10}|原标题[^（）()]{0,50}|"
    r"[^（）()]{0,20}记者[^（）()]{0,30}整理|维权|[\d.,，%+\- ]{6,30}|(?:[^（）()]{1,8}以)?(?:以下|下)?(?:统?简称|下称)[^（）()]{1,30}|化名|如图[^（）()]{0,6}|见图[^（）()]{0,6}|[^（）()]{0,4}受访者[^（）()]{0,10})[）)]"
)
# 在接受本报记者采访时说: whose reporter it was is not news, and 本报 would be the brief's own.
_INTERVIEW = re.compile(
    r"(?:在)?接受了?(?:本报|本刊|本台)(?:记者)?(?:[\u4e00-\u9fff]{2})?(?:专访|采访)时(?=说|表示|指出|强调|认为|介绍|称|谈|坦言|评价|透露|呼吁|回忆)"
    r"|接受(?:本报|本刊|本台)记者(?:[\u4e00-\u9fff]{2})?采访的(?=[\u4e00-\u9fff])|对(?:本报|本刊|本台)记者(?=说|表示|介绍|坦言|透露|指出|强调|称)"
)
# Right after a dateline only; normalise has taken the blanks between names away.
_NAMES = re.compile(r"[（(][\u4e00-\u9fff·、， ]{2,16}[）)]")
_HEADER = re.compile(
    r"^(?:■\s*)?(?:(?:本报|本台|见习|特约|极目新闻|[\u4e00-\u9fff]{2,6}(?:新闻|日报|晚报|都市报|网))?(?:记者|通讯员)"
    r"(?:[ ·、]?[\u4e00-\u9fff]{2,4}){1,6}\s*(?:综合报道|报道)?(?=[\s]|$)"
    r"|来源\s*[:：|丨][^，。；\n]{0,24}|【[^】]{0,16}】|(?:原标题|标题|摘要|导语|提要|核心提示)[:：])"
)
# Web pages run headline, reporter and text together: 孩子们参与社区建设极目新闻记者吴汉近日，…
_CREDITED = (
    r"(?:首席记者|记者|通讯员|实习生)[ ·:：/]{0,2}[\u4e00-\u9fff]{2,4}?(?:[ 、][\u4e00-\u9fff]{2,3}){0,3}\s*"
)
_RUN_IN = re.compile(
    rf"^(?:[^，。；！？“”]|“[^“”]{{1,24}}”){{0,44}}?(?:{_CREDITED}){{1,4}}"
    r"(?=近日|日前|今天|昨天|今年|连日来|为(?!了解)|当前|(?:\d{4}年)?\d{1,2}月\d{1,2}日|本报|从(?=[\u4e00-\u9fff]{2,20}获悉)|据[^，。]{2,24}报道，)"
)
_RUN_IN_AGENCY = re.compile(
    r"^(?:[^。！？“”]|“[^“”]{1,30}”){1,80}?(?:新华社|本报|中新社|(?:中新|海外|央广|人民|新华|环球|光明|央视|红|参考消息)网)[\u4e00-\u9fff]{0,8}?\d{1,2}月\d{1,2}日(?:电|讯|消息(?=\s)|(?=（)(?!（[^（）]*[摄图]））?))"
    r"|^(?:[^。！？“”]|“[^“”]{1,30}”){1,80}?【[\u4e00-\u9fff]{2,10}(?:报道|消息|快讯|讯)(?:[ ]?(?:特[约派])?记者[^】]{0,12})?】"
    r"|^[^。！？]{1,60}?(?<=[》”）])\s?[\u4e00-\u9fff]{2,3}讯(?=\s?(?:[（(]|\d{1,2}月))"
    r"|^[^，。；！？]{2,40}?视觉中国[ ]?(?:资料)?图片?[ ]?"
    r"|^[^，。；！？“”]{0,30}?(?:新闻|日报|晚报|快报|网)\d{1,2}月\d{1,2}日[讯电](?=[\u4e00-\u9fff0-9（(])"
    r"|^[\u4e00-\u9fff]{2,6}(?:财经|新闻|网|日报|晚报)[ ]?[\u4e00-\u9fff]{2,3}(?=\d{1,2}月\d{1,2}日)"
    r"|^[^，。；！？“”]{0,40}?(?:在线|电视台|融媒体?|客户端|报社|消息网|新闻网|传媒)(?:\d{1,2}月\d{1,2}日)?(?:讯|报道)(?=[ \u4e00-\u9fff0-9（(])(?!员|称|会)"
    r"|^[^。；！？]{0,60}↓+"
    r"|^[^。；！？]{0,60}?(?:IT之家|[\u4e00-\u9fff]{1,4}网)[\u4e00-\u9fff]{0,6}\d{1,2}月\d{1,2}日(?:消息|报道)[，,:：]?"
    r"|^[^，。；！？]{0,60}?(?:[\u4e00-\u9fff]{2,4}财经|[\u4e00-\u9fff]{2,4}新闻)(?:APP)?获悉[，,]"
    r"|^[^，。；！？]{4,90}?(?<=[”\u4e00-\u9fff])[\u4e00-\u9fff]{2}网讯(?=[\u4e00-\u9fff0-9“])"
)
# 13号线东延伸工程13号线东延伸工程全长4.52公里: a heading that runs into the sentence it opens.
_TWICE = re.compile(r"^([^，。；：、]{5,40})(?=\1)")
_PRINTED_TITLE = re.compile(r"^\s*(?:原标题|标题)[:：]")
# A headline is no shorter and no longer; five characters in common are no chance.
MIN_TITLE_CHARS, MAX_TITLE_CHARS, _TAKEN_UP = 8, 90, 5
_REPORTER_BEFORE = re.compile(
    r"^[\u4e00-\u9fff]{2,3}?(?=俄罗斯|美国|中国|日本|韩国|朝鲜|英国|法国|德国|乌克兰|以色列|伊朗|欧盟|联合国|据|\d)"
)
# 事发长春近日，…: what stands before the time is the headline's end.
_BEFORE_TIME = re.compile(r"^[^，。；！？]{2,40}?(?=(?:近日|日前|今天|昨天)[，,])")
# 原标题：…多次“黑飞”被行政处罚8月4日上午，…: words that open a text, and never stand within its headline.
_DAY_FIRST = r"(?<![，、；于在自从至到截起及和—\-\d])(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:[上下]午|凌晨|中午|傍晚|晚上?|清晨)?(?:\d{1,2}[时点]许?(?:\d{1,2}分)?许?)?，"
_BODY_OPENS = re.compile(
    rf"{_DAY_FIRST}|(?<![，、；])(?:近日|日前|近期|连日来|入[春夏秋冬]以来|[今近]年以?来)，|据(?!了|说)[^，。；！？]{{2,24}}?(?:报道|消息|通报|最新报道)，|据最新报道，"
    r"|(?<![，、；])为(?:进一步|深入|全面|切实|贯彻|落实|加强|提升|提高|推动|推进|促进|有效|加快|增强|强化|充分|更好|筑牢|营造|弘扬|丰富|做好|确保|保障|引导|激发|构建|打造|深化|普及|缓解|解决|帮助|倡导|庆祝|纪念|迎接)[^。！？]{4,60}?，|随着[^。，！？]{4,40}的[^。，！？]{2,8}，"
)
_DAY_OPENS = re.compile(_DAY_FIRST)
# So many characters of the headline must be said again near the beginning before a day alone is taken as one.
_SAID_AGAIN_CHARS = 4
_TITLE_PART = re.compile(r"[，：！？】 ]")
# 某某摄 alone: the sentence before it was the caption. Longer matches hold the caption themselves.
_MAX_PHOTO_CREDIT_CHARS = 14
_MAX_CAPTION_CHARS = 70
_PICTURE = re.compile(r"[（(](?:图片由|图源|[^）)]*摄|[^）)]*供图)")
_MAX_RUN_IN_CAPTION = 30
_PHOTO = re.compile(
    r"^[^，。；！？“”]{0,30}?(?:[\u4e00-\u9fff]{2,4}\s*摄|供图)[ ）)]*(?=[\u4e00-\u9fff“\d])(?!像|影|制|氏|取|入|政|录)"
)
# 今天（10月24日）: the bracket is the date that a brief gives, 今天 and the brackets are not.
_TODAY = re.compile(
    r"(?:今天|昨天|今日|昨日|明天|今晚|昨晚|今早|今晨|前天)（(?=(?:\d{4}年)?\d{1,2}月\d{1,2}日）)"
)
_TODAY_END = re.compile(r"(?<=日)）")
_JUNK = re.compile(
    r"\|.*\||字号[:：]|浏览次数|阅读次数|分享到|打印本页|关闭窗口|上一篇|下一篇|责任编辑|责编[:：]|版式设计|来源[:：|丨]|转自[:：]|点击(?:查看|上方|下方)|扫描?二维码|返回搜狐|查看更多|进入直播间|"
    r"本文(?:来源|作者)|未经授权|版权归|转载请|联系(?:电话|邮箱)|投稿邮箱|新闻热线|图为|摄影报道|编辑[:：]|审核[:：]|校对[:：]|"
    r"关注我们|免责声明|^×?广告 |视觉中国[ ]?图|■|本版导读|&[a-z]{2,5}|主播亲密|→|更多精彩|如有侵权|版权侵权|新闻爆料"
)
# The number of an article, a section or an item: it counts what the summary does not print.
_NUMBER = re.compile(
    r"^\s*(?:[（(][一二三四五六七八九十]{1,3}[）)]|[（(]\d{1,2}[）)]|第[一二三四五六七八九十百零]{1,5}条(?=\s)|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、](?!\d)|0\d(?=[\u4e00-\u9fff])(?!年|月|日|号|时))\s*(?=\S)"
)
# A numbered line this short is a sub-heading, with or without a stop: （二）工作目标。
_MAX_HEADING_CHARS = 16
# Clauses that carry no news of their own; they end before a mark, so each is a unit.
CONNECTIVE = re.compile(
    r"^(?:此外|另外|同时|与此同时|其中|而且|并且|但是|但|不过|然而|因此|所以|为此|对此|随后|之后|接着|于是|当然|事实上|其实|"
    r"据了解|据悉|据介绍|据报道|据统计|据记者了解|了解到|获悉|记者(?:从[^，]{2,24}?)?(?:了解到|获悉|注意到|看到|发现)|"
    r"(?:记者)?(?:日前|近日|今天|昨日|[0-9]{1,2}日)?从[^，]{2,24}?(?:了解到|获悉)|"
    r"值得一提的是|值得注意的是|需要指出的是|需要说明的是|更重要的是|特别是|总的来看|总体来看|总之|可以说|换句话说|具体来看|具体而言|"
    r"一方面|另一方面|首先|其次|再次|最后|不仅如此|除此之外|在此基础上|近日|日前|如今|当前|目前)$"
)
TIME_ONLY = re.compile(
    r"^(?:(?:今天|昨天|明天|前天|今日|昨日|当天|当日|近日|日前|目前|当前|今年|去年|近年来?|近期|截至目前|如今|"
    r"(?:截至)?(?:今年|去年|当地时间|北京时间)?(?:\d{4}年)?(?:\d{1,2}月(?:份|底|初|末|中旬|上旬|下旬)?)?(?:\d{1,2}(?:日|号))?(?:至|到|—|-)?"
    r"(?:\d{1,2}(?:月|日|号))?(?:\d{1,2}日)?(?:上午|下午|晚|晚间|中午|凌晨|清晨|早上|夜间|傍晚|起|以来)?"
    r"(?:\d{1,2}时(?:\d{1,2}分)?(?:许)?)?))$"
)


_LEADING = re.compile(
    r"^(?:另(?=据)|此外|另外|同时|与此同时|而且|并且|但是|但|不过|然而|因此|所以|为此|对此|于是|据了解|据悉|据介绍|其中|而|也|还|并|以及|随后|之后)[，,]?"
    r"(?=[\u4e00-\u9fff“《\d])"
)
# 而今, 但丁, 并州…: words that only look like a connective and the rest.
_NOT_LEADING = re.compile(
    r"^(?:而今|而立|也门|并购|并网|并轨|并行|并入|并存|还款|还乡|还清|还田|还林|还草|同时期|其中国|但丁|之后的)"
)


def leading_chars(text: str) -> int:
    """How many characters of a connective a clause begins with (此外, 但, 还 …)."""
    match = _LEADING.match(text)
    return match.end() if match and not _NOT_LEADING.match(text) else 0


_SAME_DAY = re.compile(r"^当([晚天日])(?!地|然|选|下)")
_FULL_DAY = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:晚|上午|下午)?")
_ANY_TIME = re.compile(
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:晚|上午|下午)?(?:至\d{1,2}日)?|\d{1,2}[日号]|\d{4}年|\d{1,2}月|昨天|昨日|今天|今日|次日|翌日|第二天|近日|日前|去年|今年"
)
_MAX_DATE_DISTANCE = 160
# As long as the usual summary.
MAX_UNIT_CHARS = 150
MIN_LIST_MARKS = 5
_LIST_CLOSE = re.compile(r"等(?=\d+|[一二三四五六七八九十百]+)")
# 聊城日报: whose city 我市 is.
_OUTLET_PLACE = re.compile(
    r"^《?([\u4e00-\u9fff]{2,4}?)(?:市|县|区)?(?:日报|晚报|晨报|早报|商报|都市报|新闻网|广播电视台|融媒|发布)"
)
_OUR_CITY = re.compile(r"(?<![\u4e00-\u9fff])我(?=市)|(?<=[，是在对为全向])我(?=市)")


@dataclass(frozen=True, slots=True)
class Unit:
    """One usable clause. `pieces`: its spans of the text, asides left out; `mark`: the mark that closes
    it in the source, "" when none; `sentence`: index into `Document.sentences`; `first_of_paragraph`:
    its sentence opens a paragraph. `usable`: False for bylines, credits and the like. `as_printed`: its pieces
    where a date stands in the place of 当天, else ()."""

    index: int
    sentence: int
    paragraph: int
    pieces: tuple[Span, ...]
    text: str
    mark: str
    usable: bool
    as_printed: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """`sentences`: for each sentence that is not dropped, the half-open range of its units."""

    article: Article
    units: tuple[Unit, ...]
    sentences: tuple[tuple[int, int], ...]

    @property
    def usable_chars(self) -> int:
        return sum(len(u.text) + len(u.mark) for u in self.units if u.usable)


def _holes(text: str, span: Span, *, opens_article: bool) -> list[Span]:
    """Stretches of `text[span]` that no summary repeats."""
    piece = text[span.start : span.end]
    holes = [Span(span.start + m.start(), span.start + m.end()) for m in _REPORTERS.finditer(piece)]
    for aside in _ASIDE.finditer(piece):
        # 现场义诊（图片由主办方提供）义诊月活动由…: a caption that runs into the sentence.
        before, after = piece[: aside.start()], piece[aside.end() :].strip(" 。")
        caption = (
            _PICTURE.match(aside.group())
            and 6 <= len(before) <= _MAX_RUN_IN_CAPTION
            and len(after) >= 6
            and not re.search(r"[，：；]", before)
        )
        holes.append(Span(span.start + (0 if caption else aside.start()), span.start + aside.end()))
    holes += [Span(span.start + m.start(), span.start + m.end()) for m in _INTERVIEW.finditer(piece)]
    for match in _TODAY.finditer(piece):
        holes.append(Span(span.start + match.start(), span.start + match.end()))
        if closing := _TODAY_END.search(piece, match.end()):
            holes.append(Span(span.start + closing.start(), span.start + closing.end()))
    at = 0
    while opening := _opening(piece[at:], opens_article=opens_article):
        at += opening.end()
        while at < len(piece) and piece[at] in " ，,：:":
            at += 1
        if skipped := _REPORTERS.match(piece[at:]) or _NAMES.match(piece[at:]):
            at += skipped.end()
    if opens_article:
        at = _after_headline(text, span, at)
    if number := _NUMBER.match(piece[at:]):
        at += number.end()
    if twice := _TWICE.match(piece[at:]):
        at += twice.end(1)
    holes.append(Span(span.start, span.start + at))
    return holes


def _after_headline(text: str, span: Span, at: int) -> int:
    """Where in the sentence `span` the body begins when a headline runs into it, at the earliest `at`."""
    piece = text[span.start : span.end]
    if not text.startswith(("原标题", "标题")):
        day = _DAY_OPENS.search(piece, MIN_TITLE_CHARS) if at == 0 else None
        head = piece[: day.start()] if day and day.start() <= MAX_TITLE_CHARS else ""
        grams = (head[k : k + _SAID_AGAIN_CHARS] for k in range(len(head) - _SAID_AGAIN_CHARS + 1))
        again = day and any(g.isalpha() and g in text[day.end() : day.end() + MAX_TITLE_CHARS] for g in grams)
        return day.start() if day and again else at
    printed = _PRINTED_TITLE.match(piece)
    # Once a dateline is behind, so is the headline.
    if printed and at <= printed.end():
        found = _title_chars(piece[at:], text[span.end :])
        opens = _BODY_OPENS.search(piece, at + MIN_TITLE_CHARS, at + MAX_TITLE_CHARS) if not found else None
        at = opens.start() if opens else at + found
    if run_in := _BEFORE_TIME.match(piece[at:]):
        at += run_in.end()
    return at


def _title_chars(text: str, later: str) -> int:
    """Where the body begins after a headline that runs into it: the body takes up the first words of the
    headline or of one of its parts (原标题：书展今日开启书展将于…), or says the headline again `later`. 0 when it
    does neither."""
    again = next((k for k in range(min(len(text), MAX_TITLE_CHARS), 9, -1) if text[:k] in later), 0)
    if again and again < len(text):
        return again
    begin = 0
    while True:
        found = 0
        for j in range(begin + MIN_TITLE_CHARS, min(len(text), begin + MAX_TITLE_CHARS)):
            taken = text[j : j + _TAKEN_UP]
            parts = (m.end() for m in _TITLE_PART.finditer(text, begin, j - _TAKEN_UP))
            if len(taken) == _TAKEN_UP and any(text.startswith(taken, k) for k in (begin, *parts)):
                found = j
                break
        if not found:
            return begin
        copy = text[begin:found]
        # 【特稿】普京表示…普京表示…: printed twice in front of the text, then the reporter.
        begin = found + (len(copy) if text.startswith(copy, found) else 0)
        if begin > found and (reporter := _REPORTER_BEFORE.match(text[begin:])):
            begin += reporter.end()


def _opening(piece: str, *, opens_article: bool) -> re.Match[str] | None:
    """A dateline, or what web pages put before the first sentence, at the start of `piece`."""
    found = _DATELINE.match(piece) or _PHOTO.match(piece)
    if not found and opens_article:
        found = _RUN_IN.match(piece) or _RUN_IN_AGENCY.match(piece) or _HEADER.match(piece)
    return found if found and 0 < found.end() < len(piece) else None


def _without(span: Span, holes: Iterable[Span]) -> list[Span]:
    pieces = [span]
    for hole in holes:
        cut: list[Span] = []
        for p in pieces:
            if hole.end <= p.start or hole.start >= p.end:
                cut.append(p)
                continue
            if p.start < hole.start:
                cut.append(Span(p.start, hole.start))
            if hole.end < p.end:
                cut.append(Span(hole.end, p.end))
        pieces = cut
    return pieces


def _trim(text: str, pieces: list[Span], strip: str) -> tuple[Span, ...]:
    """`pieces` without characters of `strip` or white space at the outer edges."""
    kept = [p for p in pieces if len(p)]
    while kept and (text[kept[0].start].isspace() or text[kept[0].start] in strip):
        kept[0] = Span(kept[0].start + 1, kept[0].end)
        if not len(kept[0]):
            kept.pop(0)
    while kept and (text[kept[-1].end - 1].isspace() or text[kept[-1].end - 1] in strip):
        kept[-1] = Span(kept[-1].start, kept[-1].end - 1)
        if not len(kept[-1]):
            kept.pop()
    return tuple(kept)


def spans_text(text: str, pieces: Iterable[Span]) -> str:
    return "".join(text[p.start : p.end] for p in pieces)


def _closing_mark(text: str, span: Span) -> str:
    tail = text[span.start : span.end].rstrip()
    return tail[-1] if tail and tail[-1] in "，：；。！？!?;," else ""


def _parts(text: str, span: Span) -> list[Span]:
    """`span`, at its blanks when it is longer than a summary: web pages that lost their marks."""
    if len(span) <= MAX_UNIT_CHARS:
        return [span]
    cuts = [m.end() for m in re.finditer(r"[ \u3000]+", text[span.start : span.end])]
    edges = [0, *cuts, len(span)]
    return [Span(span.start + a, span.start + b) for a, b in pairwise(edges) if a < b]


def _shortened_list(text: str, pieces: tuple[Span, ...], content: str) -> tuple[Span, ...]:
    """A clause that no summary holds, without the members of its list from the third on, when 等 and their
    number follow: 对甲部、乙部等35个单位开展巡视."""
    if len(content) <= MAX_UNIT_CHARS or len(pieces) != 1:
        return pieces
    begin = pieces[0].start
    end = _LIST_CLOSE.search(content)
    marks = [m.start() for m in re.finditer("、", content[: end.start()])] if end else []
    if end is None or len(marks) < MIN_LIST_MARKS or content[marks[0] : end.start()].count("，"):
        return pieces
    kept = (Span(begin, begin + marks[1]), Span(begin + end.start(), pieces[0].end))
    short = spans_text(text, kept)
    return kept if all(short.count(a) == short.count(b) for a, b in ("（）", "“”", "《》")) else pieces


def _sentence_units(
    text: str, sentence: Sentence, number: int, first: int, *, opens_article: bool
) -> list[Unit]:
    holes = _holes(text, sentence.span, opens_article=opens_article)
    units: list[Unit] = []
    line = text[sentence.span.start : sentence.span.end]
    usable = not (_NUMBER.match(line) and len(line) <= _MAX_HEADING_CHARS + 4)
    for span in (s for c in sentence.clauses for s in _parts(text, c.span)):
        pieces = _trim(text, _without(span, holes), _MARKS)
        content = spans_text(text, pieces)
        if not re.search(r"[\w]", content):
            continue
        pieces = _shortened_list(text, pieces, content)
        content = spans_text(text, pieces)
        # 责任编辑：林一苇: what follows in the sentence belongs to it.
        usable = usable and not _JUNK.search(content)
        mark = _closing_mark(text, span)
        units.append(Unit(first + len(units), number, sentence.paragraph, pieces, content, mark, usable))
    return units


def read_document(article: Article) -> Document:
    """`article` as units. Sentences that `clean` marked are left out."""
    units: list[Unit] = []
    sentences: list[tuple[int, int]] = []
    opening = True
    for sentence in article.sentences:
        if sentence.dropped is not None:
            continue
        found = _sentence_units(
            article.text, sentence, len(sentences), len(units), opens_article=opening and len(sentences) < 3
        )
        line = article.text[sentence.span.start : sentence.span.end].strip()
        titled = _PRINTED_TITLE.match(line) and line.endswith(("！", "？", "!", "?"))
        opening = opening and (bool(titled) or not any(u.usable for u in found))
        credit = _PHOTO.match(line)
        if credit and credit.end() <= _MAX_PHOTO_CREDIT_CHARS and sentences:
            begin = sentences[-1][0]
            if sum(len(u.text) for u in units[begin:]) <= _MAX_CAPTION_CHARS:
                units[begin:] = [replace(u, usable=False) for u in units[begin:]]
        if found:
            sentences.append((len(units), len(units) + len(found)))
            units += found
    return Document(article, tuple(_dated(article.text, units)), tuple(sentences))


def our_city(article: Article) -> Span | None:
    """Where the text names the city that 我市 means, when the paper is that city's: 聊城 for 聊城日报."""
    outlet = _OUTLET_PLACE.match(article.outlet)
    at = article.text.find(outlet.group(1)) if outlet else -1
    return Span(at, at + len(outlet.group(1))) if outlet and at >= 0 else None


def titled_city(article: Article) -> Span | None:
    """Where the title names the city that 我市 means, when only the title does."""
    outlet = _OUTLET_PLACE.match(article.outlet)
    at = article.title.find(outlet.group(1)) if outlet and our_city(article) is None else -1
    return Span(at, at + len(outlet.group(1))) if outlet and at >= 0 else None


def named_city(text: str, name: str) -> str:
    """`text` with 我市 told as `name`市."""
    return _OUR_CITY.sub(name, text)


def with_city(text: str, pieces: tuple[Span, ...], city: Span | None) -> tuple[Span, ...]:
    """`pieces` with 我市 told as 聊城市."""
    if city is None:
        return pieces
    found: list[Span] = []
    for piece in pieces:
        begin = piece.start
        for our in _OUR_CITY.finditer(text, piece.start, piece.end):
            found += [Span(begin, our.start()), city]
            begin = our.end()
        found.append(Span(begin, piece.end))
    return tuple(p for p in found if len(p))


def _dated(text: str, units: list[Unit]) -> list[Unit]:
    """`units` with 当晚, 当天 at their start told as the date that they stand for, where the text gives one
    shortly before and no other time between."""
    found = []
    for unit in units:
        same = _SAME_DAY.match(unit.text)
        begin = unit.pieces[0].start
        before = text[max(0, begin - _MAX_DATE_DISTANCE) : begin]
        dates = list(_ANY_TIME.finditer(before)) if same else []
        if not same or not dates or not _FULL_DAY.fullmatch(dates[-1].group()):
            found.append(unit)
            continue
        day = Span(begin - len(before) + dates[-1].start(), begin - len(before) + dates[-1].end())
        # 当晚 keeps its 晚 unless the date has it; 当天 and 当日 go.
        told = text[day.start : day.end]
        skip = 1 if same.group(1) in "晚" and not told.endswith("晚") else 2
        if same.group(1) != "晚" and re.search(r"[晚午]$", told):
            day = Span(day.start, day.end - (1 if told[-1] == "晚" else 2))
        pieces = (day, Span(begin + skip, unit.pieces[0].end), *unit.pieces[1:])
        pieces = tuple(p for p in pieces if len(p))
        found.append(replace(unit, pieces=pieces, text=spans_text(text, pieces), as_printed=unit.pieces))
    return found

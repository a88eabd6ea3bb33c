"""The headline of an item: the article's own when it informs, else made from its clauses.

Only source words are used; a made headline is one clause, shortened at its start, never cut inside a word,
a number or a quotation.
"""

# ruff: noqa: E501  (word lists read better unbroken)
from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from briefing.records import Article, SourceRef, Span
from briefing.summarise.forms import CONCESSION, balanced, is_adverbial, is_attribution
from briefing.summarise.headline_made import opening_chars
from briefing.summarise.scope import FIGURE, PORTRAIT
from briefing.summarise.units import CONNECTIVE, TIME_ONLY, Document, Unit
from briefing.words import Lexicon, Word

MAX_OWN_CHARS = 40
MIN_OWN_CHARS = 6
# The full title of an official document is its name and cannot be cut.
MAX_DOCUMENT_CHARS = 60
MAX_MADE_CHARS = 28
MIN_MADE_CHARS = 8
Headline = tuple[str, tuple[SourceRef, ...]]

_LABEL = re.compile(
    r"^(?:简讯|要闻|快讯|导读|图片新闻|短评|社论|评论|编者按|公告|通知|启事|目击|一线见闻|图说|热点|关注|声明|致谢|目录|"
    r"(?:国内|国际)?(?:要闻|快讯|联播快讯|简讯|新闻)|本报评论员.*|.{0,12}(?:以来|之际|观察|纪实|侧记|综述|速写|掠影|见闻|启示录|答记者问))$"
)
_QUESTION = re.compile(r"[？?！!]|^(?:如何|怎么|为何|为什么)|(?:吗|呢|何在|几何)$")
# Words of exhortation; a title of such words without a name, number or office says nothing of the news.
_SLOGAN = re.compile(
    r"^(?:让|把|以|用|为|聚力|奋力|筑梦|凝心|砥砺|初心|牢记|擦亮|绘就|谱写|奏响|点亮|扬帆|乘风|锚定|争做|守护|感受|走进|寻找|致敬|向着|更好|"
    r"激发|激活|绘出|书写|赋能|厚植|共[建绘享谱创])|答卷|新篇|新高地|新动能|新画卷|样板|密码|引擎|“?金钥匙|暖民心|惠民|润泽|耀|风采|底色|活力|征程|华章|力量|担当|蝶变|嬗变|"
    r"之路$|先行$|在行动$|在路上$|有干头$|正当时$|出实招$|见实效$|加速度$"
)
_NAMED = re.compile(
    r"[0-9]|百分之|我[国省市县区]|全[国省市县区]|中国|国家|国务院|中央|[两三四五六七八九十百千万]部门|公司|集团|大学|法院|《|[省市县][委长]|书记"
)
_QUOTED_WHOLE = re.compile(r"^“[^”]*”$")
_RUBRIC = re.compile(
    r"^(?:\d{1,2}[.．、](?!\d)|[一二三四五六七八九十]{1,2}、|（[一二三四五六七八九十]{1,2}）|【[^】]{1,24}】|［[^］]{1,20}］|\[[^\]]{1,20}\]|[（(][^（）()]{1,20}[）)])\s*"
)
_TAIL = re.compile(
    r"\s*[（(](?:[^（）()]*(?:·|系列|专栏|一线|现场|聚焦|声音|解读|观察|时评|纵横|观澜|工作\s*[）)]|发展\s*[）)])[^（）()]*|"
    r"[\u4e00-\u9fff]{2,4}观|[上中下①-⑩]|[\u4e00-\u9fff 、“”]{2,24}(?<!稿)(?<!全文)(?<!节选)(?<!暂行)(?<!版)(?<!草案)(?<!修订)(?<!试行))[）)]$|[①-⑩]$"
)
_INNER_TAIL = re.compile(r"（(?![^）]*(?:试行|草案|稿))[^）]{2,20}）\s+(?=.{4})")
_PARTICIPLE = re.compile(r"(?:时)?(?:强调|指出|表示|要求)$|：$|——$")
_DOCUMENT = re.compile(
    r"(?:意见|通知|决定|办法|条例|规定|方案|规划|公告|批复|命令|声明|纲要)(?:（[^）]{2,6}）)?》?$"
)
# 六部门印发指导意见: of what?
_UNNAMED_DOCUMENT = re.compile(
    r"(印发|发布|出台|公布|下发|制定)(?:了)?(?:有关|相关|新)?(?:指导|实施)?(?:意见|通知|方案|办法|规定|规划|条例|措施|行动计划)$"
)
# One of several offices of the person a title names; the last one is enough where there is no room.
_OFFICE = re.compile(
    r"^[^，。 、]{4,40}(?:委员|主任|书记|主席|部长|省长|市长|局长|厅长|院长|校长|董事长|总经理)、"
)
_VERB_NOUN = re.compile(
    r"会见|会谈|出版|发行|通电话|致电|致信|致贺|开幕|闭幕|逝世|发布|揭牌|开通|上线|启动|通车|举行|召开|成立|印发|条例|办法|意见|通知|决定|规定"
)
# Openings that lean on another clause.
_POINTER = re.compile(r"这[家个里座条项位些款所]|[他她它](?!国|山|乡)|TA|ta|此[项地]")
_AGAIN = re.compile(
    r"[再又]+(?:提升|刷新|升级|突破|发力|提速|创新高|上新|添|上|出|迎|传|获|现|加码|扩容)|更[上进]|新突破|新进展|新成效|不断"
)
_BACKWARD = re.compile(
    r"^(?:该|这|那|其|此|他|她|它|双方|两[人国]|如今|如此|由|为|在|以|让|使|从而|收到|因|据)"
)


def _informative(title: str, lexicon: Lexicon) -> bool:
    """Subject and action; not a slogan, label, question or exclamation."""
    if "|" in title or _QUOTED_WHOLE.match(title):
        return False
    limit = MAX_DOCUMENT_CHARS if _DOCUMENT.search(title) else MAX_OWN_CHARS
    if not MIN_OWN_CHARS <= len(title) <= limit or _LABEL.match(title) or _QUESTION.search(title):
        return False
    words = lexicon.cut(title)
    verb = any(w.tag in ("v", "vn") for w in words) or bool(_VERB_NOUN.search(title))
    if not verb and len(title) < 10 and not re.search(r"\d", title):
        return False
    # （国务院联防联控机制发布会） names the occasion, not who acts.
    told = re.sub(r"（[^）]*）", "", title)
    named = bool(_NAMED.search(told)) or any(
        w.tag in ("nr", "ns", "nt", "eng") for w in words if w.text in told
    )
    if named:
        return True
    # 加强国际合作 分享减贫经验: nobody who acts is named.
    if words[0].tag in ("v", "p", "d", "c", "i", "l", "z"):
        return False
    halves = title.split()
    # 古今中外四字六字对句: two halves of one length are a motto unless something in them has a name.
    motto = len(halves) == 2 and len(halves[0]) == len(halves[1]) <= 9
    return verb and not motto and not any(_SLOGAN.search(half) for half in halves)


def _title_range(title: str) -> tuple[int, int]:
    """The headline in the printed title: without rubric, column name, second headline and hanging words."""
    start, end = 0, len(title)
    while (match := _RUBRIC.match(title[start:end])) and match.end() < end - start:
        start += match.end()
    # What follows a dash is the second headline (副题).
    dash = title.find("——", start, end)
    if dash >= start + MIN_OWN_CHARS:
        end = dash
        while title[end - 1].isspace():
            end -= 1
    tail = _TAIL.search(title[start:end])
    if tail and tail.start() >= MIN_OWN_CHARS:
        end = start + tail.start()
    while end - start > MAX_OWN_CHARS and (office := _OFFICE.match(title[start:end])):
        start += office.end()
    if end - start > MAX_OWN_CHARS and not _DOCUMENT.search(title[start:end]):
        # Two-part headlines: as many whole parts as fit.
        cuts = [
            start + m.start() for m in re.finditer(r"\s|——", title[start:end]) if m.start() <= MAX_OWN_CHARS
        ]
        whole = [c for c in cuts if c - start >= MIN_OWN_CHARS and balanced(title[start:c])]
        end = max(whole, default=end)
    if hanging := _PARTICIPLE.search(title[start:end]):
        end = start + hanging.start()
    while start < end and title[start].isspace():
        start += 1
    while start < end and title[end - 1].isspace():
        end -= 1
    return start, end


def own_headline(article: Article, lexicon: Lexicon, *, any_title: bool = False) -> Headline | None:
    """The article's title without rubric and column name, when it informs (or is no mere label, `any_title`)."""
    title = article.title
    start, end = _title_range(title)
    words = title[start:end]
    inner = _INNER_TAIL.search(words)
    if any_title:
        said = title[end:].startswith("——") and not title[end:].strip("— ")
        if (
            said
            or "|" in words
            or len(words) < MIN_OWN_CHARS
            or len(words) > MAX_OWN_CHARS
            or _LABEL.match(words)
        ):
            return None
    elif not _informative(words, lexicon):
        return None
    if inner and not any_title:
        # 馆改造工程启动（走向冬奥） 预计10月完工: the name of the column stands between two parts.
        halves = (Span(start, start + inner.start()), Span(start + inner.end(), end))
        words = f"{words[: inner.start()]} {words[inner.end() :]}"
        return words, tuple(SourceRef(article.id, s, "title") for s in halves)
    return words, (SourceRef(article.id, Span(start, end), "title"),)


def _cut_at_word(text: str, words: Sequence[Word]) -> int:
    """Longest beginning of `text` within the limit that ends a phrase; 0 when there is none."""
    at = best = depth = 0
    seen_verb = False
    for k, word in enumerate(words):
        depth += sum(c in "“《（(‘「" for c in word.text) - sum(c in "”》）)’」" for c in word.text)
        at += len(word.text)
        if at > MAX_MADE_CHARS:
            break
        seen_verb = seen_verb or word.tag in ("v", "vn")
        following = words[k + 1] if k + 1 < len(words) else None
        # Nothing that continues the phrase may follow: 的, a measure, a noun of the same compound.
        listed = "、" in text[:at]
        free = following is None or (
            not listed
            and following.text not in ("及", "和", "与", "暨", "或", "以及")
            and following.tag in ("p", "c", "d", "w", "v")
            and following.text not in "）”》、"
        )
        if depth == 0 and seen_verb and word.tag in ("n", "ns", "nt", "nr", "vn", "nz") and free:
            best = at
    return best if best >= MIN_MADE_CHARS else 0


def _usable(unit: Unit) -> bool:
    return unit.usable and not CONNECTIVE.match(unit.text) and not TIME_ONLY.match(unit.text)


# Better too long than a broken phrase.
MAX_LONG_CHARS = 48
# Longest, whole clause, must open with a noun: what a made headline is taken from, best first.
_ATTEMPTS = (
    (MAX_MADE_CHARS, True, True),
    (MAX_OWN_CHARS, True, True),
    (MAX_MADE_CHARS, False, True),
    (MAX_LONG_CHARS, True, True),
    (MAX_OWN_CHARS, True, False),
    (MAX_MADE_CHARS, False, False),
)


def made_headline(
    document: Document, ranked: Sequence[int], lexicon: Lexicon, claims: Collection[int] = ()
) -> Headline:
    """A clause of `ranked`, best first, or of the article's first clauses: whole if one has a verb, else the
    longest beginning that ends a phrase, else any words. `claims`: units that somebody says, last of all."""
    order = [document.units[i] for i in ranked]
    order += [u for u in document.units[:12] if _usable(u) and u.index not in ranked]
    order = [
        u for u in order if not (is_attribution(u.text) or is_adverbial(u.text) or CONCESSION.search(u.text))
    ] or order
    fallback: Headline = ("", ())
    for limit, whole, named in _ATTEMPTS:
        for unit in order:
            start = opening_chars(unit.text)
            text = unit.text[start:]
            end = start + (len(text) if whole else _cut_at_word(text, lexicon.cut(text)))
            if not MIN_MADE_CHARS <= end - start <= limit:
                continue
            words = lexicon.cut(unit.text[start:end])
            if named and unit.index in claims:
                continue
            if named and words[0].tag in ("v", "vn", "d", "p", "c", "ad", "f", "m", "t", "r"):
                continue
            if any(w.tag == "v" for w in words[1:]) and not _BACKWARD.match(unit.text[start:end]):
                return _slice(document, unit, start, end)
            fallback = fallback if fallback[0] else _slice(document, unit, start, end)
    if not fallback[0] and order and len(order[0].text) <= MAX_OWN_CHARS:
        return _slice(document, order[0], 0, len(order[0].text))
    return fallback


def _slice(document: Document, unit: Unit, start: int, end: int) -> Headline:
    refs = []
    at = 0
    for piece in unit.pieces:
        a, b = max(start - at, 0), min(end - at, len(piece))
        if a < b:
            refs.append(SourceRef(document.article.id, Span(piece.start + a, piece.start + b)))
        at += len(piece)
    return unit.text[start:end], tuple(refs)


def _vague(title: str, lexicon: Lexicon) -> bool:
    """聊城这家企业科研经费投入再刷新, 招商能力再提升: a subject or a result that the title does not tell."""
    if re.search(r"\d", title):
        return False
    named = bool(_NAMED.search(title)) or any(w.tag in ("nr", "ns", "nt", "eng") for w in lexicon.cut(title))
    return bool(_POINTER.search(title)) or (not named and bool(_AGAIN.search(title)))


def _with_document(document: Document, own: Headline) -> Headline | None:
    """六部门印发《关于…的指导意见》: the name that the title leaves out, from the first sentences."""
    issued = _UNNAMED_DOCUMENT.search(own[0])
    if not issued:
        return None
    kind = own[0][-2:]
    for unit in document.units[:6]:
        for name in re.finditer(r"《[^》]*》", unit.text):
            head = own[0][: issued.end(1)]
            if kind in name.group() and len(head) + len(name.group()) <= MAX_DOCUMENT_CHARS:
                title = replace(own[1][0], span=Span(own[1][0].span.start, own[1][0].span.start + len(head)))
                return head + name.group(), (title, *_slice(document, unit, name.start(), name.end())[1])
    return None


def _with_figure(document: Document, own: Headline) -> Headline | None:
    """The title behind a kicker that tells the figure (3年突破3亿元), when the text bears that figure out."""
    kicker = document.article.kicker
    figures = FIGURE.findall(kicker)
    if not figures or len(kicker) + 1 + len(own[0]) > MAX_MADE_CHARS or _QUESTION.search(kicker):
        return None
    for unit in document.units:
        if unit.usable and all(f in unit.text for f in figures):
            refs = tuple(SourceRef(document.article.id, p) for p in unit.pieces)
            return f"{kicker} {own[0]}", (*own[1], *refs)
    return None


def portrait_headline(document: Document) -> Headline | None:
    """林一苇：让阳光照进小巷, when the second headline says ——记林一苇 and the title does not."""
    article = document.article
    found = PORTRAIT.search(article.subtitle)
    name = found.group(1) if found else ""
    at = article.text.find(name)
    if not name or at < 0 or name in article.title or _LABEL.match(article.title):
        return None
    if not MIN_OWN_CHARS <= len(article.title) <= MAX_OWN_CHARS - len(name) - 1 or _QUESTION.search(
        article.title
    ):
        return None
    refs = (
        SourceRef(article.id, Span(at, at + len(name))),
        SourceRef(article.id, Span(0, len(article.title)), "title"),
    )
    return f"{name}：{article.title}", refs


def needs_made(document: Document, lexicon: Lexicon) -> bool:
    """Whether `make_headline` would look at a made headline: the article's own is missing or tells too little."""
    own = own_headline(document.article, lexicon)
    return portrait_headline(document) is None and (own is None or _vague(own[0], lexicon))


def make_headline(
    document: Document,
    ranked: Sequence[int],
    lexicon: Lexicon,
    made: Headline = ("", ()),
    claims: Collection[int] = (),
) -> Headline:
    """The article's own informative title, else `made`, else the paper's slogan, else one made from the clauses
    `ranked`, best first; "" when the article has no words. `claims`: units that somebody says."""
    if portrait := portrait_headline(document):
        return portrait
    own = own_headline(document.article, lexicon)
    if own and (named := _with_document(document, own)):
        return named
    if own and _vague(own[0], lexicon):
        told = _with_figure(document, own)
        return told or (made if made[0] else own)
    if own:
        return own
    if made[0]:
        return made
    # A slogan of the paper's own reads better than the beginning of a clause.
    title = own_headline(document.article, lexicon, any_title=True)
    return title or made_headline(document, ranked, lexicon, claims)

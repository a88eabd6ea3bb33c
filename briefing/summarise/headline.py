"""The headline of an item: the article's own when it informs, else made from its clauses.

Only source words are used; a made headline is one clause, shortened at its start, never cut inside a word,
a number or a quotation.
"""

# ruff: noqa: E501  (word lists read better unbroken)
from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.records import Article, SourceRef, Span
from briefing.summarise.headline_made import opening_chars
from briefing.summarise.units import CONNECTIVE, TIME_ONLY, Document, Unit
from briefing.summarise.words import Lexicon, Word

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
    r"[0-9]|我[国省市县区]|全[国省市县区]|中国|国家|国务院|中央|[两三四五六七八九十百千万]部门|公司|集团|大学|法院|《|[省市县][委长]|书记"
)
_QUOTED_WHOLE = re.compile(r"^“[^”]*”$")
_RUBRIC = re.compile(
    r"^(?:\d{1,2}[.．、](?!\d)|[一二三四五六七八九十]{1,2}、|（[一二三四五六七八九十]{1,2}）|【[^】]{1,24}】|［[^］]{1,20}］|\[[^\]]{1,20}\]|[（(][^（）()]{1,20}[）)])\s*"
)
_TAIL = re.compile(
    r"\s*[（(](?:[^（）()]*(?:·|系列|专栏|一线|现场|聚焦|声音|解读|观察|时评|纵横|观澜|工作\s*[）)]|发展\s*[）)])[^（）()]*|"
    r"[\u4e00-\u9fff]{2,4}观|[上中下①-⑩]|[\u4e00-\u9fff 、“”]{2,24}(?<!稿)(?<!全文)(?<!节选)(?<!暂行)(?<!版)(?<!草案)(?<!修订)(?<!试行))[）)]$|[①-⑩]$"
)
_PARTICIPLE = re.compile(r"(?:时)?(?:强调|指出|表示|要求)$|：$|——$")
_DOCUMENT = re.compile(r"(?:意见|通知|决定|办法|条例|规定|方案|规划|公告|批复|命令|声明|纲要)$")
_VERB_NOUN = re.compile(
    r"会见|会谈|出版|发行|通电话|致电|致信|致贺|开幕|闭幕|逝世|发布|揭牌|开通|上线|启动|通车|举行|召开|成立|印发|条例|办法|意见|通知|决定|规定"
)
# Openings that lean on another clause.
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
    named = bool(_NAMED.search(title)) or any(w.tag in ("nr", "ns", "nt", "eng") for w in words)
    if named:
        return True
    # 加强国际合作 分享减贫经验: nobody who acts is named.
    if words[0].tag in ("v", "p", "d", "c"):
        return False
    halves = title.split()
    # 古今中外四字六字对句: two halves of one length are a motto unless something in them has a name.
    motto = len(halves) == 2 and len(halves[0]) == len(halves[1]) <= 9
    return verb and not motto and not _SLOGAN.search(title)


def own_headline(article: Article, lexicon: Lexicon, *, any_title: bool = False) -> Headline | None:
    """The article's title without rubric and column name, when it informs (or is no mere label, `any_title`)."""
    title = article.title
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
    if end - start > MAX_OWN_CHARS and not _DOCUMENT.search(title[start:end]):
        # Two-part headlines: as many whole parts as fit.
        cuts = [
            start + m.start() for m in re.finditer(r"\s|——", title[start:end]) if m.start() <= MAX_OWN_CHARS
        ]
        end = max((c for c in cuts if c - start >= MIN_OWN_CHARS), default=end)
    if hanging := _PARTICIPLE.search(title[start:end]):
        end = start + hanging.start()
    while start < end and title[start].isspace():
        start += 1
    while start < end and title[end - 1].isspace():
        end -= 1
    words = title[start:end]
    if any_title:
        if "|" in words or len(words) < MIN_OWN_CHARS or len(words) > MAX_OWN_CHARS or _LABEL.match(words):
            return None
    elif not _informative(words, lexicon):
        return None
    return words, (SourceRef(article.id, Span(start, end), "title"),)


def _shortened(unit: Unit, lexicon: Lexicon) -> tuple[int, int, bool]:
    """Range of the unit's text without opening time, source and office phrases, cut at a word's end when
    it is still too long; True when nothing was cut off its end."""
    start = opening_chars(unit.text)
    text = unit.text[start:]
    if len(text) <= MAX_MADE_CHARS:
        return start, len(unit.text), True
    return start, start + _cut_at_word(text, lexicon.cut(text)), False


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
        free = following is None or (
            following.tag in ("p", "c", "d", "w", "v") and following.text not in "）”》、"
        )
        if depth == 0 and seen_verb and word.tag in ("n", "ns", "nt", "nr", "vn", "nz") and free:
            best = at
    return best if best >= MIN_MADE_CHARS else 0


def _usable(unit: Unit) -> bool:
    return unit.usable and not CONNECTIVE.match(unit.text) and not TIME_ONLY.match(unit.text)


def made_headline(document: Document, ranked: Sequence[int], lexicon: Lexicon) -> Headline:
    """The beginning of the first clause of `ranked` that can be cut, or of the article's first clauses."""
    order = [document.units[i] for i in ranked]
    order += [u for u in document.units[:12] if _usable(u) and u.index not in ranked]
    fallback: Headline = ("", ())
    for whole in (False, True):
        for unit in order:
            start, end, complete = _shortened(unit, lexicon)
            if end - start < MIN_MADE_CHARS or complete != whole:
                continue
            words = lexicon.cut(unit.text[start:end])
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


def make_headline(
    document: Document, ranked: Sequence[int], lexicon: Lexicon, made: Headline = ("", ())
) -> Headline:
    """The article's own informative title, else `made`, else the paper's slogan, else one made from the clauses
    `ranked`, best first; "" when the article has no words."""
    own = own_headline(document.article, lexicon)
    if own:
        return own
    if made[0]:
        return made
    # A slogan of the paper's own reads better than the beginning of a clause.
    title = own_headline(document.article, lexicon, any_title=True)
    return title or made_headline(document, ranked, lexicon)

"""The headline of an item: the article's own when it informs, else made from its clauses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.records import Article, SourceRef, Span
from briefing.summarise.units import CONNECTIVE, TIME_ONLY, Document, Unit
from briefing.summarise.words import Lexicon

MAX_OWN_CHARS = 40
MIN_OWN_CHARS = 8
MAX_MADE_CHARS = 28
Headline = tuple[str, tuple[SourceRef, ...]]

_SLOGAN = re.compile(
    r"^(?:让|把|以|用|为|聚力|奋力|筑梦|凝心|砥砺|初心|牢记|擦亮|绘就|谱写|奏响|点亮|扬帆|乘风|锚定|争做|守护|感受|走进|寻找|致敬|向着|更好|共).{2,20}$"
)
_LABEL = re.compile(
    r"^(?:简讯|要闻|快讯|导读|图片新闻|短评|社论|评论|编者按|公告|通知|启事|目击|一线见闻|国内要闻|国际快讯|联播快讯|国内联播快讯|国际联播快讯|图说|热点|关注|本报评论员.*|新华社.*|人民日报.*)$"
)
_QUESTION = re.compile(r"[？?！!]$")
_RUBRIC = re.compile(
    r"^(?:【[^】]{1,20}】|［[^］]{1,20}］|\[[^\]]{1,20}\]|[（(][^（）()]{1,20}[）)])\s*|\s*[（(][^（）()]*(?:·|系列|之[一二三四五六七八九十]|专栏|一线|现场|聚焦|声音|解读)[^（）()]*[）)]$"
)
_OPENERS = re.compile(
    r"^(?:(?:据[^，]{1,14}?(?:消息|报道|介绍|了解)|记者[^，]{0,20}?(?:获悉|了解到)|近日|日前|今天|昨天|当天|今年以来|当前|目前|近年来|"
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:上午|下午|晚)?(?:至\d{1,2}日)?|\d{1,2}日(?:上午|下午|晚)?)[，,]?)+"
)


def _informative(title: str, lexicon: Lexicon) -> bool:
    """Subject and action, not a slogan, label, question or exclamation."""
    if not MIN_OWN_CHARS <= len(title) <= MAX_OWN_CHARS:
        return False
    if _LABEL.match(title) or _QUESTION.search(title):
        return False
    words = lexicon.cut(title)
    verbs = [w for w in words if w.tag in ("v", "vn")]
    if not verbs:
        return False
    named = any(w.tag in ("nr", "ns", "nt", "nz", "m", "eng") for w in words) or bool(
        re.search(r"[0-9《“]|我国|我市|我省|我县|全国|中国|国家|部|局|委", title)
    )
    if _SLOGAN.match(title) and not named:
        return False
    return named or any(w.tag == "n" for w in words[:2])


def own_headline(article: Article, lexicon: Lexicon) -> Headline | None:
    """The article's title without rubric, when it informs."""
    title = article.title
    start, end = 0, len(title)
    while match := _RUBRIC.match(title[start:end]):
        if not match.end() or match.end() >= end - start:
            break
        start += match.end()
    tail = _RUBRIC.search(title[start:end])
    if tail and tail.end() == end - start and tail.start() > 0:
        end = start + tail.start()
    words = title[start:end].strip()
    if not _informative(words, lexicon):
        return None
    return words, (SourceRef(article.id, Span(start, end), "title"),)


def _cut_words(unit: Unit, lexicon: Lexicon, max_chars: int) -> tuple[int, int]:
    """Half-open range of the unit's text that makes a headline: opening time and source phrases off, cut at a
    word's end outside quotes and brackets."""
    match = _OPENERS.match(unit.text)
    start = match.end() if match and len(unit.text) - match.end() >= MIN_OWN_CHARS else 0
    text = unit.text[start:]
    if len(text) <= max_chars:
        return start, len(unit.text)
    at = 0
    best = 0
    depth = 0
    words = lexicon.cut(text)
    for k, word in enumerate(words):
        depth += sum(c in "“《（(‘「" for c in word.text) - sum(c in "”》）)’」" for c in word.text)
        at += len(word.text)
        if at > max_chars:
            break
        following = words[k + 1].tag if k + 1 < len(words) else "w"
        ends_well = word.tag in ("n", "nr", "ns", "nt", "nz", "vn", "v", "a", "q", "x", "w", "eng")
        if (
            depth == 0
            and ends_well
            and word.tag != "m"
            and following not in ("q", "u", "m", "f")
            and word.text not in "、，（“《"
        ):
            best = at
    return (start, start + best) if best >= MIN_OWN_CHARS else (start, start)


def made_headline(document: Document, units: Sequence[int], lexicon: Lexicon) -> Headline:
    """From the first clause with subject and verb among `units` (else of the article)."""
    order = [document.units[i] for i in units] + [u for u in document.units if u.usable][:4]
    for unit in order:
        if CONNECTIVE.match(unit.text) or TIME_ONLY.match(unit.text) or len(unit.text) < 6:
            continue
        if not any(w.tag == "v" for w in lexicon.cut(unit.text)):
            continue
        start, end = _cut_words(unit, lexicon, MAX_MADE_CHARS)
        if end > start:
            return _slice(document, unit, start, end)
    for unit in order:
        start, end = _cut_words(unit, lexicon, MAX_MADE_CHARS)
        if end > start:
            return _slice(document, unit, start, end)
    return "", ()


def _slice(document: Document, unit: Unit, start: int, end: int) -> Headline:
    refs = []
    at = 0
    for piece in unit.pieces:
        a, b = max(start - at, 0), min(end - at, len(piece))
        if a < b:
            refs.append(SourceRef(document.article.id, Span(piece.start + a, piece.start + b)))
        at += len(piece)
    return unit.text[start:end].strip(), tuple(refs)


def make_headline(document: Document, units: Sequence[int], lexicon: Lexicon) -> Headline:
    """The article's own informative title, else one made of source words, "" when there are none."""
    own = own_headline(document.article, lexicon)
    if own:
        return own
    made = made_headline(document, units, lexicon)
    title = document.article.title.strip()
    if made[0] or not title:
        return made
    return title[:MAX_OWN_CHARS], (
        SourceRef(document.article.id, Span(0, min(len(title), MAX_OWN_CHARS)), "title"),
    )

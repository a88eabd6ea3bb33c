"""Do two articles report the same event? Features of a pair, and the trained scorer over them.

Titles of the same event share little (Jaccard 0.12–0.50), so the body, its numbers, its days and places
are compared too, each n-gram weighted by how rare it is in news.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from briefing import boosted, resources
from briefing.dedupe.frequencies import load_frequencies
from briefing.errors import ResourceError
from briefing.records import Article
from briefing.text.similarity import (
    Floats,
    Hashes,
    InverseFrequencies,
    WeightedSet,
    containment,
    content_codes,
    ngram_hashes,
    overlap,
    weighted_set,
)

# A report's event stands in its head; the rest is background that other events share.
HEAD_CHARS = 250
_LOCALITY_CHARS = 60
# So many figures in each and none in common: two tellings of one event share some.
_MANY_FIGURES = 3
BODY_CHARS = 1500
_DATELINE = re.compile(
    r"^(?:[（(]?(?:本报|新华社|人民网|中新社|据)[^，。\n]{0,16}?(?:电|讯|报道|消息)[)）]?\s*)?(?:（[^（）]{0,60}）)?\s*"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:多|余)?[%‰万亿千百]*[^\W\d_]?")
_DATE_UNITS = "月日时年分号届第"
_DAY = re.compile(r"(?:(\d{1,2})月)?(?<!\d)(\d{1,2})日(?!电)")
_PLACES = re.compile(
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州"
    "|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾|美国|英国|法国|德国|俄罗斯|日本|韩国|朝鲜|印度尼西亚|印尼|印度|巴基斯坦|伊朗"
    "|伊拉克|以色列|巴勒斯坦|叙利亚|土耳其|沙特|埃及|南非|巴西|阿根廷|墨西哥|加拿大|澳大利亚|新西兰|意大利|西班牙|葡萄牙|希腊|荷兰|比利时"
    "|瑞士|瑞典|挪威|丹麦|芬兰|波兰|乌克兰|捷克|匈牙利|塞尔维亚|越南|老挝|柬埔寨|缅甸|泰国|马来西亚|新加坡|菲律宾|蒙古国|哈萨克斯坦"
    "|乌兹别克斯坦|吉尔吉斯斯坦|塔吉克斯坦|阿富汗|尼泊尔|孟加拉国|斯里兰卡|古巴|委内瑞拉|智利|秘鲁|埃塞俄比亚|肯尼亚|尼日利亚|刚果|苏丹"
    "|利比亚|阿尔及利亚|摩洛哥|欧盟|联合国|世卫组织|东盟|非盟"
)

# The broadcast of a printed comment names the paper first.
_CITED_COMMENT = re.compile(
    r"^[^：\s]{2,8}(?:评论员文章|快评|锐评|时评|社论|任仲平文章|国纪平文章)[：:]\s*|^【[^】]{2,12}】\s*"
)
# What a text is, said by its headline: a comment on an event, reactions to it or a preview of it is another
# item than the report.
_COMMENT = re.compile(
    "评论员|快评|锐评|社论|时评|论坛|观点|随笔|和音|钟声|述评|综述|来论|今日谈|杂谈|人民要论|大家谈|评读|手记|论学习|解读|任仲平|国纪平|文章："
)
_REACTION = re.compile("反响|热议|国际社会|国际人士|各界|人士|赞赏|高度评价|干部群众|畅谈|网友|点赞")
_PREVIEW = re.compile("将(?:于|在|出席|举行|主持|发布|访|对|发表|召开|播|直播|开|启)|即将|明天|今晚")
_NO_HEADLINE = re.compile(r"^(?:图片报道|图片新闻|一图速览|要闻速递|简讯|短讯|无题)$")
_EXACT_NUMBER = re.compile(r"\d+\.\d+|\d{3,}")
# 第三次会议 and 第四次会议, 论之三 and 论之四, 第49号 and 第50号 are different things with the same words.
_ORDINAL = re.compile(
    r"第[一二三四五六七八九十百零〇\d]+[次届号批期轮季场]|[①-⑳]|之[一二三四五六七八九十]|[（(][上中下一二三四五六七八九十\d]+[)）]"
)
_ACTOR = re.compile(
    "^([\u4e00-\u9fff]{2,4}?)(?:分别|将|同|会见|会晤|出席|主持|强调|致|向|率|与|签署|考察|调研|对|在|为|回信|抵达|当选|宣誓|就|任)"
)
_AS_OF = re.compile(r"(?:截至|截止)(?:到|目前)?[^，。]{0,6}?(\d{1,2})月(\d{1,2})日|(\d{1,2})月(\d{1,2})日0")

# 青禾县, 东阁镇: two characters before the rank name one well enough to tell two apart.
_LOCALITY = re.compile(r"([\u4e00-\u9fff]{2})(?:省|市|县|区|州|盟|旗|镇|乡|村|街道|社区)")
# Counties and cities at the beginning of a clause or after 从, 在 …: elsewhere 城乡, 农村, 小区 look like one.
_COUNTY = re.compile(
    r"(?:^|(?<=[，。、；：\s（“从在由对]))(?![全我本各该])([\u4e00-\u9fff]{1,2}[^\W小城社园景校片地辖老新特灾厂矿疫郊牧])"
    r"[市县区旗](?![里内级])",
    re.MULTILINE,
)
_COUNTY_CHARS = 80

FEATURES = (
    "title_cosine", "title_in_title_min", "title_in_title_max", "title_in_text_min", "title_in_text_max",
    "title_missing_max", "head_cosine", "head_in_text_min", "head_in_text_max", "head_heaviest",
    "body_cosine", "body_containment_min", "body_containment_max", "runs6", "runs10", "head_runs8",
    "numbers_shared", "numbers_containment", "numbers_conflict", "days_shared", "days_conflict",
    "places_containment", "places_conflict", "length_log_min", "length_log_ratio", "day_gap", "titles_present",
    "lead_cosine", "title_lead_max", "exact_numbers", "exact_numbers_conflict", "title_numbers_conflict",
    "as_of_conflict", "same_outlet", "same_outlet_later",
    "comment_differs", "reaction_differs", "preview_differs",
    "ordinal_conflict", "actor_conflict", "actor_missing", "one_headline",
    "localities_conflict", "figures_conflict", "elsewhere_conflict", "title_places_conflict",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of one article, computed once."""

    title: WeightedSet
    lead: WeightedSet
    head: WeightedSet
    text: WeightedSet
    body: WeightedSet
    runs6: Hashes
    runs10: Hashes
    head_runs8: Hashes
    numbers: frozenset[str]
    days: frozenset[tuple[int, int]]
    places: frozenset[str]
    exact_numbers: frozenset[str]
    title_numbers: frozenset[str]
    as_of: frozenset[str]
    ordinals: frozenset[str]
    localities: frozenset[str]
    title_places: frozenset[str]
    actor: str
    words: str
    kinds: tuple[bool, ...]
    outlet: str
    chars: int
    published_on: date | None


def profile(article: Article, frequencies: InverseFrequencies) -> Profile:
    """What `pair_features` needs of `article`."""
    body = _DATELINE.sub("", article.text, count=1)[:BODY_CHARS]
    title = _subject(article)
    headline = " ".join((article.kicker, article.title, article.subtitle))
    codes = content_codes(body)
    head = codes[:HEAD_CHARS]
    opening = title + "\n" + body[:HEAD_CHARS]
    title_codes = content_codes(title)

    def bigrams(*pieces: np.ndarray) -> WeightedSet:
        return weighted_set(np.unique(np.concatenate([ngram_hashes(p, 2) for p in pieces])), frequencies)

    numbers = frozenset(
        n for n in _NUMBER.findall(title + "\n" + body) if n[-1] not in _DATE_UNITS and len(n.strip("多余")) > 1
    )
    return Profile(
        title=bigrams(title_codes),
        lead=bigrams(codes[:90]),
        head=bigrams(title_codes, head),
        text=bigrams(title_codes, codes),
        body=weighted_set(np.unique(ngram_hashes(codes, 3)), frequencies),
        runs6=np.unique(ngram_hashes(codes, 6)),
        runs10=np.unique(ngram_hashes(codes, 10)),
        head_runs8=np.unique(ngram_hashes(head, 8)),
        numbers=numbers,
        days=frozenset((int(m or 0), int(d)) for m, d in _DAY.findall(opening)),
        places=frozenset(_PLACES.findall(opening)),
        exact_numbers=frozenset(_EXACT_NUMBER.findall(body)),
        title_numbers=frozenset(re.findall(r"\d+(?:\.\d+)?", title)),
        as_of=frozenset("-".join(filter(None, day)) for day in _AS_OF.findall(body)),
        localities=frozenset(_LOCALITY.findall(title + "\n" + body[:_LOCALITY_CHARS])),
        title_places=frozenset(_LOCALITY.findall(title) + _PLACES.findall(title)),
        ordinals=frozenset(_ORDINAL.findall(title)),
        actor=next(iter(_ACTOR.findall(title)), ""),
        words=title + "\n" + body,
        kinds=tuple(bool(kind.search(headline)) for kind in (_COMMENT, _REACTION, _PREVIEW)),
        outlet=article.outlet or article.source,
        chars=len(codes),
        published_on=article.published_on,
    )


def _subject(article: Article) -> str:
    """The headline stack; "" for a mere label over a picture or a round-up."""
    stack = " ".join(part for part in (article.kicker, article.title, article.subtitle) if part)
    return "" if _NO_HEADLINE.match(stack.strip()) else _CITED_COMMENT.sub("", stack)


def is_comment(article: Article) -> bool:
    """Does the headline say that this comments on an event instead of reporting it?"""
    return bool(_COMMENT.search(article.title) or _COMMENT.search(article.kicker))


def counties_differ(a: Article, b: Article) -> bool:
    """Do both openings name counties or cities, and neither text any of the other's? Notices of local offices
    share all words but names and figures: joined, one county's would hide the other's. True for none of the 370
    judged pairs that belong together (event_pairs.jsonl, followup_pairs.jsonl)."""
    here, there = (set(_COUNTY.findall(f"{x.title}\n{x.text[:_COUNTY_CHARS]}")) for x in (a, b))
    if not here or not there:
        return False
    return not any(c in b.title + b.text for c in here) and not any(c in a.title + a.text for c in there)


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    """Containment of two sets; -1 when one is empty, so that "nothing to compare" differs from "differs"."""
    smaller = min(len(a), len(b))
    return len(a & b) / smaller if smaller else -1.0


def _days_agree(a: frozenset[tuple[int, int]], b: frozenset[tuple[int, int]]) -> float:
    """1 when a day of the month stands in both, 0 when both name days and none is shared, else -1."""
    if not a or not b:
        return -1.0
    return float(any(x[1] == y[1] and (x[0] == y[0] or not x[0] or not y[0]) for x in a for y in b))


def _elsewhere(a: frozenset[str], a_words: str, b: frozenset[str], b_words: str) -> bool:
    """Do both name some (places, sessions), and neither text any of the other's?"""
    return bool(a and b) and not any(p in b_words for p in a) and not any(p in a_words for p in b)


def _missing(a: WeightedSet, b: WeightedSet) -> float:
    """Weight of the rarest member of `a` that `b` lacks; 0 when it lacks none."""
    gone = ~np.isin(a.hashes, b.hashes, assume_unique=True)
    return float(a.weights[gone].max()) if gone.any() else 0.0


def pair_features(a: Profile, b: Profile) -> list[float]:
    """Values of `FEATURES`, symmetric in the two articles."""
    titled = min(len(a.title.hashes), 1) + min(len(b.title.hashes), 1)
    titles = overlap(a.title, b.title)
    a_text, b_text = overlap(a.title, b.text).of_a, overlap(b.title, a.text).of_a
    head, lead = overlap(a.head, b.head), overlap(a.lead, b.lead)
    head_a, head_b = overlap(a.head, b.text).of_a, overlap(b.head, a.text).of_a
    body = overlap(a.body, b.body)
    agree = _days_agree(a.days, b.days)
    places = _share(a.places, b.places)
    numbers = _share(a.numbers, b.numbers)
    both = titled == 2
    gap = abs((a.published_on - b.published_on).days) if a.published_on and b.published_on else -1
    cross = max(overlap(a.title, b.lead).of_a, overlap(b.title, a.lead).of_a)
    # Under one headline a comment is the same comment, a reaction the same reaction.
    one_headline = (
        both and min(len(a.title.hashes), len(b.title.hashes)) >= 5 and max(titles.of_a, titles.of_b) >= 0.9
    )
    kinds = [float(x != y and not one_headline) for x, y in zip(a.kinds, b.kinds, strict=True)]
    elsewhere = _elsewhere(a.localities, a.words, b.localities, b.words)
    exact = _share(a.exact_numbers, b.exact_numbers)
    return [
        titles.cosine if both else -1.0,
        min(titles.of_a, titles.of_b) if both else -1.0,
        max(titles.of_a, titles.of_b) if both else -1.0,
        min(a_text, b_text) if both else -1.0,
        max(a_text, b_text) if titled else -1.0,
        max(_missing(a.title, b.text), _missing(b.title, a.text)),
        head.cosine, min(head_a, head_b), max(head_a, head_b), head.heaviest,
        body.cosine, min(body.of_a, body.of_b), max(body.of_a, body.of_b),
        containment(a.runs6, b.runs6), containment(a.runs10, b.runs10), containment(a.head_runs8, b.head_runs8),
        math.log1p(len(a.numbers & b.numbers)), numbers, float(numbers == 0.0),
        float(agree == 1.0), float(agree == 0.0),
        places, float(places == 0.0),
        math.log1p(min(a.chars, b.chars)), abs(math.log((a.chars + 20) / (b.chars + 20))),
        float(min(gap, 9)), float(titled), lead.cosine, cross if titled else -1.0,
        exact, float(exact == 0.0), float(_share(a.title_numbers, b.title_numbers) == 0.0),
        float(_share(a.as_of, b.as_of) == 0.0),
        float(a.outlet == b.outlet), float(a.outlet == b.outlet and gap > 0),
        *kinds,
        float(_elsewhere(a.ordinals, a.words, b.ordinals, b.words)),
        float(bool(a.actor and b.actor) and a.actor != b.actor),
        float((a.actor not in b.words) + (b.actor not in a.words)), float(one_headline),
        float(elsewhere),
        float(numbers == 0.0 and min(len(a.numbers), len(b.numbers)) >= _MANY_FIGURES),
        float(elsewhere and numbers == 0.0),
        float(_elsewhere(a.title_places, a.words, b.title_places, b.words)),
    ]  # fmt: skip


# 拟 is not 已, and yesterday's figures are not today's: such a pair is never one event, however alike.
# Nor is the third session the second, nor what one county did what another did. Judged pairs with these signs,
# same / not: 0/10, 0/16, 0/8, 1/3, 0/6 (few of the last two: the judged papers are national; in local papers
# they are the common near miss).
NEVER = ("preview_differs", "as_of_conflict", "ordinal_conflict", "elsewhere_conflict", "title_places_conflict")


@dataclass(frozen=True, slots=True)
class PairScorer:
    """Log-odds that a pair is one event: `tree_weight` * trees + features @ `linear` + `bias`."""

    frequencies: InverseFrequencies
    trees: boosted.Trees
    tree_weight: float
    linear: Floats
    bias: float

    def probabilities(self, pairs: Sequence[tuple[Profile, Profile]]) -> Floats:
        """Probability (0–1) that each pair reports the same event, shape (pairs,)."""
        return self.of_features([pair_features(a, b) for a, b in pairs])

    def of_features(self, rows: Sequence[Sequence[float]]) -> Floats:
        """The same for rows of `FEATURES`."""
        if not len(rows):
            return np.zeros(0)
        x = np.asarray(rows, np.float64)
        margins = self.tree_weight * self.trees.predict(x) + x @ self.linear + self.bias
        never = x[:, [FEATURES.index(name) for name in NEVER]].any(axis=1)
        result: Floats = np.where(never, 0.0, 1.0 / (1.0 + np.exp(-margins)))
        return result


def load_scorer() -> PairScorer:
    """The shipped scorer. Raises ResourceError."""
    trees = boosted.load_trees(resources.find("models", "events", "pairs.npz"), FEATURES)
    path = resources.find("models", "events", "pairs_linear.npz")
    data = resources.read_arrays(path)
    try:
        linear, tree_weight, bias = data["linear"], float(data["tree_weight"]), float(data["bias"])
        if linear.shape != (len(FEATURES),):
            raise ValueError(f"{linear.shape} weights for {len(FEATURES)} features")
    except (KeyError, ValueError, TypeError) as err:
        raise ResourceError(
            f"模型文件内容不符（{err}），请重新安装",
            f"not this version's model ({err}): reinstall",
            source=str(path),
        ) from err
    frequencies = load_frequencies(resources.find("models", "events", "frequencies.npz"))
    return PairScorer(frequencies, trees, tree_weight, linear, bias)

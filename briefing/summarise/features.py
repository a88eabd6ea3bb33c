"""What is measured of each clause for the scorer: one row a unit, columns named by `FEATURES`."""

# ruff: noqa: E501  (word lists read better unbroken)
from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from briefing.summarise.hashing import content_indices, ending_indices, onset_indices, table_sums
from briefing.summarise.units import CONNECTIVE, TIME_ONLY, Document
from briefing.words import Lexicon, Word

Floats = npt.NDArray[np.float64]

SPEECH = re.compile(
    r"(?:说|表示|指出|强调|介绍|认为|要求|提出|透露|称|坦言|告诉记者|解释|写道|宣布|呼吁|建议|回应|直言|感慨|希望|明确|提到|获悉|显示|了解到)[道]?$"
)
# Word groups of the trade; each is one yes/no column.
CUES: dict[str, re.Pattern[str]] = {
    "speech": SPEECH,
    "first_person": re.compile(r"我们|我(?!国|省|市|县|区|校|院|厂|军|台|馆|局|部|方)|咱|俺"),
    "second_person": re.compile(r"你|您|大家|朋友们|网友"),
    "reporter": re.compile(r"记者|笔者|采访|现场看到|镜头|画面"),
    "scene": re.compile(
        r"走进|只见|映入眼帘|熙熙攘攘|热火朝天|井然有序|笑着|神情|脸上|眼前|阳光|清晨|一大早|满载|忙着|正在忙|络绎不绝|蔚为壮观|一派"
    ),
    "praise": re.compile(
        r"赢得|好评|感动|点赞|称赞|受到.{0,6}欢迎|满意|幸福感|获得感|温暖|自豪|激动|高兴|感谢"
    ),
    "slogan": re.compile(
        r"奋力|谱写|新篇章|凝心聚力|砥砺|乘势而上|久久为功|真抓实干|奋勇|初心|不断开创|添砖加瓦|保驾护航"
    ),
    "question": re.compile(r"[？?]|如何|怎么|为什么|什么"),
    "future": re.compile(r"将|拟|计划|力争|预计|到20\d\d年|下一步|争取|目标"),
    "done": re.compile(
        r"已|完成|建成|实现|达到|达|累计|突破|增长|下降|同比|新增|首次|启动|成立|发布|印发|举行|召开|开幕|闭幕|签署|通过|投产|开工|揭牌"
    ),
    "purpose": re.compile(r"^(?:为|为了|旨在|以便|从而|让|使|助力|推动|促进|确保)"),
    "list_item": re.compile(
        r"^(?:[一二三四五六七八九十]是|第[一二三四五六七八九十]|[（(]?[一二三四五六七八九十\d][）)、.]|首先|其次|再次)"
    ),
    "percent": re.compile(r"\d%|％|百分点|百分之"),
    "money": re.compile(r"\d(?:多|余)?(?:万|亿)?(?:美|欧|日|港)?元"),
    "large": re.compile(r"\d(?:多|余)?[万亿]"),
    "date": re.compile(r"\d{1,2}[月日]|\d{4}年|近日|日前|今天|昨天"),
    "year_past": re.compile(r"(?:19\d\d|200\d|201\d)年|历史|曾经?|当年|过去|以前|从前"),
    "total": re.compile(r"总|共|累计|合计|全(?:国|省|市|县|区|年)|共计|目前"),
    "document": re.compile(r"《"),
    "quote": re.compile(r"“"),
    "pronoun_head": re.compile(r"^(?:他|她|它|这|该|其|此|对此|那)"),
    "negation": re.compile(r"不|未|没有|无|禁止|严禁"),
    "must": re.compile(r"要|必须|应当?|不得|需"),
    "decide": re.compile(r"决定|规定|明确|要求|提出|部署|推进|开展|加强|提升|建立|完善|打造|设立|推出"),
    "leader": re.compile(
        r"书记|主席|总理|部长|市长|省长|县长|局长|主任|负责人|发言人|院长|委员|总统|首相|教授|专家"
    ),
    "organ": re.compile(r"(?:部|委|局|厅|办|院|署|会|政府|公司|集团|大学|法院|检察院|公安|海关|银行|中心)"),
    "example": re.compile(r"比如|例如|譬如|以.{1,12}为例|像"),
    "cause": re.compile(r"因|由于|导致|造成|原因|受.{1,10}影响"),
    "casualty": re.compile(r"死亡|遇难|受伤|失踪|被困|救援|事故|地震|洪|灾"),
    "connective": CONNECTIVE,
    "time_only": TIME_ONLY,
}
_TAG_GROUPS: dict[str, frozenset[str]] = {
    "noun": frozenset({"n", "vn", "an", "nz"}),
    "person": frozenset({"nr"}),
    "place": frozenset({"ns"}),
    "group": frozenset({"nt"}),
    "verb": frozenset({"v"}),
    "adverb": frozenset({"d", "ad"}),
    "adjective": frozenset({"a"}),
    "number": frozenset({"m"}),
    "preposition": frozenset({"p"}),
    "pronoun": frozenset({"r"}),
    "particle": frozenset({"u", "y"}),
    "unknown": frozenset({"x"}),
}
_POSITION = (
    "at", "at_share", "from_end", "sentence", "sentence_share", "sentence_from_end", "paragraph",
    "paragraph_share", "in_sentence", "in_sentence_from_end", "sentence_units", "opens_paragraph",
    "in_paragraph", "paragraph_units", "char_at", "char_share", "chars", "sentence_chars", "document_chars",
    "document_units", "has_title", "mark_comma", "mark_semicolon", "mark_colon", "mark_stop", "in_speech",
    "chars_since_speech",
)  # fmt: skip
_LEXICAL = ("lexical_gold", "lexical_gold_mean", "lexical_weak", "lexical_weak_mean", "onset", "ending")
_OVERLAP = (
    "title_share", "title_cover", "centroid", "centroid_words", "novel_share", "repeated_later", "repeated_total",
    "first_sentence_share", "new_entities", "entities", "paragraph_first_share", "inner_repeat", "title_sentence_cover",
)  # fmt: skip
_CONTEXT_OF = (
    "lexical_gold_mean", "lexical_weak_mean", "title_share", "title_cover", "centroid", "chars", "tag_number", "onset",
    "ending", "cue_done", "cue_first_person", "novel_share", "entities",
)  # fmt: skip
_BASE = (
    *_POSITION,
    *(f"cue_{name}" for name in CUES),
    *(f"tag_{name}" for name in _TAG_GROUPS),
    *(f"first_{name}" for name in _TAG_GROUPS),
    *(f"last_{name}" for name in ("noun", "verb", "number", "particle")),
    *_LEXICAL,
    *_OVERLAP,
)
_SHIFTS = ((-2, "before2"), (-1, "before"), (1, "after"), (2, "after2"))
CONTEXT_NAMES = tuple(
    f"{name}_{where}" for name in _CONTEXT_OF for where in (*(s for _, s in _SHIFTS), "sentence_mean", "rank")
)
FEATURES: tuple[str, ...] = (*_BASE, *CONTEXT_NAMES)
# What the model that knows headlines only may see: nothing learned from briefs.
WEAK_FEATURES = tuple(f for f in FEATURES if "title" not in f and "lexical_gold" not in f)


@dataclass(frozen=True, slots=True)
class Tables:
    """Linear models over hashed n-grams, float16 of shape (TABLE_SIZE,). `gold`, `weak`: own clause,
    the one before, the one after; `onset`, `ending`: can the clause open, or close, a sentence."""

    gold: tuple[npt.NDArray[np.float16], ...]
    weak: tuple[npt.NDArray[np.float16], ...]
    onset: npt.NDArray[np.float16]
    ending: npt.NDArray[np.float16]
    onset_bias: float
    ending_bias: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A document cut into words, with the rows of every table. Made once, shared by scorer and grammar."""

    document: Document
    words: tuple[tuple[Word, ...], ...]
    content: tuple[list[int], ...]
    onset: Floats
    ending: Floats


def read_words(document: Document, lexicon: Lexicon, tables: Tables) -> Reading:
    words = tuple(lexicon.cut(u.text) for u in document.units)
    pairs = list(zip(document.units, words, strict=True))
    onset = table_sums(tables.onset, [onset_indices(u.text, w) for u, w in pairs]) + tables.onset_bias
    ending = table_sums(tables.ending, [ending_indices(u.text, w) for u, w in pairs]) + tables.ending_bias
    return Reading(document, words, tuple(content_indices(u.text, w) for u, w in pairs), onset, ending)


def lexical_scores(tables: tuple[npt.NDArray[np.float16], ...], reading: Reading) -> Floats:
    """Linear score of each unit from its own n-grams and its neighbours'."""
    own = table_sums(tables[0], reading.content)
    before = table_sums(tables[1], reading.content)
    after = table_sums(tables[2], reading.content)
    scores = own
    scores[1:] += before[:-1]
    scores[:-1] += after[1:]
    return scores


def grams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def _position_columns(reading: Reading, columns: dict[str, Floats]) -> None:
    units = reading.document.units
    sentences = reading.document.sentences
    n = len(units)
    sizes = np.array([len(u.text) + 1 for u in units], dtype=np.float64)
    before = np.concatenate([[0.0], np.cumsum(sizes)[:-1]])
    sentence = np.array([u.sentence for u in units], dtype=np.float64)
    paragraph = np.array([u.paragraph for u in units], dtype=np.float64)
    start = np.array([sentences[u.sentence][0] for u in units], dtype=np.float64)
    end = np.array([sentences[u.sentence][1] for u in units], dtype=np.float64)
    at = np.arange(n, dtype=np.float64)
    _, first_of_paragraph, paragraph_index, paragraph_size = np.unique(
        paragraph, return_index=True, return_inverse=True, return_counts=True
    )
    paragraph_start = first_of_paragraph[paragraph_index]
    columns["at"] = at
    columns["at_share"] = at / n
    columns["from_end"] = n - 1 - at
    columns["sentence"] = sentence
    columns["sentence_share"] = sentence / len(sentences)
    columns["sentence_from_end"] = len(sentences) - 1 - sentence
    columns["paragraph"] = paragraph_index.astype(np.float64)
    columns["paragraph_share"] = paragraph_index / max(1, len(paragraph_size))
    columns["in_sentence"] = at - start
    columns["in_sentence_from_end"] = end - 1 - at
    columns["sentence_units"] = end - start
    columns["opens_paragraph"] = (start == paragraph_start).astype(np.float64)
    columns["in_paragraph"] = at - paragraph_start
    columns["paragraph_units"] = paragraph_size[paragraph_index].astype(np.float64)
    columns["char_at"] = before
    columns["char_share"] = before / sizes.sum()
    columns["chars"] = sizes - 1
    columns["sentence_chars"] = np.array(
        [sizes[int(a) : int(b)].sum() for a, b in zip(start, end, strict=True)]
    )
    columns["document_chars"] = np.full(n, sizes.sum())
    columns["document_units"] = np.full(n, float(n))
    columns["has_title"] = np.full(n, float(bool(reading.document.article.title)))
    for name, marks in (("comma", "，,"), ("semicolon", "；;"), ("colon", "：:"), ("stop", "。！？!?")):
        columns[f"mark_{name}"] = np.array([float(bool(u.mark) and u.mark in marks) for u in units])
    in_speech = np.zeros(n)
    since = np.full(n, 999.0)
    last = -1
    for i, unit in enumerate(units):
        if last >= 0 and units[last].paragraph == unit.paragraph:
            in_speech[i] = 1.0 if units[last].sentence == unit.sentence else 0.5
            since[i] = before[i] - before[last]
        if SPEECH.search(unit.text):
            last = i
    columns["in_speech"] = in_speech
    columns["chars_since_speech"] = since


def _word_columns(reading: Reading, columns: dict[str, Floats]) -> None:
    units = reading.document.units
    for name, cue in CUES.items():
        columns[f"cue_{name}"] = np.array([float(bool(cue.search(u.text))) for u in units])
    for name, tags in _TAG_GROUPS.items():
        columns[f"tag_{name}"] = np.array([float(sum(w.tag in tags for w in ws)) for ws in reading.words])
        columns[f"first_{name}"] = np.array([float(bool(ws) and ws[0].tag in tags) for ws in reading.words])
    for name in ("noun", "verb", "number", "particle"):
        tags = _TAG_GROUPS[name]
        columns[f"last_{name}"] = np.array([float(bool(ws) and ws[-1].tag in tags) for ws in reading.words])


def _overlap_columns(reading: Reading, columns: dict[str, Floats]) -> None:
    document = reading.document
    units = document.units
    n = len(units)
    unit_grams = [grams(u.text) for u in units]
    article = document.article
    # Kicker and second headline carry the figure or the name that the headline leaves out.
    title = grams(article.title) | grams(article.kicker) | grams(article.subtitle)
    count: Counter[str] = Counter()
    for g in unit_grams:
        count.update(g)
    words = [{w.text for w in ws if len(w.text) > 1 and w.tag[0] in "nv"} for ws in reading.words]
    word_count: Counter[str] = Counter()
    for ws_ in words:
        word_count.update(ws_)
    entity = [{w.text for w in ws if w.tag in ("nr", "ns", "nt", "nz", "m", "eng")} for ws in reading.words]
    first_end = document.sentences[0][1]
    first_sentence = frozenset().union(*unit_grams[:first_end])
    sentence_title = [
        len(frozenset().union(*unit_grams[a:b]) & title) / max(1, len(title)) for a, b in document.sentences
    ]
    out = {name: np.zeros(n) for name in _OVERLAP}
    seen: set[str] = set()
    seen_entities: set[str] = set()
    paragraph_first: frozenset[str] = frozenset()
    for i, (unit, g) in enumerate(zip(units, unit_grams, strict=True)):
        size = max(1, len(g))
        if i == 0 or units[i - 1].paragraph != unit.paragraph:
            paragraph_first = g
        out["title_share"][i] = len(g & title) / size
        out["title_cover"][i] = len(g & title) / max(1, len(title))
        out["centroid"][i] = sum(count[x] for x in g) / size
        out["centroid_words"][i] = sum(word_count[x] - 1 for x in words[i]) / max(1, len(words[i]))
        out["novel_share"][i] = len(g - seen) / size
        out["repeated_later"][i] = sum(count[x] > 1 and x not in seen for x in g) / size
        out["repeated_total"][i] = sum(count[x] > 1 for x in g) / size
        out["first_sentence_share"][i] = len(g & first_sentence) / size
        out["new_entities"][i] = len(entity[i] - seen_entities)
        out["entities"][i] = len(entity[i])
        out["paragraph_first_share"][i] = len(g & paragraph_first) / size
        out["inner_repeat"][i] = 1 - size / max(1, len(unit.text) - 1)
        out["title_sentence_cover"][i] = sentence_title[unit.sentence]
        seen |= g
        seen_entities |= entity[i]
    columns.update(out)


def shifted(values: Floats, by: int, fill: float = 0.0) -> Floats:
    """`values[i + by]` at i; `fill` beyond the edges."""
    out = np.full(len(values), fill)
    if by < 0:
        out[-by:] = values[:by]
    elif by < len(values):
        out[: len(values) - by] = values[by:]
    return out


def rank_share(values: Floats) -> Floats:
    """0 for the largest value, towards 1 for the smallest; ties in order."""
    order = np.argsort(-values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(len(values))
    return ranks / max(1, len(values))


def group_mean(values: Floats, group: npt.NDArray[np.int64]) -> Floats:
    sums = np.bincount(group, weights=values)
    means: Floats = (sums / np.maximum(1, np.bincount(group)))[group]
    return means


def feature_rows(reading: Reading, gold: Floats, weak: Floats) -> Floats:
    """Matrix (units, len(FEATURES)). `gold`, `weak`: lexical scores (out of fold when training)."""
    columns: dict[str, Floats] = {}
    _position_columns(reading, columns)
    _word_columns(reading, columns)
    size = np.maximum(1.0, columns["chars"])
    columns["lexical_gold"] = gold
    columns["lexical_gold_mean"] = gold / np.sqrt(size)
    columns["lexical_weak"] = weak
    columns["lexical_weak_mean"] = weak / np.sqrt(size)
    columns["onset"] = reading.onset
    columns["ending"] = reading.ending
    _overlap_columns(reading, columns)
    sentence = np.array([u.sentence for u in reading.document.units], dtype=np.int64)
    for name in _CONTEXT_OF:
        values = columns[name]
        for by, where in _SHIFTS:
            columns[f"{name}_{where}"] = shifted(values, by)
        columns[f"{name}_sentence_mean"] = group_mean(values, sentence)
        columns[f"{name}_rank"] = rank_share(values)
    return np.column_stack([columns[name] for name in FEATURES])

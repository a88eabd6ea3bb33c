"""Which earlier clauses let a sentence stand that has no subject of its own, or a pronoun for one.

The sentence before need not be printed when another one names the same thing and nothing that stands between
could be meant instead. Each set holds clauses of which one must be printed.
"""

# ruff: noqa: E501  (word lists read better unbroken)
from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.summarise import forms
from briefing.summarise.features import Reading
from briefing.summarise.units import Document, Unit

# 该计划, 本次会议, 这批气象站: the noun that was named.
_POINTER = re.compile(r"^(?:该|本次|此次|这(?:一|次|项|个|批|种|届|场|家|座|条|款|部|份)?)")
_NOUN_TAGS = ("n", "nz", "vn", "nt", "j")
# 双方, 两国元首: of the two countries or parties that the text is about.
_BOTH = re.compile(r"^(?:双方|两国)")
_SAYS = re.compile(
    r"^[他她](?:还|也|同时)?(?:说|表示|指出|强调|介绍|认为|要求|提出|透露|称|坦言|建议|呼吁|希望)"
)
# Countries whose names do not end in 国; those that bulletins name most.
_COUNTRY_NAMES = (
    "俄罗斯 日本 加拿大 意大利 印度 巴西 南非 澳大利亚 新西兰 新加坡 马来西亚 印度尼西亚 印尼 越南 老挝 柬埔寨 缅甸 菲律宾 蒙古 朝鲜 "
    "哈萨克斯坦 乌兹别克斯坦 吉尔吉斯斯坦 塔吉克斯坦 土库曼斯坦 巴基斯坦 阿富汗 伊朗 伊拉克 叙利亚 土耳其 以色列 巴勒斯坦 沙特 沙特阿拉伯 埃及 "
    "乌克兰 白俄罗斯 波兰 匈牙利 塞尔维亚 希腊 西班牙 葡萄牙 荷兰 比利时 瑞士 瑞典 挪威 芬兰 丹麦 捷克 奥地利 墨西哥 阿根廷 智利 秘鲁 古巴 "
    "尼泊尔 斯里兰卡 孟加拉国 马尔代夫 肯尼亚 坦桑尼亚 埃塞俄比亚 尼日利亚 刚果 欧盟 东盟"
)
_COUNTRIES = frozenset(_COUNTRY_NAMES.split())
# How far back, in clauses, a pointer reaches.
_MAX_BACK = 14
# 青禾大桥 names a bridge, 大桥 alone does not: so many characters stand before the noun at least.
_MIN_NAME_CHARS = 2
_NO_NAME = re.compile(r"(?:[该本此这那各其]|一[次项个批种届场家座条款部份]|有关|相关|上述|多[个项种])$")


def chains(
    document: Document, opens: Sequence[bool], subjectless: Sequence[bool], barred: Sequence[bool]
) -> dict[int, frozenset[int]]:
    """For each sentence without a subject that follows others without one: the clauses that name the subject
    which all of them share, by the unit that opens it."""
    units = document.units
    found: dict[int, frozenset[int]] = {}
    head: frozenset[int] = frozenset()
    length = 0
    for start, end in document.sentences:
        first = next((i for i in range(start, end) if subjectless[i]), -1)
        if first >= 0 and head and units[start].paragraph == units[min(head)].paragraph:
            length += 1
            # Right after its head the sentence before is the head.
            if length > 1:
                found[first] = head
            continue
        named = [i for i in range(start, end) if opens[i] and not barred[i]]
        # Two subjects in one sentence: no one knows which goes on.
        head = frozenset(named) if first < 0 and len(named) == 1 else frozenset()
        length = 0
    return found


def _named_before(reading: Reading, i: int, noun: str) -> frozenset[int] | None:
    units = reading.document.units
    key = ""
    found: list[int] = []
    for k in range(i - 1, max(-1, i - _MAX_BACK - 1), -1):
        text = units[k].text
        at = text.rfind(noun)
        if not units[k].usable or at < 0:
            continue
        if not key:
            before = text[:at]
            if at < _MIN_NAME_CHARS or _NO_NAME.search(before):
                return None
            key = text[at - _MIN_NAME_CHARS : at + len(noun)]
        if key in text:
            found.append(k)
    return frozenset(found) if found else None


def _pointed_at(reading: Reading, i: int) -> frozenset[int] | None:
    text = forms.core(reading.document.units[i].text)
    pointer = _POINTER.match(text)
    if not pointer:
        return None
    rest = text[pointer.end() :]
    nouns = [w.text for w in reading.words[i] if len(w.text) > 1 and w.tag in _NOUN_TAGS]
    noun = next((n for n in nouns if rest.startswith(n)), "")
    return _named_before(reading, i, noun) if noun else None


def _countries(reading: Reading, unit: Unit) -> set[str]:
    return {
        w.text
        for w in reading.words[unit.index]
        if w.tag in ("ns", "nt", "nz", "nr") and (w.text.endswith("国") or w.text in _COUNTRIES)
    }


def _the_two(reading: Reading, i: int) -> frozenset[int] | None:
    """Clauses that name both countries, when the text before names no third."""
    units = reading.document.units
    named = [(k, _countries(reading, units[k])) for k in range(i)]
    every = set().union(*(n for _, n in named)) - {"两国", "各国"}
    if len(every - {"中国"}) != 1:
        return None
    other = next(iter(every - {"中国"}))
    found = frozenset(k for k, names in named if other in names)
    return found or None


def _last_speaker(reading: Reading, i: int) -> frozenset[int] | None:
    """Clauses that name the person whom 他表示 means: named last, with nobody else after."""
    units = reading.document.units
    name = ""
    found: list[int] = []
    for k in range(i - 1, max(-1, i - 2 * _MAX_BACK), -1):
        people = [w.text for w in reading.words[k] if w.tag == "nr" and 2 <= len(w.text) <= 4]
        if not people:
            continue
        if not name:
            # Who says it is who said something before, not whoever was mentioned.
            if not forms.is_attribution(units[k].text) and k != 0:
                return None
            name = people[-1]
        if set(people) != {name}:
            break
        found.append(k)
    return frozenset(found) if found else None


def named_by_pronoun(reading: Reading, i: int) -> frozenset[int] | None:
    """Clauses one of which names what the pronoun at the start of clause `i` means; None when that is not
    certain."""
    text = forms.core(reading.document.units[i].text)
    if _BOTH.match(text):
        return _the_two(reading, i)
    if _SAYS.match(text):
        return _last_speaker(reading, i)
    return _pointed_at(reading, i)

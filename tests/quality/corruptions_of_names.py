"""Wrong persons, organisations and places.

Names are found with jieba, not with the product's own recognisers, so that the measure does not share the
checks' blind spots.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import lru_cache

from corruption_kinds import Row, maker, replace_match, shuffled


@lru_cache(maxsize=4096)
def _tagged(text: str) -> tuple[tuple[str, str], ...]:
    import jieba.posseg

    return tuple((w.word, w.flag) for w in jieba.posseg.cut(text))


_SURNAMES = set(
    "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹窦章苏潘葛范彭鲁马方俞任袁柳唐薛雷贺倪汤罗郝毕安常于傅齐康伍余顾孟黄萧尹姚邵汪毛宋庞熊纪舒项董梁杜阮蓝贾江郭梅林徐邱高夏蔡田胡凌霍万柯卢莫房丁邓洪包左石崔程陆翁段侯武刘叶白邢裴翟谭廖耿曾关"
)
_ROLE = r"(?:主席|总理|书记|部长|主任|局长|市长|省长|县长|院长|校长|会长|总裁|董事长|总经理|委员长|副主席|常委|理事长|教授|研究员|发言人|经理|所长|处长|厅长|队长|镇长|站长)"


def _people(text: str, summary_only: bool) -> list[str]:
    """Names that jieba marks, of a common surname, that stand beside a role or a reporting verb."""
    names = {w for w, f in _tagged(text) if f == "nr" and 2 <= len(w) <= 3 and w[0] in _SURNAMES}
    found = []
    for n in sorted(names):
        if re.search(rf"{_ROLE}{n}|{n}(?:表示|指出|强调|介绍|说|认为|会见|主持|出席|{_ROLE})", text):
            found.append(n)
    return found


def _names_in(row: Row) -> tuple[list[str], list[str]]:
    everyone = _people(row.title + "\n" + row.text, False)
    return [n for n in everyone if n in row.summary], everyone


@maker("name_of_another")
def name_of_another(row: Row, rng: random.Random) -> Iterator[str]:
    mine, everyone = _names_in(row)
    for name in shuffled(mine, rng):
        others = [n for n in everyone if n not in row.summary and n not in name and name not in n]
        if others:
            yield row.summary.replace(name, rng.choice(others))


@maker("name_invented")
def name_invented(row: Row, rng: random.Random) -> Iterator[str]:
    for name in shuffled(_names_in(row)[0], rng):
        new = rng.choice("赵孙周吴郑王冯陈蒋沈韩杨") + rng.choice(
            ["建国", "志强", "晓红", "永平", "海燕", "文涛"]
        )
        yield row.summary.replace(name, new)


@maker("name_character")
def name_character(row: Row, rng: random.Random) -> Iterator[str]:
    for name in shuffled(_names_in(row)[0], rng):
        yield row.summary.replace(
            name, name[:-1] + rng.choice([c for c in "伟芳军勇杰涛明超霞平刚" if c != name[-1]])
        )


@maker("speaker_swapped")
def speaker_swapped(row: Row, rng: random.Random) -> Iterator[str]:
    mine, everyone = _names_in(row)
    for m in shuffled(
        list(re.finditer(rf"({'|'.join(mine) or '#'})(?=表示|指出|强调|介绍|说|认为)", row.summary)), rng
    ):
        others = [n for n in everyone if n != m[1] and n not in m[1] and m[1] not in n]
        if others:
            yield replace_match(row.summary, m, rng.choice(others))


_ORGANISATION = re.compile(
    r"(?:[\u4e00-\u9fff]{2,12}?)(?:人民政府|省政府|市政府|县政府|委员会|办公室|总局|管理局|"
    r"集团|公司|大学|学院|研究院|研究所|医院|法院|检察院|协会|银行|部(?=[、，印发召等下]))"
)


_BODY = re.compile("(?:部|(?<!常)委|局|厅|院|(?<!常委)会|公司|集团|大学|学院|银行|医院|政府|社|署|中心|协会)$")


def _organisations(text: str) -> list[str]:
    found = {w for w, f in _tagged(text) if f == "nt" and len(w) >= 4 and _BODY.search(w)}
    found |= {"财政部", "商务部", "教育部", "公安部", "民政部", "交通运输部", "农业农村部", "国家发展改革委", "国家卫生健康委",
              "工业和信息化部", "生态环境部", "水利部", "应急管理部", "住房和城乡建设部", "中国人民银行", "海关总署", "国家统计局",
              "外交部", "国防部", "科技部", "司法部", "自然资源部", "文化和旅游部", "国家税务总局", "中国气象局"}  # fmt: skip
    return sorted(w for w in found if w in text)


def _listed_with(text: str, a: str, b: str) -> bool:
    """Both stand in one list, so that naming one for the other may be true."""
    pair = f"(?:{re.escape(a)}[^。]{{0,40}}?[、和与][^。]{{0,40}}?{re.escape(b)}|{re.escape(b)}[^。]{{0,40}}?[、和与][^。]{{0,40}}?{re.escape(a)})"
    return bool(re.search(pair, text))


@maker("organisation_of_another")
def organisation_of_another(row: Row, rng: random.Random) -> Iterator[str]:
    everyone = _organisations(row.title + "\n" + row.text)
    for name in shuffled([o for o in everyone if o in row.summary], rng):
        others = [o for o in everyone if o not in row.summary and o not in name and name not in o]
        others = [o for o in others if not _listed_with(row.text, name, o)]
        if others:
            yield row.summary.replace(name, rng.choice(others), 1)


@maker("organisation_invented")
def organisation_invented(row: Row, rng: random.Random) -> Iterator[str]:
    everyone = [
        "财政部",
        "商务部",
        "教育部",
        "公安部",
        "民政部",
        "水利部",
        "司法部",
        "生态环境部",
        "国家统计局",
        "海关总署",
        "清华大学",
        "中国气象局",
        "应急管理部",
    ]
    for name in shuffled([o for o in _organisations(row.text) if o in row.summary], rng):
        yield row.summary.replace(name, rng.choice([o for o in everyone if o not in row.text + row.title]), 1)


_PLACES = [
    "北京",
    "天津",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "重庆",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
]


@maker("place_changed")
def place_changed(row: Row, rng: random.Random) -> Iterator[str]:
    for m in shuffled(list(re.finditer("|".join(_PLACES), row.summary)), rng):
        yield replace_match(row.summary, m, rng.choice([p for p in _PLACES if p not in row.text + row.title]))

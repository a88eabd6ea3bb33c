"""Makes wrong summaries out of right ones, one labelled change at a time, to measure the checks.

Every change is kept only when the result differs from the reference and the changed words do not make it
true again in an obvious way.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import corruptions_of_names  # noqa: F401 - puts its kinds into MAKERS
from corruption_kinds import MAKERS, Corruption, Row, maker, replace_match, shuffled, swap_words

__all__ = ["Corruption", "Row", "corruptions"]

_NUMBER = r"(?<![\d.A-Za-z])\d+(?:\.\d+)?"
_UNIT = r"(?:万亿|万|亿)?(?:元|个百分点|%|名|人|家|户|个|项|件|亩|公里|吨|平方米|次|台|辆|场|万|亿)"


@maker("number_digit")
def number_digit(row: Row, rng: random.Random) -> Iterator[str]:
    for m in shuffled(list(re.finditer(_NUMBER + r"(?![\d.年月日])", row.summary)), rng):
        digits = [i for i, c in enumerate(m[0]) if c.isdigit()]
        i = rng.choice(digits)
        new = m[0][:i] + rng.choice([d for d in "123456789" if d != m[0][i]]) + m[0][i + 1 :]
        if not re.search(rf"(?<![\d.]){re.escape(new)}(?![\d.])", row.text + row.title):
            yield replace_match(row.summary, m, new)


@maker("number_unit")
def number_unit(row: Row, rng: random.Random) -> Iterator[str]:
    pairs = {
        "万": ("亿", "千"),
        "亿": ("万",),
        "%": ("个百分点",),
        "个百分点": ("%",),
        "公里": ("米",),
        "吨": ("公斤",),
        "亩": ("公顷",),
    }
    yield from swap_words(row, rng, pairs, before=r"(?<=\d)")


@maker("number_swapped")
def number_swapped(row: Row, rng: random.Random) -> Iterator[str]:
    found = list(re.finditer(f"({_NUMBER})(?={_UNIT})", row.summary))
    pairs = [(a, b) for a in found for b in found if a.start() < b.start() and a[0] != b[0]]
    for a, b in shuffled(pairs, rng):
        units = [re.match(_UNIT, row.summary[m.end() :])[0] for m in (a, b)]
        if units[0] == units[1]:
            s = row.summary
            yield s[: a.start()] + b[0] + s[a.end() : b.start()] + a[0] + s[b.end() :]


@maker("number_of_another")
def number_of_another(row: Row, rng: random.Random) -> Iterator[str]:
    mine = shuffled(list(re.finditer(f"({_NUMBER})({_UNIT})", row.summary)), rng)
    for m in mine:
        others = {n for n, u in re.findall(f"({_NUMBER})({_UNIT})", row.text) if u == m[2]}
        others -= {x[1] for x in mine}
        if others:
            yield replace_match(row.summary, m, rng.choice(sorted(others)) + m[2])


@maker("noun_swapped")
def noun_swapped(row: Row, rng: random.Random) -> Iterator[str]:
    item = r"([\u4e00-\u9fff]{2,6}?)(约|超|近|达)?(\d[\d.]*(?:万亿|万|亿)?(?:元|人|吨|户|个|家|%|人次))"
    for m in shuffled(list(re.finditer(rf"(?<=[，、；。]){item}[、，；]{item}", row.summary)), rng):
        if m[1] != m[4] and m[3] != m[6]:
            yield (
                row.summary[: m.start(1)]
                + m[4]
                + row.summary[m.end(1) : m.start(4)]
                + m[1]
                + row.summary[m.end(4) :]
            )


@maker("date_shifted")
def date_shifted(row: Row, rng: random.Random) -> Iterator[str]:
    for m in shuffled(list(re.finditer(r"(?<!\d)(\d+)([年月日])(?!间|内|均)", row.summary)), rng):
        if m[2] == "年" and len(m[1]) != 4:
            continue
        new = str(max(1, int(m[1]) + rng.choice([-1, 1, 2])))
        if new != m[1]:
            yield replace_match(row.summary, m, new + m[2])


@maker("document_changed")
def document_changed(row: Row, rng: random.Random) -> Iterator[str]:
    for m in shuffled(list(re.finditer(r"《([^《》]{4,})》", row.summary)), rng):
        title = m[1]
        swaps = [
            ("办法", "条例"),
            ("意见", "规划"),
            ("通知", "意见"),
            ("条例", "办法"),
            ("规划", "方案"),
            ("方案", "规划"),
            ("实施", "暂行"),
            ("管理", "监督"),
        ]
        options = [title.replace(a, b) for a, b in swaps if a in title] or [title[:2] + title[3:], title[:-1]]
        new = rng.choice(options)
        if f"《{new}》" not in row.text:
            yield replace_match(row.summary, m, f"《{new}》")


@maker("planned_to_done")
def planned_to_done(row: Row, rng: random.Random) -> Iterator[str]:
    for m in shuffled(
        list(
            re.finditer(
                r"(?<![\u4e00-\u9fff]即)(拟|将(?!军|来|士|领|近|其)|计划(?=[\u4e00-\u9fff]{2})(?!生育|单列)|力争)",
                row.summary,
            )
        ),
        rng,
    ):
        if m[1] == "将" and _is_disposal(row.summary, m.end()):
            continue
        yield replace_match(row.summary, m, "已")


def _is_disposal(text: str, at: int) -> bool:
    """将 as 把: 将……纳入, 将环评审批时限压缩为; the change to 已 would not be a sentence."""
    clause = re.match(r"[^，。；]*", text[at:])
    assert clause is not None
    return bool(
        re.search(
            r"作为|纳入|转化|压缩|列入|移送|送|提交|由|降低|提高到|改为|调整|升级|融入|延长|扩大|建成|改建|提请|上传|列为|定格|收入|吸纳|汇入|扑灭|改成|打造|报告|公布$|进行|盗|带|封堵|投放",
            clause[0],
        )
    )


@maker("planned_dropped")
def planned_dropped(row: Row, rng: random.Random) -> Iterator[str]:
    for m in shuffled(
        list(
            re.finditer(
                r"(拟|将(?!军|来|士|领|近|其)|计划(?=[\u4e00-\u9fff\d]{2})(?!生育|单列)|力争)", row.summary
            )
        ),
        rng,
    ):
        if m[1] == "将" and (
            _is_disposal(row.summary, m.end()) or row.summary[: m.start()].endswith(("即", "，"))
        ):
            continue
        sentence = re.search(r"[^。]*$", row.summary[: m.start()])
        if sentence and re.search("下一步|接下来|今后|未来|下半年|明年|计划|力争|将|拟|要|争取", sentence[0]):
            continue  # another word still says that it is to come
        yield replace_match(row.summary, m, "")


@maker("done_to_planned")
def done_to_planned(row: Row, rng: random.Random) -> Iterator[str]:
    for m in shuffled(list(re.finditer(r"(?<!业)已经?(?!故|知|久)", row.summary)), rng):
        yield replace_match(row.summary, m, rng.choice(["将", "拟"]))


@maker("negation_dropped")
def negation_dropped(row: Row, rng: random.Random) -> Iterator[str]:
    for m in shuffled(
        list(
            re.finditer(
                r"没有|未(?!来|婚|成年|必|知)|不得|不再|不能|不(?=[\u4e00-\u9fff])(?!断|仅|同|足|少|超|低|到|久|等|动产|锈|良|法|忘|只|论|管|高)",
                row.summary,
            )
        ),
        rng,
    ):
        yield replace_match(row.summary, m, {"不得": "得", "不再": "再", "不能": "能"}.get(m[0], ""))


@maker("negation_inserted")
def negation_inserted(row: Row, rng: random.Random) -> Iterator[str]:
    verbs = r"(?<!不)(?<!未)(完成|实现|参加|出席|通过|达到|同意|取得|举行|召开|实施|公布|开展|启动|批准|提供|建设|支持|推进|发布|签署|影响|突破|获得)"
    for m in shuffled(list(re.finditer(verbs, row.summary)), rng):
        yield replace_match(row.summary, m, rng.choice(["未", "没有", "不"]) + m[0])


@maker("direction_flipped")
def direction_flipped(row: Row, rng: random.Random) -> Iterator[str]:
    pairs = {
        "增长": ("下降",), "下降": ("增长",), "增加": ("减少",), "减少": ("增加",), "提高": ("降低",), "降低": ("提高",),
        "上升": ("下降",), "上涨": ("下跌",), "下跌": ("上涨",), "扩大": ("缩小",), "上调": ("下调",), "下调": ("上调",),
        "顺差": ("逆差",), "逆差": ("顺差",), "进口": ("出口",), "出口": ("进口",), "加强": ("削弱",), "高于": ("低于",),
        "低于": ("高于",), "盈利": ("亏损",), "延长": ("缩短",), "缩短": ("延长",), "回升": ("回落",), "回落": ("回升",),
    }  # fmt: skip
    yield from swap_words(row, rng, pairs)


@maker("comparison_changed")
def comparison_changed(row: Row, rng: random.Random) -> Iterator[str]:
    pairs = {
        "同比": ("环比",), "环比": ("同比",), "以上": ("以下",), "以下": ("以上",), "首次": ("再次",), "再次": ("首次",),
        "提高到": ("提高了",), "增加到": ("增加了",), "降至": ("降低了",), "增至": ("增加",), "达到": ("超过",), "中标": ("流标",),
        "第一": ("第二",), "首个": ("第二个",), "首批": ("第二批",), "上半年": ("下半年",), "以内": ("以外",), "最高": ("最低",),
    }  # fmt: skip
    yield from swap_words(row, rng, pairs)


@maker("bound_changed")
def bound_changed(row: Row, rng: random.Random) -> Iterator[str]:
    for m in shuffled(list(re.finditer(r"(近|超过|超|约|逾|不足)(?=\d)", row.summary)), rng):
        new = rng.choice({"近": ["超", "约"], "约": ["超", "近"], "不足": ["超"]}.get(m[0], ["近", "不足"]))
        yield replace_match(row.summary, m, new)
    for m in shuffled(list(re.finditer(r"(?<=\d)[多余](?=[\u4e00-\u9fff])", row.summary)), rng):
        start = re.search(r"\d[\d.]*$", row.summary[: m.start()])
        assert start is not None
        yield row.summary[: start.start()] + "近" + start[0] + row.summary[m.end() :]


@maker("scope_changed")
def scope_changed(row: Row, rng: random.Random) -> Iterator[str]:
    pairs = {
        "全国": ("全省", "全市"), "全省": ("全国", "全市"), "全市": ("全省", "全国"), "全县": ("全市",), "全区": ("全市",),
        "全球": ("全国",), "我国": ("我省",), "国家级": ("省级",), "省级": ("国家级",), "市级": ("省级",), "中央": ("地方",),
    }  # fmt: skip
    yield from swap_words(row, rng, pairs)


@maker("hedge_dropped")
def hedge_dropped(row: Row, rng: random.Random) -> Iterator[str]:
    words = r"(?<![大一])部分(?=[\u4e00-\u9fff]{2})|原则上|可能(?!性)|(?<=[，。；])力争|有望|不(?:得|能)?超过(?=\d)|不低于(?=\d)|不少于(?=\d)"
    for m in shuffled(list(re.finditer(words, row.summary)), rng):
        yield replace_match(row.summary, m, "")


@maker("from_to_swapped")
def from_to_swapped(row: Row, rng: random.Random) -> Iterator[str]:
    change = r"(?<=[由从])([^，。；]{1,10}?)((?:增加|提高|提升|降低|下降|缩短|延长|调整|压缩|扩大|增|减|降|升|上升|减少)(?:为|到|至))([^，。；]{1,10})(?=[，。；])"
    for m in shuffled(list(re.finditer(change, row.summary)), rng):
        if m[1] != m[3] and any(c.isdigit() for c in m[1] + m[3]):
            yield replace_match(row.summary, m, m[3] + m[2] + m[1])


@maker("limit_dropped")
def limit_dropped(row: Row, rng: random.Random) -> Iterator[str]:
    """Takes 到2025年， or a condition before 的， away, where nothing after it says that it is to come."""
    front = r"(?<=[。；，：])(?:力争)?到(?:20\d\d年|今年)(?:年?底|末)?，(?![^。；]*(?:将|力争|要|拟|计划|目标|预计))|(?<=[。；])[^，。；]{4,24}的，(?=一律|依法|予以|给予|不予|责令|可|由|按)"
    for m in shuffled(list(re.finditer(front, row.summary)), rng):
        before = re.search(r"[^。]*$", row.summary[: m.start()])
        if before and re.search("要求|提出|明确|目标|规定|计划|将|力争|要|拟", before[0]):
            continue  # who reads that it is demanded knows that it is to come
        yield replace_match(row.summary, m, "")


@maker("quote_broken")
def quote_broken(row: Row, rng: random.Random) -> Iterator[str]:
    for m in shuffled(list(re.finditer("[“”《》]", row.summary)), rng):
        yield replace_match(row.summary, m, "")


@maker("quote_changed")
def quote_changed(row: Row, rng: random.Random) -> Iterator[str]:
    for m in shuffled(list(re.finditer(r"“([^“”]{4,})”", row.summary)), rng):
        i = rng.randrange(1, len(m[1]) - 1)
        new = (
            m[1][:i] + m[1][i + 1 :]
            if rng.random() < 0.5
            else m[1][:i] + rng.choice("大新强美高") + m[1][i + 1 :]
        )
        if new not in row.text + row.title:
            yield replace_match(row.summary, m, f"“{new}”")


def corruptions(rows: list[Row], seed: int, per_kind: int) -> list[Corruption]:
    """At most `per_kind` of each kind, one a row and kind, the same for the same seed and rows."""
    made: list[Corruption] = []
    for kind, make in MAKERS.items():
        rng = random.Random(f"{seed} {kind}")
        order = rows[:]
        rng.shuffle(order)
        count = 0
        for row in order:
            wrong = next((w for w in make(row, rng) if w != row.summary and w not in row.text), None)
            if wrong is not None:
                made.append(Corruption(kind, row, wrong))
                count += 1
            if count >= per_kind:
                break
    made.extend(_foreign(rows, random.Random(seed), per_kind))
    return made


def _foreign(rows: list[Row], rng: random.Random, per_kind: int) -> Iterator[Corruption]:
    """A sentence of another article's summary stands in this one."""
    for row in rng.sample(rows, min(per_kind, len(rows))):
        other = rng.choice([r for r in rows if r.id != row.id])
        sentence = re.findall(r"[^。]+。", other.summary)
        if sentence and not row.text.count(sentence[0][:6]):
            yield Corruption("foreign_sentence", row, row.summary + sentence[0])

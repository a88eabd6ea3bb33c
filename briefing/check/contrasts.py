"""增长 or 下降, 同比 or 环比, 全省 or 全市, 提高到 or 提高了: a word is not exchanged for its rival."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.check.claims import Claim
from briefing.check.words import Word, clause_range, in_place, sentence_range, words_of_claim, words_of_source
from briefing.records import Finding
from briefing.text.alignment import UNMATCHED
from briefing.text.numbers import Quantity

NAME = "contrasts"
# Each line: groups that exclude one another; words of one group stand for one another.
# The last member of a group may be a looser sign that supports it in the source but is not checked itself.
_SETS: tuple[tuple[str, ...], ...] = (
    (
        "增长|增加|上升|提高|提升|上涨|回升|扩大|走高|增至|升至|增幅|涨幅|增收|升高|攀升|扩增|增多|增强|加强",
        "下降|减少|降低|下跌|回落|缩小|走低|降至|降幅|跌幅|减收|下滑|缩减|减至|压减|减弱|削弱",
    ),
    ("同比", "环比"),
    ("以上", "以下"),
    ("以内", "以外"),
    ("首次|第一次|首度", "再次|又一次|再度|第二次"),
    ("首个|第一个|首家|首座|首条", "第二个|又一个|第二家|第二座|第二条"),
    ("首批|第一批|首期", "第二批|末批|第三批|第二期"),
    ("首位|第一位|第一名|居首|第一", "末位|第二位|第二名|第二"),
    ("上半年", "下半年"),
    ("顺差", "逆差"),
    ("进口", "出口"),
    ("上调", "下调"),
    ("延长", "缩短"),
    ("高于", "低于"),
    ("最高|最大|最多", "最低|最小|最少"),
    ("盈利|赢利", "亏损"),
    ("中标", "流标|废标"),
    ("批准|通过|同意", "否决|驳回|不予批准"),
    ("放宽", "收紧"),
    ("提前(?![^，。；]{0,3}小时|告知|公告|通知|谋划|介入)", "推迟|延后|延期|延迟|推后"),
    ("增产", "减产"), ("增速", "降速"), ("流入", "流出"), ("偏多", "偏少"), ("偏高", "偏低"),
    ("买入|购入|买进", "卖出|售出"), ("收购", "出售"), ("收入", "支出"), ("免费", "收费"), ("自愿", "强制"),
    ("开工", "竣工|完工"), ("招标", "中标"), ("小学", "初中", "高中"), ("国控", "省控"), ("工作日", "周末"),
    ("供大于求", "供不应求"), ("净增", "净减"), ("晋级|升级", "降级"), ("胜诉", "败诉"), ("夏粮", "秋粮"),
    ("预算内", "预算外"), ("一季度", "二季度", "三季度", "四季度"),
    ("加快", "放慢|放缓"),
    ("支持|赞成", "反对"),
    ("全球|全世界|世界", "全国|我国|国内", "全省|我省|省内|全区|我区|自治区", "全市|我市|市内", "全县|我县"),
    ("国家级", "省级", "市级", "县级"),
    ("中央", "地方"),
    ("国际", "国内"),
    ("城镇|城市", "农村|乡村"),
    ("内地|大陆", "境外|海外"),
    ("上午|早上|早晨", "下午", "晚上|晚间|夜间|当晚|昨晚"),
    ("上旬", "中旬", "下旬"),
    ("现场|线下", "线上|网上"),
    ("书记(?!处)", "副书记"), ("主任", "副主任"), ("局长", "副局长"), ("部长", "副部长"),
    ("省长", "副省长"), ("市长", "副市长"), ("县长", "副县长"),
    ("总理", "副总理"), ("主席", "副主席"), ("院长", "副院长"), ("校长", "副校长"), ("会长", "副会长"),
)  # fmt: skip
# Changed by so much or changed to so much: 提高了5% and 提高到5% are far apart.
_BY_NUMBER = re.compile(
    r"(提高|增加|增长|上升|上涨|下降|降低|减少|下跌|扩大|缩小|缩短|延长|提升|上调|下调|缩减|压减|回落|回升|攀升|增|升|降|减)"
    r"(了|到了|到|至|为)?(?=[约近超]?\d)"
)


def _pattern(words: str) -> re.Pattern[str]:
    titled = words.split("|", maxsplit=1)[0].rstrip("(?!处)") in _TITLED
    return re.compile(rf"(?<!副)(?:{words})" if titled else words)


_TITLED = {"书记", "主任", "局长", "部长", "省长", "市长", "县长", "总理", "主席", "院长", "校长", "会长"}
_COMPILED = tuple((re.compile("|".join(groups)), tuple(_pattern(g) for g in groups)) for groups in _SETS)


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on words that stand where the source has a rival of theirs, or has none like them."""
    for any_word, groups in _COMPILED:
        if not any_word.search(claim.text):
            continue
        for own in groups:
            for word in words_of_claim(claim, own):
                if not in_place(claim, word, own):
                    yield from _one(claim, word, own, [g for g in groups if g is not own])
    yield from _by_or_to(claim)


def _one(claim: Claim, word: Word, own: re.Pattern[str], rivals: list[re.Pattern[str]]) -> Iterator[Finding]:
    left, right = neighbours(claim, word)
    if left is None and right is None:
        return
    tokens = claim.source.tokens
    for p, ahead in ((right, False), (left, True)):
        if p is None:
            continue
        # What stands where the claim's word should: directly before the next aligned token, or after the last.
        lo, hi = (tokens[p].end, tokens[p].end + 8) if ahead else (max(0, tokens[p].start - 8), tokens[p].start)
        c_lo, c_hi = clause_range(claim, p)
        lo, hi = max(lo, c_lo), min(hi, c_hi)
        if lo >= hi or own.search(claim.source.text, lo, hi):
            continue
        for rival in rivals:
            found = words_of_source(claim, rival, lo, hi)
            if found and not _kept_elsewhere(claim, found[0]):
                there = found[0]
                yield claim.finding(
                    NAME,
                    word.span,
                    f"“{word.text}”与原文“{there.text}”相反或不同",
                    evidence=(there.span.start, there.span.end),
                )
                return
    p = right if right is not None else left
    assert p is not None
    start, end = sentence_range(claim, p)
    if own.search(claim.source.text, start, end):
        return
    for rival in rivals:
        found = words_of_source(claim, rival, start, end)
        if found and not _kept_elsewhere(claim, found[0]):
            there = found[0]
            yield claim.finding(
                NAME,
                word.span,
                f"原文没有“{word.text}”，相应处为“{there.text}”",
                evidence=(there.span.start, there.span.end),
            )
            return


def _kept_elsewhere(claim: Claim, there: Word) -> bool:
    """The claim has taken over the source's rival word itself, so it is not what this word replaces."""
    return all(p in claim.match for p in range(there.first, there.end))


def neighbours(claim: Claim, word: Word) -> tuple[int | None, int | None]:
    """Source tokens of the claim's aligned content tokens left and right of the word, three away at most."""
    left = right = None
    for k in range(word.first - 1, max(-1, word.first - 4), -1):
        if claim.match[k] != UNMATCHED and claim.is_content(k):
            left = claim.match[k]
            break
    for k in range(word.end, min(len(claim.match), word.end + 3)):
        if claim.match[k] != UNMATCHED and claim.is_content(k):
            right = claim.match[k]
            break
    return left, right


def _by_or_to(claim: Claim) -> Iterator[Finding]:
    """提高了 3% against 提高到 3%: told by the source's words before the same aligned figure."""
    for match in _BY_NUMBER.finditer(claim.text):
        k = claim.token_at(match.end())
        k += claim.tokens[k].start < match.end()
        p = _same_figure(claim, k)
        if p is None:
            continue
        start, _ = clause_range(claim, p)
        at = claim.source.tokens[p].start
        there = None
        for m in _BY_NUMBER.finditer(claim.source.text, start, min(len(claim.source.text), at + 2)):
            there = m if m.end() >= at - 2 else there
        if there is None:
            continue
        mine_to, theirs_to = _is_to(match), _is_to(there)
        if mine_to != theirs_to:
            word = claim.text[match.start() : match.end()]
            said = claim.source.text[there.start() : there.end()]
            span = words_of_claim(claim, re.compile(re.escape(word)))[0].span
            yield claim.finding(
                NAME,
                span,
                f"“{word}”与原文“{said}”意思不同（“到”为结果，“了”为增减量）",
                evidence=(there.start(), there.end()),
            )


def _same_figure(claim: Claim, k: int) -> int | None:
    """The source's figure of the same value as claim token `k`, the nearest to where the claim is aligned."""
    mine = claim.tokens[k].fact if k < len(claim.tokens) else None
    if not isinstance(mine, Quantity):
        return None
    near = claim.match[k]
    if near == UNMATCHED:
        near = next((m for m in reversed(claim.match[:k]) if m != UNMATCHED), 0)
    equal = [p for p, figure in claim.source.figures if figure.value == mine.value]
    return min(equal, key=lambda p: abs(p - near), default=None)


def _is_to(match: re.Match[str]) -> bool:
    return (match[2] or "") in ("到", "到了", "至", "为")

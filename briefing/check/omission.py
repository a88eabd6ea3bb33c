"""What was cut away must not change the truth of what is left: exemptions, conditions, limits, plans, bans.

Every rule asks for the same: a source clause that the claim keeps nearly whole, and words beside it that
bind it and that the claim has neither kept nor replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from briefing.check.claims import Claim
from briefing.check.pieces import Piece, all_pieces, first_run, span_of
from briefing.check.words import clause_range
from briefing.records import Finding, Severity, Span
from briefing.text.dates import DateMention

NAME = "omission"
# 除……外 takes something out of a statement about all; with 还 or 也 after it, it only adds.
_EXEMPTION = re.compile(
    r"(?<![拆免消排清解扫铲废])除(?!了|夕|尘|险|草|雪|湿|障|名|权|法|湖|州)[^，。；]{2,40}?(?:以外|之外|外)(?!地|国|资|贸|界|来|部)"
)
_EXEMPTED = re.compile(r"除外[，。；]?$|不在此限")
_ALL = re.compile(r"均|都|全部|一律|一概|所有|其他|其余|任何|不得|禁止|不再|全面")
_ADDS = re.compile(r"还|也|另|更|并|又")
_KEEPS_EXEMPTION = re.compile(r"除[^，。；]{2,}外|以外|之外|其他|其余|不含|不包括")
# A condition, and the consequence that only it brings.
_CONDITION = re.compile(
    r"^(?:[^，。；]{0,8}(?:对|凡|凡是))?[^，。；]{3,40}(?<!目)的，$|"
    r"^(?:同时|但|但是)?(?:如果?|若|倘若|假如|凡是?|一旦|除非|只有|未经|非经)(?!何|今|期|此|下|干|是)[^，。；]{2,}，$|"
    r"^[^，。；]{0,20}(?:情况下|前提下|条件下|的基础上方可)，$|^(?:经|须经|报经)[^，。；]{2,20}(?:批准|核准|许可)后?，$"
)
_CONSEQUENCE = re.compile(
    r"^(?:将(?=[依对按给予追处扣取])|应|应当|须|可|则|才|方可|才能|一律|依法|依规|依纪|从重|从严|按|予以|给予|不予|不得|不能|责令|追究|扣减|处以|处|取消|没收|吊销|免|"
    r"暂停|停止|禁止|由)|应当|必须|不得|依法|一律|予以|不予|追究|处罚|罚款"
)
_KEEPS_CONDITION = re.compile(
    r"如|若|凡|一旦|的，|的[将应可由一依予给不按处]|后[，依]|未|逾期|只有|只要|除非|情况下|前提"
)
# A time limit that stands before what is to be reached by then.
_LIMIT = re.compile(
    r"^(?=到|至|力争|预计|计划|争取|20|今年|明年|[^，]*前，)(?:力争|预计|计划|争取)?(?:到|至|在|于)?(?:(?P<year>20\d\d)年|今年|明年|本月|本周)?(?:第?[一二三四]季度|\d{1,2}月)?(?:\d{1,2}日)?"
    r"(?:年?底|末|年末|月底)?(?P<before>之?前)?，$"
)
_STARTS = re.compile(r"^自[^，。；]{3,20}起[，]?")
_TO_COME = re.compile(
    r"拟|将|计划|力争|争取|预计|有望|可望|打算|准备|要|会|目标|下一步|接下来|未来|今后|明年|规划|继续|进一步|望|预期|可|应|须|能|"
    r"20\d\d年|年底|月底|日前|之前|前[，。]|起|确保|推动|推进|希望|愿|要求|提出|明确|规定"
)
_ALREADY = re.compile(r"已|了|过(?!程|去|度|渡)|曾|完成")
# Plans that govern what is joined to them: 拟新建A，改造B.
_PLAN = re.compile(
    r"拟(?!人|态|合|音)|力争|争取|计划(?!生育|单列|经济|书)(?=[\u4e00-\u9fff\d])|预计|有望|(?<!即)将(?=[\u4e00-\u9fff])(?![军来士领近帅相功错就])"
)
_VERBS = (
    "新建|新增|改造|扩建|改建|建设|建成|建立|完成|实现|推进|推动|推出|开展|启动|实施|打造|培育|引进|投入|安排|发放|开通|投用|设立|举办|"
    "出台|制定|修订|完善|组织|提供|新开|升级|整治|修复|治理|达到|突破|增加|减少|提高|降低|缩短|覆盖|解决|带动|创造|形成|补贴|取消|关闭|"
    "搬迁|拆除|招聘|选派|培训|发行|发射|投产|开工|竣工|贯通|通车"
)
_STARTS_WITH_VERB = re.compile(rf"^(?:并|同时|再|还|且)?(?:{_VERBS})")
_PLAN_THEN_VERB = re.compile(
    rf"(?:{_PLAN.pattern})(?:在[^，。；]{{1,12}}|于[^，。；]{{1,12}}|[^，。；]{{0,4}}?)?(?:投资[^，。；]{{1,10}})?(?:{_VERBS})"
)
_FAR_PLAN = re.compile(
    r"(?<![虚模草比])拟(?!人|态|合|音|采取的)|力争|预计|有望|计划(?=\d|于|在|到|明年|今年|年)"
)
_MIN_RUN = 5
# Bans that hold for every member of the list after them.
_BAN = re.compile(r"不得|不准|不许|严禁|禁止|不能|不可|没有|尚未|从未|无法|不予|不再|暂停|停止|取消|谢绝")
_MAX_ITEM = 20
_ITEM_HEAD = 5  # 或者变相指定: the verb may have an adverb before it
_JOINT = re.compile(r"、|或者|或|和|以及|及")
_NEGATIVE = re.compile(r"不|未|没|无|非|禁|停|免|取消|拒|防止|避免|杜绝|制止|查处|打击|处罚|违|谢绝")


def check(claim: Claim) -> Iterator[Finding]:
    """Findings on statements whose exemption, condition, limit, plan or ban was left behind."""
    for pieces in all_pieces(claim):
        yield from _exemptions(claim, pieces)
        yield from _conditions(claim, pieces)
        yield from _limits(claim, pieces)
        yield from _plans(claim, pieces)
        yield from _governed(claim, pieces)
        yield from _bans(claim, pieces)


def _found(claim: Claim, span: Span, left: str, what: str, place: tuple[int, int]) -> Finding:
    words = left.rstrip("，。；")
    return claim.finding(NAME, span, f"原文有{what}“{words}”，这里略去后意思改变", evidence=place)


def _exemptions(claim: Claim, pieces: Sequence[Piece]) -> Iterator[Finding]:
    if _KEEPS_EXEMPTION.search(claim.text):
        return
    for i, piece in enumerate(pieces):
        match = _EXEMPTION.search(piece.text)
        if match is not None:
            rest = piece.text[match.end() :].strip("，")
            main = piece if len(rest) > 3 else pieces[i + 1] if i + 1 < len(pieces) else None
            said = rest if main is piece else main.text if main else ""
            kept = main is not None and (
                main.kept or (main is piece and len(main.claim_tokens) >= 0.6 * len(rest))
            )
            if main is not None and kept and _ALL.search(said) and not _ADDS.match(said):
                yield _found(claim, span_of(claim, main), match.group(), "例外", (piece.start, piece.stop))
        elif i and _EXEMPTED.search(piece.text) and piece.left_out and pieces[i - 1].kept:
            yield _found(claim, span_of(claim, pieces[i - 1]), piece.text, "例外", (piece.start, piece.stop))


def _conditions(claim: Claim, pieces: Sequence[Piece]) -> Iterator[Finding]:
    for condition, main in pairwise(pieces):
        if not (main.kept and condition.left_out and _CONDITION.match(condition.text)):
            continue
        word = _CONSEQUENCE.search(main.text)
        if word is None or claim.source.token_at(main.start + word.start()) not in claim.back:
            continue
        if _KEEPS_CONDITION.search(claim.text[: span_of(claim, main).end]):
            continue
        yield _found(claim, span_of(claim, main), condition.text, "条件", (condition.start, condition.stop))


def _limits(claim: Claim, pieces: Sequence[Piece]) -> Iterator[Finding]:
    """到2027年，A达到B told as A达到B: a target told as a fact."""
    for i, limit in enumerate(pieces[:-1]):
        match = _LIMIT.match(limit.text) or _STARTS.match(limit.text)
        if match is None or limit.claim_tokens or not _is_future(claim, limit):
            continue
        for main in pieces[i + 1 :]:
            if _ALREADY.search(main.text):
                break
            if not main.kept:
                continue
            if not _TO_COME.search(claim.text[: span_of(claim, main).end]):
                found = _found(claim, span_of(claim, main), limit.text, "时限", (limit.start, limit.stop))
                # That a measure starts next month changes less than that a target is for 2030.
                starts = limit.text.startswith("自")
                yield replace(found, severity=Severity.WARNING) if starts else found
            break


def _is_future(claim: Claim, piece: Piece) -> bool:
    """The piece names a day after the day of publishing, or a year that is to be reached (到2030年)."""
    part = claim.source.part_at(piece.start)
    on = part.article.published_on if part else None
    for mention in _dates_in(claim, piece):
        if on is None:
            if mention.year and piece.text.startswith(("到", "力争到", "预计到")):
                return True
            continue
        stated = (mention.year or on.year, mention.month or 12, mention.day or 28)
        if stated > (on.year, on.month, on.day) and (mention.year > on.year or mention.month or mention.day):
            return True
    return False


def _dates_in(claim: Claim, piece: Piece) -> list[DateMention]:
    facts = (t.fact for t in claim.source.tokens[piece.first : piece.end])
    return [f for f in facts if isinstance(f, DateMention)]


def _plans(claim: Claim, pieces: Sequence[Piece]) -> Iterator[Finding]:
    """拟新建A，改造B told as 改造B."""
    for i, plan in enumerate(pieces[:-1]):
        word = _PLAN_THEN_VERB.search(plan.text)
        if word is None or plan.text.endswith(("；", "。")):
            continue
        sign = _PLAN.search(plan.text, word.start())
        assert sign is not None
        if claim.source.token_at(plan.start + sign.start()) in claim.back:
            continue
        for main in pieces[i + 1 :]:
            if not _STARTS_WITH_VERB.match(main.text) or _ALREADY.search(main.text):
                break
            if main.kept and not _TO_COME.search(claim.text[: span_of(claim, main).end]):
                place = plan.start + word.start(), plan.start + word.end()
                yield _found(claim, span_of(claim, main), sign.group(), "未实现的", place)
                return
            if main.text.endswith(("；", "。")):
                break


def _governed(claim: Claim, pieces: Sequence[Piece]) -> Iterator[Finding]:
    """计划明年3月底前全部贯通 told as 全部贯通: the plan stands farther before its verb in one clause."""
    for piece in pieces:
        for sign in _FAR_PLAN.finditer(piece.text):
            p = claim.source.token_at(piece.start + sign.start())
            if p in claim.back:
                continue
            k = first_run(claim, p + len(sign.group()), piece.end, _MIN_RUN)
            if k is None or _TO_COME.search(claim.text[: claim.tokens[k + _MIN_RUN - 1].end]):
                continue
            span = Span(claim.tokens[k].start, claim.tokens[k + _MIN_RUN - 1].end)
            place = piece.start + sign.start(), piece.start + sign.end()
            yield _found(claim, span, sign.group(), "未实现的", place)
            break


def _bans(claim: Claim, pieces: Sequence[Piece]) -> Iterator[Finding]:
    """不得A、B told as 可以B."""
    for piece in pieces:
        for ban in _BAN.finditer(piece.text):
            if claim.source.token_at(piece.start + ban.start()) in claim.back:
                continue
            for joint in _JOINT.finditer(piece.text, ban.end()):
                p = claim.source.token_at(piece.start + joint.end() - 1) + 1
                k = first_run(claim, p, min(p + _ITEM_HEAD, piece.end), 2)
                between = piece.text[ban.end() : joint.start()]
                if k is None or len(between) > _MAX_ITEM or "的" in between:
                    continue
                at = claim.tokens[k].start
                end = claim.text.find("；", at)
                if _NEGATIVE.search(
                    claim.text, claim.text.rfind("；", 0, at) + 1, end if end > 0 else len(claim.text)
                ):
                    continue
                span = Span(claim.tokens[k].start, claim.tokens[k + 1].end)
                yield _found(claim, span, ban.group(), "否定", clause_range(claim, p))
                return

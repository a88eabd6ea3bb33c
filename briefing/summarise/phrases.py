"""What the words of one clause lack: a verb after a long subject, what is done with an object put first.

Uses the word list's tags, which are often wrong for names, so each rule asks for more than one sign.
"""

from __future__ import annotations

import re

from briefing.summarise import forms
from briefing.summarise.features import Reading

# 反映脱贫成就的图片展10日在青禾展出: the verb in front of 的 describes the subject.
_DESCRIBES = re.compile(
    r"^(?:仅|只)?(?:拥有|来自|位于|反映|持续|覆盖|持有|从事|参与|接到)|^以[^，]{2,60}为[^，“”]{1,10}的|"
    r"^与[^，]{2,12}(?:相邻|邻近|毗邻)的|^由[^，]{2,20}而来的|^(?:逾|超)\d"
)
# 市委组织部、市新闻传媒中心聚力攻坚: offices that act together.
_OFFICE = r"[\u4e00-\u9fff]{1,12}?(?:部|中心|委员会|委|局|厅|办|院|协会|政府|部门)"
_OFFICES = re.compile(rf"^{_OFFICE}(?:、{_OFFICE})+(?![、等长任员的])[\u4e00-\u9fff“]{{4,}}")
# What stands right after a subject.
_AFTER_SUBJECT = frozenset(
    (
        "将",
        "已",
        "已经",
        "被",
        "同比",
        "环比",
        "分别",
        "全部",
        "均",
        "仍",
        "正",
        "正在",
        "陆续",
        "累计",
        "计划",
        "达到",
        "达",
        "超过",
        "增长",
        "下降",
        "分为",
    )
)
_SUBJECT_TAGS = ("n", "ns", "nt", "nz", "j", "l", "s")
# 面积, 收入: of what, another clause says.
_OF_SOMETHING = re.compile(
    r"(?:面积|总额|总量|收入|利润|产量|产值|增速|规模|比重|销量|价格|人数|数量|比例|率|量|额|值|度|指数|指标|资金|投资|项目|工程|总数|总长|时间|期限|范围|贷款|余额|水平|成本)$"
)
_MIN_SUBJECT_CHARS = 6
# 装备制造业增加值, 全国…利润: these say it.
_OWNED = re.compile(r"(?<=[\u4e00-\u9fff]{2})产业|(?:制造|服务|建筑|零售|采矿)业|企业|^全[国省市县区]")


def has_subject(reading: Reading, i: int) -> bool:
    """Clause `i` names its subject, whatever its first word looks like."""
    text = reading.document.units[i].text
    words = reading.words[i]
    offices = _OFFICES.match(text) and not re.match(r"[^、]*[由在向对将与同把为被示]", text)
    if offices and words[0].tag in _SUBJECT_TAGS and not re.search(r"的[^，了]{2,16}$", text):
        return True
    if _DESCRIBES.match(text):
        at = next((k for k, w in enumerate(words) if w.text == "的"), len(words))
        rest = words[at + 1 :] if not re.match(r"^[逾超]", text) else words[2:]
        noun = next((k for k, w in enumerate(rest) if w.tag in _SUBJECT_TAGS), len(rest))
        after = [w for w in rest[noun + 1 :] if w.text not in ("和", "与", "及")]
        verbs = sum(w.tag == "v" for w in after)
        # …质押贷款模式 holds a verb and is no statement.
        signs = any(w.tag in ("p", "t", "d", "m", "ns", "ad") for w in after)
        return verbs > 0 and (signs or (verbs > 1 and words[-1].tag != "n"))
    if not words or text.startswith("一方面") or words[0].tag not in (*_SUBJECT_TAGS, "m", "b", "nr"):
        return False
    k = next((k for k, w in enumerate(words) if w.text in _AFTER_SUBJECT), 0)
    if not k or words[k - 1].tag not in _SUBJECT_TAGS or any(w.tag in ("v", "p", "d") for w in words[: k - 1]):
        return False
    subject = "".join(w.text for w in words[:k])
    owned = bool(_OWNED.search(subject)) or any(w.tag in ("ns", "nt") for w in words[:k])
    return len(subject) >= _MIN_SUBJECT_CHARS and (owned or not _OF_SOMETHING.search(subject))


def waits_for_verb(reading: Reading, i: int) -> bool:
    """全国文化馆服务宣传周活动，5月24日在甘肃启动: a long subject before a comma."""
    unit = reading.document.units[i]
    if unit.mark not in ("，", ",") or len(unit.text) < 6 or forms.is_adverbial(unit.text):
        return False
    words = reading.words[i]
    # 本月1号启动的第三轮和谈，…: the day belongs to the noun.
    bare = re.sub(r"“[^”]*”|《[^》]*》|（[^）]*）|^(?:本月|今年|去年|上月)|\d+[年月日号]", "", unit.text)
    verbs = [
        w
        for w, then in zip(words, (*(x.text for x in words[1:]), ""), strict=True)
        # A verb before 的 belongs to the noun, one before 、 to a list of tasks.
        if w.tag in ("v", "d", "p", "c", "r", "f", "t") and w.text in bare and then not in ("的", "、", "等")
    ]
    return (
        not verbs
        and bool(words)
        and words[-1].tag in ("n", "vn", "nz", "nt", "ns")
        and not re.search(r"\d", bare)
    )


def is_long_subject(reading: Reading, i: int, following: str) -> bool:
    """从事互联网信息服务的主办者，应当备案: the verb in front of 的 is not the clause's."""
    # 主办者 is a noun although 主办 is a verb.
    text = re.sub(r"[\u4e00-\u9fff]{2}[者方人]$", "者", reading.document.units[i].text)
    if not forms.MODAL_FIRST.match(following) or "的" not in text or forms.VERB_AFTER_OF.search(text):
        return False
    words = reading.words[i]
    at = len(words) - next((k for k, w in enumerate(reversed(words)) if w.text == "的"), 0)
    made = text != reading.document.units[i].text
    noun = made or words[-1].tag in ("n", "vn", "x", "nz", "eng")
    return noun and not any(w.tag in ("v", "a") for w in words[at : len(words) - 2 * made])


def lacks_object_verb(reading: Reading, i: int) -> bool:
    """他们以暴力恐怖行为，破坏秩序: what is done with it stands in the next clause."""
    words = reading.words[i]
    at = next((k for k in range(len(words) - 1, -1, -1) if words[k].text in forms.OBJECT_FIRST), -1)
    if at < 0 or words[at].tag != "p":
        return False
    return not any(w.tag in ("v", "l", "i") and w.text not in forms.MEANS for w in words[at + 1 :])


def names_an_action(reading: Reading, i: int) -> bool:
    """“长者餐厅”的开办: a verb after 的 is a noun."""
    words = reading.words[i]
    if len(words) < 3 or words[-2].text != "的" or words[-1].tag not in ("v", "vn"):
        return False
    return not any(w.tag in ("v", "a") or w.text == "是" for w in words[:-2])

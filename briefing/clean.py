"""Marks what in an article is no news (`Sentence.dropped`), and tells adverts and unreadable texts.

Text is never edited: later stages pass over marked sentences. What stands inside a sentence of news (a
byline in brackets, a source in mid-sentence) is not marked, since that would lose the news with it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from briefing.plausibility import char_cost, unseen_pair_share
from briefing.records import Article, DropReason, Sentence

_MARKS = r"^[\s■□●○◆◇▲△▼▽★☆*＊·•|｜>【\[（(]*"
_H = "\u4e00-\u9fff"
# Two to four hanzi, or a foreign name with its dot.
_NAME = rf"[{_H}]{{2,4}}(?:·[{_H}]{{1,8}})?"
_NAMES = rf"{_NAME}(?:[ 、/]+{_NAME}){{0,8}}"
_ROLE = "记者|通讯员|评论员|特派员|实习生"
_PAPER = "日报|晚报|早报|时报|都市报|新闻"
_AGENCY = rf"(?:本报|本网|本台|本刊|新华社|新华网|中新社|中新网|人民网|央视|[{_H}]{{2,6}}(?:{_PAPER}))"
_DAY = r"(?:\d{4}年)?\d{1,2}月\d{1,2}日"
_PAGE_NUMBER = r"第?\s*[\dA-D一二三四五六七八九十]{1,4}\s*版"
_CREDITED = (
    "责任编辑|责编|编辑|美编|美术编辑|责任校对|校对|校审|审核|初审|复审|终审|一审|二审|三审|编审|总编辑?|主编|"
    "值班主任|值班编委|编委|版式设计|版式|排版|监制|策划|统筹|制图|制作|剪辑|出镜|文案|摄像|出品人?|签发|图片编辑|"
    "视觉|设计|供图|图片来源|题图"
)
_DESK = (
    "本报|本台|24小时|全国|新闻|[报爆]料|咨询|服务|监督|举报|投诉|订阅|投稿|发行|广告|读者|"
    "编辑部|联系|值班|总编室"
)
_READ_ON = (
    "返回搜狐|返回首页|查看更多|(?:阅读|展开|查看)(?:全文|原文)|(?:相关|推荐|延伸)阅读|相关链接|"
    "分享到|举报/反馈"
)


def _whole(body: str) -> re.Pattern[str]:
    """A pattern for the beginning of a sentence, marks and opening brackets before it allowed."""
    return re.compile(_MARKS + body)


# (reason, pattern, most characters of a sentence that it may take): a longer sentence has news beside it.
_WHOLE: tuple[tuple[DropReason, re.Pattern[str], int], ...] = (
    (DropReason.JUMP, _whole(rf"(?:(?:紧)?[下转上接][转接]|详见|见|转)(?:今日|本报)?{_PAGE_NUMBER}"), 30),
    (DropReason.MASTHEAD, _whole(r"\d{4}年\d{1,2}月\d{1,2}日\s*(?:星期[一二三四五六日天])?[^。，]{0,20}$"), 40),
    (DropReason.MASTHEAD, _whole(_PAGE_NUMBER + r"[^。，]{0,12}$"), 20),
    (
        DropReason.HOTLINE,
        _whole(
            rf"(?:{_DESK})*(?:热线|电话|邮箱|信箱|传真|邮编|QQ群?|微信号?|电子信箱)(?:号码)?\s*[:：]?\s*[\d（(+A-Za-z]"
        ),
        60,
    ),
    (DropReason.CREDIT, _whole(rf"(?:本期|本版|值班)?(?:{_CREDITED})\s*[:：丨|｜/／ ]\s*[^。]*$"), 60),
    (DropReason.CREDIT, _whole(rf"(?:本期|本版|值班)?(?:{_CREDITED})\s*[:：丨|｜/／ ]\s*[^。]*。[）)]?$"), 30),
    (
        DropReason.DATELINE,
        _whole(rf"{_AGENCY}[{_H}]{{0,8}}(?:{_DAY})?(?:电|讯|消息|报道)\s*(?:[（(][^）)]{{0,40}}[）)])?$"),
        60,
    ),
    (
        DropReason.CAPTION,
        re.compile(
            rf"(?:^|[\s。）)（(]){_AGENCY}?\s*(?:{_ROLE})?\s*{_NAMES}\s*"
            r"(?:(?:文)?[/／](?:新华社)?图|拍?摄|摄影|供图)[）)]?。?$"
        ),
        40,
    ),
    (
        DropReason.BYLINE,
        _whole(
            rf"(?:{_AGENCY}\s*)?(?:首席|特派|特约|见习|实习|全媒体|融媒体)*(?:{_ROLE}|作者|文|撰文)[\s:：/|｜]*{_NAMES}"
            rf"(?:[\s、]*(?:{_ROLE})[\s:：]*{_NAMES})*\s*(?:报道|整理|摄影报道|文/图|/文)?(?:[）)】\]]。?)?$"
        ),
        60,
    ),
    (DropReason.BYLINE, re.compile(rf"^[■□●◆▲]\s*{_NAMES}$"), 40),
    (DropReason.BOILERPLATE, _whole(r"(?:完|待续|全文完|未完待续|END|end|正文完)[）)】\]]?。?$"), 12),
    (
        DropReason.BOILERPLATE,
        _whole(r"(?:稿件|文章|信息|内容|本文|素材)?来源\s*[:：丨|｜/]?\s*[^，。；]{2,40}$"),
        44,
    ),
    (DropReason.BOILERPLATE, _whole(r"(?:原标题|原题)\s*[:：]"), 60),
    (DropReason.BOILERPLATE, _whole(rf"(?:点击|扫码)?(?:{_READ_ON})"), 30),
    (DropReason.ADVERTISEMENT, _whole(r"广告[）)】\]]?$"), 8),
)
# Found anywhere in a sentence that stands in the article's tail, or is short.
_NOTICES = re.compile(
    "|".join(
        (
            r"转载(?:请|须|需|时)?(?:务必)?注明",
            r"(?:未经|非经).{0,12}(?:授权|许可|允许|同意).{0,12}(?:转载|使用|复制|摘编|刊载)",
            r"版权(?:归|所有|属于)|免责声明|不代表本[网站报刊平台号社]|文责自负",
            r"(?:如有|若有|涉及|如涉)?侵权.{0,14}(?:删除|联系|告知)",
            r"(?:仅供|只供)(?:参考|读者|学习|交流)|(?:不构成|不作为).{0,8}(?:投资)?建议",
            r"图片来[源自](?:于)?网络|本文(?:系|为|由).{0,20}(?:转载|授权|原创)",
        )
    )
)
_CALLS = re.compile(
    "|".join(
        (
            r"扫(?:码|描|一扫).{0,14}(?:关注|下载|二维码|入群|了解)|(?:长按|识别).{0,10}二维码",
            r"关注.{0,14}(?:公众号|视频号|微信号|官方微信)|点(?:个|击)?.{0,4}[“「‘](?:在看|赞|关注)",
            r"欢迎(?:关注|订阅|下载|点赞|转发|投稿)|设为.{0,3}星标|更多精彩",
            r"应用市场.{0,4}下载|下载.{0,10}(?:客户端|APP|App|app)|欢迎提供新闻线索|一经采纳",
        )
    )
)
_PICTURE = re.compile(r"^[\s▲△▼↑↓←→▶◀（(【■●]*(?:[上下左右本题组]{1,2}图|图(?:为|片说明|[①-⑩]|[:：]))")
_PICTURE_SOURCE = re.compile(
    r"^[\s（(【]*(?:新华社发|图源|图片来源|资料图|视频截图|网络截图|受访者供图|配图|漫画[:：])"
)
_MAX_PICTURE_SOURCE_CHARS = 30
_QUOTED = re.compile("“[^”]*”")
_SPEAKS_OF = re.compile(
    "表示|介绍|指出|强调|获悉|了解到|市民|群众|居民|企业|法院|警方|被告|原告|发布|推出|上线"
)
# A notice's characters at most, in the tail and elsewhere. Longer ones carry news as a rule.
_MAX_NOTICE_CHARS, _MAX_SHORT_NOTICE_CHARS = 160, 50
_TAIL_SENTENCES = 4

# Classified advertisements: one of these in a short text is enough.
_CLASSIFIED = re.compile(
    "|".join(
        (
            r"遗失[^。]{0,60}(?:作废|声明)|声明作废|挂失|寻[人尸物]启事|征婚|讣告|诚聘|招聘启事",
            r"(?:注销|减资|清算|吸收合并|债权转让)公告|(?:拍卖|竞买)公告|招租(?:公告|启事)",
            r"(?:店面|商铺|厂房|写字楼|旺铺).{0,6}(?:招租|出租|转让)|广告(?:刊登|代理|招商|热线|部)",
        )
    )
)
# Selling words: three different kinds make an advertisement, unless a reporter signs.
_SELLING = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:订购|咨询|预约|招商|加盟|垂询|抢购|售楼|服务|报名)(?:热线|电话)\s*[:：]?\s*[\d（(]",
        r"(?:项目|公司|门店|营销中心|接待中心|店)?地址\s*[:：]",
        r"优惠|特价|折扣|\d(?:\.\d)?折(?:起|优惠)?|满\d+[^。，]{0,2}减|买一送一|免费(?:领取|试用|体验)|限时|抢购|秒杀|立减|大促",
        r"(?:[¥￥]\s*\d|\d\s*元起|原价|现价|特惠价|首付)",
        r"欢迎(?:来电|选购|品鉴|垂询|惠顾|致电|光临|咨询|莅临)|诚邀|敬请(?:莅临|期待|垂询)|"
        r"盛大(?:开业|开盘|启幕)|火热(?:预售|招商|认购|热销)",
        r"(?:疗效|根治|祖传|秘方|告别.{1,6}烦恼|尊享|奢华|臻品|甄选|匠心之作)",
    )
)
_REPORTED = re.compile(rf"本报讯|本报记者|新华社|(?:{_ROLE})")
_MAX_CLASSIFIED_CHARS, _MAX_ADVERT_CHARS = 400, 900
_MIN_SELLING_KINDS = 3

# Measured on 815 clean articles (gold/dev, pages/damaged_dev bodies) with 2-30 % of their hanzi replaced by
# other hanzi or by signs: `python tests/quality/measure_ingest.py`. Clean print has
# 1.4 % unseen pairs (median), a wrong hanzi makes 1.3 more.
CLEAN_UNSEEN_SHARE = 0.02
PAIRS_PER_WRONG_CHAR = 1.3
# About 15 % of the characters wrong: names and figures cannot be trusted then. Refuses none of the clean
# articles, 4 % of those with a tenth wrong, 98 % of those with a fifth wrong.
MIN_TEXT_QUALITY = 0.85
_QUALITY_CHARS = 20_000
_RARE_COST = 7.0


def mark_boilerplate(article: Article) -> Article:
    """`article` with `dropped` set on the sentences that are no news; marks already set are kept."""
    count = len(article.sentences)
    sentences = tuple(
        sentence
        if sentence.dropped
        else replace(sentence, dropped=_drop_reason(article, sentence, count - i <= _TAIL_SENTENCES))
        for i, sentence in enumerate(article.sentences)
    )
    return replace(article, sentences=sentences) if sentences != article.sentences else article


def _drop_reason(article: Article, sentence: Sentence, in_tail: bool) -> DropReason | None:
    text = article.text[sentence.span.start : sentence.span.end].strip()
    for reason, pattern, max_chars in _WHOLE:
        if len(text) <= max_chars and pattern.search(text):
            # An article that is itself a caption keeps its text.
            if reason is DropReason.CAPTION and article.caption:
                continue
            return reason
    if not article.caption and (
        (_PICTURE.match(text) and len(text) <= _MAX_NOTICE_CHARS)
        or (_PICTURE_SOURCE.match(text) and len(text) <= _MAX_PICTURE_SOURCE_CHARS)
    ):
        return DropReason.CAPTION
    limit = _MAX_NOTICE_CHARS if in_tail else _MAX_SHORT_NOTICE_CHARS
    if len(text) <= limit and (_NOTICES.search(text) or _CALLS.search(text)) and not _is_about_notices(text):
        return DropReason.BOILERPLATE
    return None


def _is_about_notices(text: str) -> bool:
    """News about copyright, QR codes and apps speaks of someone; a notice speaks to the reader."""
    return bool(_SPEAKS_OF.search(_QUOTED.sub("", text)))


def is_advertisement(article: Article) -> bool:
    """Whether the article is an advertisement or a classified notice, not news.

    Official notices (公告、通告 of a state organ) are news.
    """
    text = f"{article.title}\n{article.text}"
    if len(text) <= _MAX_CLASSIFIED_CHARS and _CLASSIFIED.search(text) and not _REPORTED.search(text):
        return True
    if len(text) > _MAX_ADVERT_CHARS or article.byline or _REPORTED.search(text):
        return False
    return sum(bool(pattern.search(text)) for pattern in _SELLING) >= _MIN_SELLING_KINDS


def text_quality(article: Article) -> float:
    """Estimated share (0–1) of characters that were read right; 1.0 for clean print.

    Wrong characters show as pairs of hanzi that print never has, and as signs that no text uses.
    """
    text = article.text[:_QUALITY_CHARS]
    solid = [c for c in text if not c.isspace()]
    if not solid:
        return 0.0
    wrong_pairs = max(0.0, unseen_pair_share(text) - CLEAN_UNSEEN_SHARE) / PAIRS_PER_WRONG_CHAR
    odd = sum(_is_odd(c) for c in solid) / len(solid)
    return max(0.0, 1.0 - wrong_pairs - odd)


def _is_odd(char: str) -> bool:
    """A sign that Chinese print does not use: symbols of scanners' noise, replacement marks, rare scripts."""
    if char < "\x80":
        return char in "\\^`{}|~<>#$@_"
    return char_cost(char) >= _RARE_COST

"""What a line of a page says about itself by its wording: bylines, datelines, mastheads, credits, jumps…

Each cue is a regular expression over one normalised line. They are features of the learned labels and give the
reason under which a line is dropped; only the most certain ones decide alone.
"""

from __future__ import annotations

import re

from briefing.records import DropReason

_NAME = r"[\u4e00-\u9fff·]{1,6}(?: [\u4e00-\u9fff])?"
_NAMES = rf"{_NAME}(?:[ 、，/]{{1,2}}{_NAME}){{0,7}}"
_ROLE = (
    r"(?:本报|本刊|新华社|中新社|人民日报|见习|实习|特约|特派|驻[\u4e00-\u9fff]{2,4}|全媒体|融媒体|首席|[\u4e00-\u9fff]{2,6}(?:日报|晚报|晨报))*"
    r"(?:记者|通讯员|评论员|特约撰稿人|摄影|报道员|撰文|图/文|文/图)"
)

BYLINE = re.compile(
    rf"^[■□●▲◆◎\-—\s]*(?:[文图]+[/／]\s*)?(?:{_ROLE}[：:/ ]*(?:{_NAMES})?[ 、，]*){{1,4}}"
    r"(?:[文图/摄影报道整理撰写 ]{1,8})?$"
)
BYLINE_MARKED = re.compile(rf"^[■□◎]\s*(?:{_ROLE})?[：:/ ]*{_NAMES}(?:[ ]*(?:文/图|摄影报道|摄|文|图))?$")
BYLINE_TAIL = re.compile(
    rf"[。！？”’）] ?([■□◎]?\s*{_ROLE}[：: ]*{_NAMES}(?:[ 、]+(?:通讯员)[：: ]*{_NAMES})?(?: ?摄(?:影报道)?)?)$"
)
BYLINE_IN_HEAD = re.compile(rf"（((?:{_ROLE})[^（）]{{1,60}})）")
MASTHEAD_DATE = re.compile(r"(?:19|20)\d\d ?[年./-] ?\d{1,2} ?[月./-] ?\d{1,2} ?日?")
WEEKDAY = re.compile(r"(?:星期|周)[一二三四五六日天]")
PAGE_LABEL = re.compile(
    r"第? ?([0-9A-Za-z]{1,3}|[一二三四五六七八九十]{1,3}) ?版(?![本权面式图画])"
    r"|^0?[A-Z]?\d{1,2} ?(?=要闻|综合|国际|国内|本地|经济|民生|社会|专题)"
)
OUTLET = re.compile(
    r"([\u4e00-\u9fff]{1,8}(?:日报|晚报|晨报|早报|时报|商报|都市报|快报|新报|导报|新闻报|周刊|周报|新闻)"
    r"|(?:^|(?<=[ 《]))[\u4e00-\u9fff]{2,6}[县市区州盟旗]报(?=$|[ 》]))"
)
HOTLINE = re.compile(
    r"热线|(?:电话|邮箱|邮编|投稿|传真|电子信箱|E-?mail)[：:]?|\d{3,4}-\d{7,8}|[\w.]+@[\w.]+\.\w+",
    re.IGNORECASE,
)
CREDIT = re.compile(
    r"(?:责任?编辑|责编|版式(?:设计)?|美术?编辑?|美编|编 ?辑|校对|审校|主编|值班(?:总|主任|编委)"
    r"|本版(?:编辑|制图|图片)|制图|组版|排版|编审|统筹|视觉|核稿|签发|审核)[：:]"
    r"|^(?:报|送|发|抄送|主送|抄报)："
)
ISSUE = re.compile(
    r"第 ?[0-9一二三四五六七八九十百]{1,5} ?期|准印证|统一连续出版物|〔(?:19|20)\d\d〕\d+号$|今日\d+版"
)
JUMP = re.compile(
    r"[（(【]?\s*(?:下转|上接|转|接|紧接)\s*(?:本报)?第? ?[0-9A-Za-z一二三四五六七八九十]{1,3} ?版"
    r"[^（）()]{0,14}[）)】]?"
)
ADVERTISEMENT = re.compile(
    r"^(?:公益)?广 ?告$"
    r"|^[\u4e00-\u9fff]{0,12}(?:招租|招标|拍卖|招聘|清算|注销|遗失|减资|停水|停电)(?:公告|启事|声明|通知)?$"
)
AD_TITLE = re.compile(
    r"[\u4e00-\u9fff]{0,10}(?:招租|拍卖|清算|注销|遗失|减资|停水|停电)(?:公告|启事|声明|通知)|(?:公益)?广 ?告"
)
# What the text under such a title says.
AD_TEXT = re.compile(r"电话|联系|报名|详询|声明|挂失|竞买|公告之日")
CAPTION_END = re.compile(
    r"(?:摄|/摄|摄影报道|（[^）]{0,10}(?:视觉|图片|影像中国|新华社|发)[^）]{0,6}）|新华社发|供图|图/文)[）。]?$"
)
CAPTION = re.compile(r"(?:▲|▼|^图为|图[①-⑨1-9]?为|^[上下左右]图|资料图片)")
SOURCE_LINE = re.compile(
    r"^(?:（?来源|文章来源|信息来源|发布时间|发布日期|作者|时间|字号|浏览次数|责任编辑|原标题)[：:]"
)
WEB_BOILERPLATE = re.compile(
    r"返回(?:搜狐|首页|顶部)|查看更多|点击(?:查看|进入)|扫一扫|分享到|打印本页|关闭窗口|版权所有|未经授权|转载请|上一篇|下一篇|相关(?:阅读|链接|新闻)[：:]?$"
)
ENUM_START = re.compile(
    r"^(?:第[一二三四五六七八九十百零〇0-9]{1,5}[章节条编款]|[一二三四五六七八九十]{1,3}[、.．]|（[一二三四五六七八九十]{1,3}）|[0-9]{1,2}[.、．）]|[①-⑳])"
)
# A web page or mail that strings many short items together.
DIGEST_TITLE = re.compile(
    r"早报|晚报|速览|要闻|速递|简报|快报|摘要|汇总|集锦|一览|每日|今日|一周|早知道|早餐|导读"
)
ITEM_NUMBER = re.compile(r"^(?:【)?([0-9]{1,2})(?:[.．、】]|(?<=\d) )\s*(?=\D)")
SUBTITLE = re.compile(r"^(?:——|—|--|－－|――)")
KICKER_END = re.compile(r"(?:——|—|：|……|强调|指出|要求|时说|表示)$")
STOP_END = re.compile(r"[。！？!?…；;][”’』」）)】]*$")
COMMA_END = re.compile(r"[，、：:,“‘《（(]$")
SUBJECT = re.compile(r"[\u4e00-\u9fff]{0,10}?(?:省|市|县|区|镇|村|园|局|院|厅|企业|公司|委)|全国|我国")
SUBTITLE_OPENING = re.compile(r"围绕|继续|听取|决定|部署|审议|研究|综合|其中|并|共|涉及|首末|设站|全面|进一步")
PARENTHESISED = re.compile(r"^[（(][^（）()]*[）)]$")

_RUBRIC_WORDS = """
    目击 一线见闻 民生视线 今日关注 权威发布 走基层 图片新闻 图片报道 图片故事
    要闻速递 简讯 短讯 综合新闻 本报今日导读 导读 今日看点 新闻速递 新春走基层
    一线传真 记者观察 记者调查 新闻纵深 热点聚焦 基层动态 县区新闻 社会新闻 时政要闻
    本地新闻 新闻眼 视点 焦点 现场 特写 人物 经济观察 文化广场 广而告之 今日谈 时评
    读者来信 信息快递 部门动态 工作动态 基层快讯 图说 影像 镜头 头条 综合 要闻 国际
    国内 经济 社会 文化 体育 教育 健康 专题 专版 公告 广告 声明 编者按
"""
RUBRICS = frozenset(_RUBRIC_WORDS.split())
# Words of banner slogans (通栏口号): their share of a line's characters tells a slogan from a headline.
SLOGAN_WORD = re.compile(
    "聚力|攻坚|突破|推进|强市|强县|强省|强国|建设|筑梦|现代化|共绘|新图景|新篇章|稳扎稳打|有干头|奋进|新征程|新时代|建功|奋斗|实干|担当|作为|"
    "落实|落地|见效|争先|创优|凝心|聚力|砥砺|前行|初心|使命|牢记|不忘|开创|新局面|谱写|高质量|发展|振兴|跨越|赶超|比学|"
    "奋勇|开拓|创新|拼搏|奉献|真抓|提升|能力|作风|转变|年|走在前|开新局|挑大梁|勇|强|学习|贯彻|精神|二十大|美丽|幸福|家园|"
    "文明|城市|创建|携手|同心|共建|共享|共筑|中国梦|喜迎|献礼|庆祝|决胜|小康|全面|乘势而上|接续|扬帆|启航|逐梦|踔厉|笃行"
)


# Furniture is short: no cue is looked for behind so many characters of a line.
_MAX_CUE_CHARS = 200
_PUBLISHER = re.compile(r"主管主办|(?:编辑出版|主办|承办)$|机关报$")
_WEB_LINE = re.compile(
    r"来源[：:].*字号|字号[：:]? ?大 ?中 ?小|未经授权不得转载|扫一扫.{0,12}(?:关注|打开|分享)"
    r"|^返回(?:搜狐|首页|顶部)"
)
_OFFICE_LINE = re.compile(r"(?:新闻|广告|投稿|读者|发行|订阅|本报|爆料|监督|记者)(?:热线|邮箱|电话|专线)[：:]")
# Column names that papers also print as the only headline of a picture or a letter.
_PRINTED_AS_HEADS = frozenset(
    ("图片报道", "图片新闻", "图片故事", "简讯", "短讯", "读者来信", "编者按", "声明", "公告")
)


def is_surely_furniture(text: str) -> bool:
    """Whether a line can be nothing but furniture, whatever stands around it."""
    if len(text) > 60:
        return False
    masthead = MASTHEAD_DATE.search(text) and (WEEKDAY.search(text) or PAGE_LABEL.search(text))
    column = text in RUBRICS and text not in _PRINTED_AS_HEADS
    # Of the 29,661 head lines of rmrb_2020_jan_sep, 10 are such slogans; of banner lines nearly all are.
    banner = " " in text and len(text) >= 8 and slogan_share(text) >= 0.75
    return bool(
        masthead
        or column
        or banner
        or JUMP.fullmatch(text)
        or _WEB_LINE.search(text)
        or OUTLET.fullmatch(text)
        or AD_TITLE.fullmatch(text)
        or _OFFICE_LINE.match(text)
        or re.fullmatch(r"图说[\u4e00-\u9fff]{0,4}", text)
        or (CREDIT.match(text) and not STOP_END.search(text))
        or _PUBLISHER.search(text)
        or re.fullmatch(r"[\u4e00-\u9fff]{0,8}名专栏", text)
    )


def drop_reason(text: str) -> DropReason:
    """Why a line that the splitter put outside every article is dropped: the first cue that fits."""
    text = text[:_MAX_CUE_CHARS]  # the patterns are not linear in a line's length
    for pattern, reason in (
        (JUMP, DropReason.JUMP),
        (ADVERTISEMENT, DropReason.ADVERTISEMENT),
        (WEEKDAY, DropReason.MASTHEAD),
        (ISSUE, DropReason.MASTHEAD),
        (CREDIT, DropReason.CREDIT),
        (HOTLINE, DropReason.HOTLINE),
        (MASTHEAD_DATE, DropReason.MASTHEAD),
        (BYLINE, DropReason.BYLINE),
        (_PUBLISHER, DropReason.MASTHEAD),
        (_WEB_LINE, DropReason.BOILERPLATE),
        (WEB_BOILERPLATE, DropReason.BOILERPLATE),
        (SOURCE_LINE, DropReason.BOILERPLATE),
    ):
        if pattern.search(text):
            return reason
    if (PAGE_LABEL.search(text) and len(text) <= 24) or OUTLET.fullmatch(text):
        return DropReason.MASTHEAD
    if readable_share(text) < 0.5:
        return DropReason.UNREADABLE
    if text not in RUBRICS and slogan_share(text) >= 0.4:
        return DropReason.SLOGAN
    return DropReason.RUBRIC


def slogan_share(text: str) -> float:
    """Share of the characters (blanks aside) that slogan words cover, 0–1."""
    plain = text.replace(" ", "")
    return sum(len(w) for w in SLOGAN_WORD.findall(plain)) / max(1, len(plain))


def readable_share(text: str) -> float:
    """Share of characters that are Chinese, letters, digits or common marks, 0–1."""
    plain = text.replace(" ", "")
    good = sum(c.isalnum() or c in "，。、；：？！“”‘’（）《》〈〉—…·%.-/,:;()[]【】■□●▲" for c in plain)
    return good / max(1, len(plain))

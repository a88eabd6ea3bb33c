"""Makes damaged newspaper pages, with the true label of every line, out of whole articles.

What OCR and text layers do to a page (docs: columns broken in mid-sentence, headlines split or displaced, half-width
marks, wrong characters, hard-wrapped lines) and what editors put between articles (rubrics, slogans, mastheads,
hot-lines, credits, advertising, jump lines) is drawn at random, in many styles, so that no one paper's habits are
learned. Own work; the phrases below are written for it.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

import jieba

jieba.setLogLevel(60)

HEAD, HEAD_CONT, START, PARA, CONT, SUB, BYLINE, FURNITURE = range(8)
LABELS = ("head", "head_cont", "start", "para", "cont", "sub", "byline", "furniture")

SURNAMES = list(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
)
GIVEN = list(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红鹏辉玲建文斌宇浩凯健俊帆雪琳颖晨曦彬峰宁楠瑞欣悦东晓海燕志国庆永春雨佳思远博"
)
CITIES = "聊城 临清 青州 莒县 滨州 邢台 安阳 赣州 衢州 宜宾 遵义 榆林 固原 酒泉 桐城 荆州 常德 梧州 湛江 三明 绍兴 盐城 徐州 通辽 丹东 延边 绥化 昭通 楚雄 阿坝 清河 平阴 郯城 沭阳 嵊州 长兴".split()
PAPERS = "日报 晚报 晨报 时报 都市报 新报 早报 导报".split()
RUBRICS = (
    "要闻 综合 时政 本地 民生 社会 经济 文化 教育 健康 国际 国内 县域 乡村 法治 生态 人物 评论 视点 特写 聚焦 热点 观察 调查 "
    "现场 直击 关注 看点 声音 讲述 影像 图片新闻 图片报道 简讯 短波 快讯 导读 速览 链接 延伸阅读 编辑视点 记者手记 新闻链接 "
    "新闻背景 相关报道 今日看台 百姓身边事 田野上的希望 身边好人 政策问答 服务窗口 基层风采 一线观察 民声回应 行业动态 "
    "部门之窗 镇街传真 县市动态 重点工程巡礼 先锋榜 项目一线 乡村振兴进行时 优化营商环境 文明创建在行动 安全生产月 走进企业 "
    "新春走基层 权威访谈 深度报道 新闻调查 金融之窗 税务之声 卫生健康 法院在线 检察视窗 警方提示 天气预报 便民信息 开栏语 "
    "头条新闻 专题报道 特别报道 公益广告 广告 党建园地 理论学习 读书 副刊 体坛 财经 科技 三农 招商 园区 交通 环保 住建 人社"
).split()
PREFIXES = "今日 本周 民生 新闻 基层 一线 百姓 乡村 城市 都市 党建 社区 县域 我们的 身边的 高质量 经济 产业 政务".split()
SUFFIXES = "关注 视线 聚焦 观察 见闻 在线 传真 直通车 风采 纪事 故事 速递 播报 天地 广角 论坛 时空 热线 窗口 进行时 专栏 看台 访谈".split()
RUBRIC_NOTES = "{p}新闻名专栏|{p}省名专栏|本报专栏|{c}日报社 {c}市委宣传部 主办|{c}市融媒体中心 协办|总第{n}期|第{n}期|特别策划|系列报道之{n}|之{n}".split(
    "|"
)
SLOGAN_VERBS = "聚力 奋力 全力 合力 勇于 奋进 筑梦 共绘 谱写 开创 推进 决战 决胜 锚定 扛牢 践行 牢记 坚守 践诺 共建 共享 弘扬 凝聚 激发 深化 做强 叫响 擦亮 打造 争创 喜迎 献礼 乘势 接续 真抓 稳扎".split()
SLOGAN_NOUNS = "攻坚突破 强市建设 新征程 新时代 现代化 新图景 新篇章 高质量发展 乡村振兴 中国梦 首善之区 文明城市 营商环境 作风转变 项目建设 初心使命 新局面 绿色发展 平安建设 走在前列 幸福家园 时代新人 主题教育 城市更新 开门红 双过半 全年红 奋进者 工匠精神 法治建设 有担当 见实效 有作为 稳打 实干 苦干".split()
SLOGAN_WHOLE = "落实 落地 见效|真抓实干 马上就办|比学赶超 奋勇争先|重实干 强执行 抓落实|稳字当头 稳中求进|不忘初心 牢记使命|走在前 挑大梁 作示范|凝心聚力谋发展|讲文明 树新风|扫黑除恶 共建平安|光盘行动 从我做起|喜迎二十大 奋进新征程|学习贯彻党的二十大精神|大干一百天 冲刺四季度".split(
    "|"
)
ADS = "广告|公益广告|遗失声明|招聘启事|拍卖公告|{c}商场周年庆全场五折起，详询{t}|{c}花园现房发售，售楼热线：{t}|本人身份证丢失，声明作废。|{c}市人才市场招聘会本周六举行，咨询电话{t}|刊登广告请拨{t}".split(
    "|"
)
AD_TEXTS = [
    "{c}城市资产运营有限公司现对下列门面房公开招租，面积{n}0平方米，有意者请于{n}日前报名，联系电话：{t}。",
    "受委托，我公司定于{n}日上午10时在{c}公共资源交易中心公开拍卖车辆一批，竞买人须交纳保证金，咨询电话：{t}。",
    "{c}某某商贸有限公司经股东会决议解散，请债权人自公告之日起45日内申报债权，联系人王先生，电话{t}。",
    "兹有张某遗失身份证一枚，特此声明作废。",
    "因业务发展需要，现面向社会招聘工作人员{n}名，要求大专以上学历，待遇面议，地址：{c}市人民路{n}号，电话：{t}。",
]
OPENERS = "据了解， 日前， 近日， 记者了解到， ".split()


@dataclass(frozen=True)
class Line:
    """One line as printed; `article` -1 for furniture. `blank`: an empty line goes before it."""

    text: str
    label: int
    article: int
    blank: bool


@dataclass
class Piece:
    """An article before printing: head lines (each perhaps in parts), then body rows."""

    heads: list[str]
    paras: list[str]
    caption: bool = False
    rows: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Style:
    """How one page is printed: chances are per paragraph, head or gap."""

    dense: bool
    half_marks: str
    break_chance: float
    wrong_chance: float
    wrap_width: int
    indent: str
    byline_chance: float
    byline_mark: str
    dateline: str
    furniture_chance: float
    split_head_chance: float
    heading_mark: str
    numbered: str
    paper: str


def draw_style(rng: random.Random) -> Style:
    kind = rng.random()
    return Style(
        dense=rng.random() < 0.22,
        half_marks=rng.choice(["", "", ",", ",:", ",:()", ",:();!?", ",:()"]),
        break_chance=rng.choice([0.0, 0.08, 0.15, 0.25, 0.4]),
        wrong_chance=rng.choice([0.0, 0.0, 0.0, 0.002, 0.006]),
        wrap_width=rng.randint(13, 46) if kind < 0.13 else 0,
        indent=rng.choice(["", "", "", "\u3000\u3000", "    "]),
        byline_chance=rng.choice([0.0, 0.15, 0.4, 0.7]),
        byline_mark=rng.choice(["■ ", "□ ", "■", "", "", "● ", "文/", "◎ "]),
        dateline=rng.choice(["keep", "keep", "local", "drop", "mixed"]),
        furniture_chance=rng.choice([0.05, 0.2, 0.4]),
        split_head_chance=rng.choice([0.0, 0.15, 0.35, 0.6]),
        heading_mark=rng.choice(["# ", "## "]) if 0.13 <= kind < 0.16 else "",
        numbered="",
        paper=rng.choice(CITIES) + rng.choice(PAPERS),
    )


def name(rng: random.Random) -> str:
    given = "".join(rng.sample(GIVEN, rng.choice([1, 2, 2])))
    return rng.choice(SURNAMES) + (" " if len(given) == 1 and rng.random() < 0.2 else "") + given


def phone(rng: random.Random) -> str:
    return rng.choice(["", "0635-", "(0312)"]) + "".join(
        rng.choice("0123456789") for _ in range(rng.choice([7, 8]))
    )


def fill(template: str, rng: random.Random) -> str:
    return template.format(
        p=rng.choice(["山东", "河北", "全国", "全省"]), c=rng.choice(CITIES), n=rng.randint(1, 40), t=phone(rng)
    )


def day(rng: random.Random) -> str:
    y, m, d = rng.randint(2015, 2026), rng.randint(1, 12), rng.randint(1, 28)
    return rng.choice(
        [f"{y}年{m}月{d}日", f"{y}年{m}月{d}日", f"{y}.{m}.{d}", f"{y}-{m:02d}-{d:02d}", f"{y}/{m}/{d}"]
    )


def masthead(style: Style, rng: random.Random) -> list[str]:
    page = rng.choice(
        [
            f"第{rng.randint(1, 16)}版",
            f"{rng.randint(1, 16):02d}版",
            f"A{rng.randint(1, 24):02d}",
            f"{rng.randint(1, 16):02d}",
            f"{rng.choice('一二三四五六七八')}版",
        ]
    )
    section = rng.choice(
        ["要闻", "综合", "本地新闻", "民生", "国内", "国际", "经济", "社会", "专题", "理论", "县域"]
    )
    week = "星期" + rng.choice("一二三四五六日")
    parts = [style.paper, day(rng), week]
    if rng.random() < 0.5:
        parts += [page, section]
    if rng.random() < 0.3:
        parts.append(f"责任编辑：{name(rng)}")
    if rng.random() < 0.2:
        parts.append(
            rng.choice(
                [
                    "农历甲辰年二月廿四",
                    f"第{rng.randint(1000, 9999)}期",
                    f"今日{rng.choice([4, 8, 12])}版",
                    f"国内统一连续出版物号CN 37-00{rng.randint(10, 99)}",
                ]
            )
        )
    if rng.random() < 0.4:
        rng.shuffle(parts)
    joined = rng.choice([" ", " ", " ", "  ", "　", ""]).join(parts)
    if rng.random() < 0.2:
        about = rng.choice(
            [
                f"中共{style.paper[:2]}市委机关报",
                f"{style.paper[:2]}县委主管主办 {style.paper[:2]}县融媒体中心编辑出版",
                "SHIBAO RIBAO",
                f"总第{rng.randint(1000, 9999)}期 今日{rng.choice([4, 8])}版",
                "传递党的声音 服务百姓生活",
            ]
        )
        return [style.paper, about, " ".join(parts[1:])]
    if rng.random() < 0.3:
        cut = rng.randint(1, len(parts) - 1)
        return [" ".join(parts[:cut]), " ".join(parts[cut:])]
    return [joined]


def byline(style: Style, rng: random.Random) -> str:
    mark = style.byline_mark if rng.random() < 0.8 else rng.choice(["■ ", "□ ", "", "文/", "●"])
    role = rng.choice(
        [
            "本报记者",
            "本报记者",
            "本报记者",
            "记者",
            "本报通讯员",
            f"{style.paper}记者",
            "本报评论员",
            "全媒体记者",
            "见习记者",
        ]
    )
    names = " ".join(name(rng) for _ in range(rng.choice([1, 1, 2, 2, 3])))
    text = f"{mark}{role} {names}"
    if rng.random() < 0.25:
        text += f" 通讯员 {name(rng)}"
    return text + (rng.choice([" 文/图", " 报道", " 摄影报道", " 整理"]) if rng.random() < 0.12 else "")


CHINESE_NUMBERS = "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十".split()
OFFICES = "农业农村局 教育局 水利局 发展和改革委员会 卫生健康委员会 政府办公室 委办公室 生态环境局 住房和城乡建设局 市场监督管理局 信访局 统计局 科学技术局".split()


def number_head(k: int, style: Style) -> str:
    """What stands before the k-th headline of a bulletin or digest."""
    forms = {
        "chinese": f"{CHINESE_NUMBERS[k % 20]}、",
        "digit": f"{k + 1}. ",
        "dun": f"{k + 1}、",
        "box": "【",
        "round": "● ",
        "": "",
    }
    return forms[style.numbered]


def bulletin_head(rng: random.Random) -> list[str]:
    """Masthead of an office's bulletin (简报), one to four lines."""
    city = rng.choice(CITIES)
    office = city + rng.choice(["市", "县", "区"]) + rng.choice(OFFICES)
    name_line = rng.choice(
        [
            "工作简报",
            "每日要情",
            "政务信息",
            "信息快报",
            "工作动态",
            "要闻摘报",
            "督查通报",
            "情况反映",
            f"{office}简报",
            f"{city}早报",
            "舆情专报",
        ]
    )
    issue = rng.choice(
        [
            f"第{rng.randint(1, 300)}期",
            f"第{rng.randint(1, 90)}期（总第{rng.randint(90, 999)}期）",
            f"{rng.randint(2018, 2026)}年第{rng.randint(1, 60)}期",
            f"〔{rng.randint(2018, 2026)}〕{rng.randint(1, 90)}号",
        ]
    )
    lines = [name_line, issue, f"{office}{rng.choice(['编', '编印', '办公室编', '主办'])} {day(rng)}"]
    if rng.random() < 0.3:
        lines[1:] = [" ".join(lines[1:])]
    if rng.random() < 0.3:
        lines.append(
            rng.choice(["本期要目", "【本期要目】", "目录", "今日要闻", "早上好！以下是今天的主要内容。"])
        )
    return lines


def bulletin_tail(rng: random.Random) -> list[str]:
    who = [name(rng).replace(" ", "") for _ in range(3)]
    return [
        "报：市委、市政府" + rng.choice(["", "，省厅", "领导，市人大、市政协"]),
        rng.choice(["送：市直有关单位", "送：各部门，各镇街", "抄送：市纪委监委"]),
        rng.choice(["发：各县（市、区）", "发：局机关各科室", "主送：各镇党委、政府"]),
        rng.choice(
            [
                f"编辑：{who[0]} 核稿：{who[1]} 签发：{who[2]}",
                f"编辑：{who[0]}  审核：{who[1]}",
                f"责任编辑：{who[0]} 共印{rng.randint(20, 200)}份",
            ]
        ),
    ][rng.choice([0, 0, 3]) :]


def furniture(style: Style, rng: random.Random) -> list[str]:
    kind = rng.random()
    if kind < 0.42:
        first = rng.choice(RUBRICS) if rng.random() < 0.45 else rng.choice(PREFIXES) + rng.choice(SUFFIXES)
        return [first] + ([fill(rng.choice(RUBRIC_NOTES), rng)] if rng.random() < 0.2 else [])
    if kind < 0.64:
        if rng.random() < 0.2:
            return [rng.choice(SLOGAN_WHOLE)]
        parts = [
            rng.choice(SLOGAN_VERBS) + rng.choice(SLOGAN_NOUNS) for _ in range(rng.choice([1, 2, 2, 2, 3]))
        ]
        return [" ".join(parts)]
    if kind < 0.74:
        return [
            fill(
                rng.choice(
                    [
                        "新闻热线：{t}",
                        "新闻热线:{t} 广告热线:{t}",
                        "投稿邮箱：xw{n}@163.com",
                        "读者热线 {t}",
                        "本报热线：{t} 邮编：2{n}000",
                        "订阅电话：{t}",
                        "电子信箱：news{n}@126.com",
                    ]
                ),
                rng,
            )
        ]
    if kind < 0.84:
        who = name(rng)
        return [
            rng.choice(
                [
                    f"责任编辑：{who}",
                    f"责编：{who} 版式：{name(rng)}",
                    f"本版编辑 {who} 美编 {name(rng)} 校对 {name(rng)}",
                    f"责任编辑:{who} 版式:{name(rng)} 校对:{name(rng)}",
                    f"编辑：{who}",
                    f"版式设计：{who}",
                ]
            )
        ]
    if kind < 0.94:
        return [
            rng.choice(
                [
                    f"（下转第{rng.randint(2, 8)}版）",
                    f"（上接第{rng.randint(1, 4)}版）",
                    f"（上接{rng.choice('一二三四')}版）",
                    f"▶下转{rng.randint(2, 8)}版",
                    f"（紧接第{rng.randint(1, 4)}版）",
                    f"（相关报道见{rng.randint(2, 8)}版）",
                ]
            )
        ]
    if rng.random() < 0.4:
        return [
            rng.choice(
                ["招租公告", "招标公告", "拍卖公告", "招聘启事", "遗失声明", "清算公告", "停水通知", "声明"]
            ),
            fill(rng.choice(AD_TEXTS), rng),
        ]
    return [fill(rng.choice(ADS), rng)]


_DATELINE = re.compile(
    r"^(?:据)?(?:本报|新华社)[^，。：；]{0,14}?(?:电|讯)\s*(?:（(?:记者)?([^（）]{1,60})）)?"
)
_CREDIT = re.compile(r"^(?:版式设计|本版制图|制图|责编|责任编辑|本版编辑|美编)[：:]|^栏目投稿邮箱")
_INNER_BYLINE = re.compile(r"^(?:■|□)?本报(?:驻[\u4e00-\u9fff]{1,6})?记者 ?[\u4e00-\u9fff ·、]{2,30}$")


def redate(text: str, style: Style, rng: random.Random) -> str:
    found = _DATELINE.match(text)
    mode = style.dateline if style.dateline != "mixed" else rng.choice(["keep", "local", "drop"])
    if not found or mode == "keep":
        return text
    rest = text[found.end() :].lstrip()
    if mode == "drop":
        return rest or text
    who = f"记者 {name(rng)}" + (f" 通讯员 {name(rng)}" if rng.random() < 0.4 else "")
    return rng.choice(
        [
            f"本报讯（{who}）",
            f"本报讯 （{who}）",
            "本报讯 ",
            f"本报{rng.choice(CITIES)}讯（{who}）",
            f"{style.paper}讯（{who}）",
        ]
    ) + (rest or text)


def is_sub(para: str) -> bool:
    """A sub-heading, or another row that is short and ends without a mark (names, list entries)."""
    return len(para) <= 34 and not re.search(r"[。！？；：，、…）”.]$", para)


def body_rows(piece: Piece, style: Style, rng: random.Random) -> list[tuple[str, int]]:
    """Paragraphs as rows with labels: broken at column feet, sub-headings told apart."""
    rows: list[tuple[str, int]] = []
    begun = False
    for para in piece.paras:
        text = redate(para, style, rng) if not begun else para
        if _CREDIT.match(text) and len(text) < 40:
            rows.append((text, FURNITURE))
            continue
        if _INNER_BYLINE.match(text):
            rows.append((text, BYLINE))
            continue
        label = START if not begun else SUB if is_sub(text) else PARA
        begun = True
        while len(text) > 40 and rng.random() < style.break_chance:
            cut = rng.randint(8, len(text) - 8) if rng.random() < 0.8 else rng.randint(1, len(text) - 1)
            if re.search(r"[。！？]”?$", text[:cut]):
                break
            rows.append((text[:cut], label))
            text, label = text[cut:], CONT
        rows.append((text, label))
    return rows


def break_place(head: str, rng: random.Random) -> int:
    """Where a headline is printed on over two lines: at a word's end near the middle, or anywhere."""
    if rng.random() < 0.5:
        return rng.randint(3, len(head) - 3)
    ends, at = [], 0
    for word in jieba.lcut(head):
        at += len(word)
        if (
            3 <= at <= len(head) - 3
            and head[at : at + 1] not in "，。！？：；、”》）"
            and head[at - 1] not in "“《（"
        ):
            ends.append(at)
    middle = len(head) / 2 + rng.uniform(-3, 3)
    return min(ends, key=lambda e: abs(e - middle)) if ends else len(head) // 2


def head_rows(
    heads: list[str], style: Style, rng: random.Random, number: int = 0
) -> list[tuple[str, int, bool]]:
    """Head lines as (text, label, blank before), some of them printed over two lines."""
    rows: list[tuple[str, int, bool]] = []
    tight = rng.random() < 0.25
    for k, head in enumerate(heads):
        parts = [head]
        if len(head) > 8 and rng.random() < style.split_head_chance:
            cut = break_place(head, rng)
            if rng.random() < 0.6 and " " in head[2:-2]:
                cut = head.index(" ", 2)
            parts = [head[:cut].rstrip(), head[cut:].lstrip()]
            if len(parts[1]) > 14 and rng.random() < 0.3:
                cut = rng.randint(4, len(parts[1]) - 4)
                parts[1:] = [parts[1][:cut].rstrip(), parts[1][cut:].lstrip()]
        for j, part in enumerate(parts):
            sub = part.startswith("——") and rng.random() < 0.3
            blank = (not tight and not sub) if j == 0 else rng.random() < 0.08
            first = style.heading_mark + number_head(number, style) if j == 0 and k == 0 else ""
            text = first + part + ("】" if style.numbered == "box" and k == 0 and j == len(parts) - 1 else "")
            rows.append((text, HEAD if j == 0 else HEAD_CONT, blank or (k == 0 and j == 0)))
    return rows


def wrong(text: str, style: Style, rng: random.Random, pool: str) -> str:
    """Some characters replaced or lost, as OCR does."""
    if not style.wrong_chance or not pool:
        return text
    out = []
    for char in text:
        roll = rng.random()
        if roll < style.wrong_chance:
            out.append(rng.choice(pool) if rng.random() < 0.6 else "")
        else:
            out.append(char)
    return "".join(out) or text


_HALF = str.maketrans({"，": ",", "：": ":", "；": ";", "！": "!", "？": "?", "（": "(", "）": ")"})


def narrow(text: str, style: Style) -> str:
    return (
        "".join(c.translate(_HALF) if c.translate(_HALF) in style.half_marks else c for c in text)
        if style.half_marks
        else text
    )


def caption_piece(piece: Piece, style: Style, rng: random.Random) -> Piece:
    """A picture's text as papers print it: often one block without a headline, the photographer behind."""
    paras = list(piece.paras)
    if len(paras) > 1 and rng.random() < 0.6:
        paras = ["".join(paras[:-1]), paras[-1]]
    if len(paras) > 1 and len(paras[-1]) < 30 and rng.random() < 0.6:
        tail = rng.choice(
            [
                paras[-1],
                f"{name(rng)} 摄",
                f"■ 本报记者 {name(rng)} {name(rng)}",
                f"本报记者 {name(rng)} 摄",
                f"（{name(rng)} 摄）",
            ]
        )
        paras = [*paras[:-2], paras[-2] + rng.choice([" ", "", " "]) + tail]
    return Piece([] if rng.random() < 0.5 else piece.heads, paras, caption=True)


def make_page(pieces: list[Piece], style: Style, rng: random.Random) -> list[Line]:
    """The page's lines in printed order."""
    blocks: list[list[Line]] = []  # one block list an article part; furniture goes between
    displaced: list[list[Line]] = []
    count_displaced = rng.choice([0, 0, 0, 1, 1, 2]) if len(pieces) > 1 else 0
    candidates = [k for k, p in enumerate(pieces) if p.heads]
    moved = set(rng.sample(candidates, min(count_displaced, len(candidates))))
    for k, piece in enumerate(pieces):
        lost = rng.random() < 0.05 and len(pieces) > 1
        heads = [Line(t, label, k, blank) for t, label, blank in head_rows(piece.heads, style, rng, k)]
        rows = body_rows(piece, style, rng)
        lines: list[Line] = []
        if k in moved:
            displaced.append(heads)
        elif not lost:
            lines += heads
        if (
            not piece.caption
            and rng.random() < style.byline_chance
            and rows
            and not _DATELINE.match(rows[0][0])
        ):
            lines.append(Line(byline(style, rng), BYLINE, k, True))
        for text, label in rows:
            lines.append(Line(text, label, -1 if label == FURNITURE else k, not style.dense))
            if label != SUB and rng.random() < 0.012:
                lines.append(Line(furniture(style, rng)[0], FURNITURE, -1, not style.dense))
        if rng.random() < 0.03 and not piece.caption:
            lines.append(Line(byline(style, rng), BYLINE, k, not style.dense))
        blocks.append(lines)
    for heads in displaced:
        if rng.random() < 0.72:
            blocks.append(heads)
        else:
            blocks.insert(rng.randint(0, len(blocks)), heads)
    page: list[Line] = []
    if style.numbered and rng.random() < 0.8:
        page += [Line(t, FURNITURE, -1, True) for t in bulletin_head(rng)]
    elif rng.random() < 0.55:
        page += [Line(t, FURNITURE, -1, True) for t in masthead(style, rng)]
    for block in blocks:
        if rng.random() < style.furniture_chance:
            for _ in range(rng.choice([1, 1, 1, 2])):
                page += [Line(t, FURNITURE, -1, True) for t in furniture(style, rng)]
        page += block
    if style.numbered and rng.random() < 0.5:
        page += [Line(t, FURNITURE, -1, True) for t in bulletin_tail(rng)]
    elif rng.random() < 0.3:
        page += [Line(t, FURNITURE, -1, True) for t in furniture(style, rng)]
    return page


def print_page(page: list[Line], style: Style, rng: random.Random) -> tuple[str, list[Line]]:
    """The raw text, and the printed lines of it (wrapped lines as CONT) without the empty ones."""
    pool = "".join(line.text for line in page)[:4000]
    wrapped_blanks = rng.random() < 0.5
    printed: list[Line] = []
    for line in page:
        text = narrow(wrong(line.text, style, rng, pool), style)
        if not text.strip():
            continue
        if line.label in (START, PARA, SUB) and style.indent:
            text = style.indent + text
        blank = line.blank and not (style.dense and rng.random() < 0.7)
        if style.wrap_width and (line.label in (START, PARA, CONT, SUB) or len(text) > style.wrap_width):
            parts = [text[i : i + style.wrap_width] for i in range(0, len(text), style.wrap_width)]
            blank = blank and (wrapped_blanks or line.label not in (PARA, CONT, SUB))
        else:
            parts = [text]
        for j, part in enumerate(parts):
            if part.strip():
                rest = {HEAD: HEAD_CONT, HEAD_CONT: HEAD_CONT, FURNITURE: FURNITURE, BYLINE: BYLINE}.get(
                    line.label, CONT
                )
                label = line.label if j == 0 else rest
                printed.append(Line(part, label, line.article, blank and j == 0))
    out: list[str] = []
    for line in printed:
        if line.blank and out:
            out.append("")
        out.append(line.text)
    return "\n".join(out), printed

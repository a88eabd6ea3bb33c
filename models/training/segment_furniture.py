"""How a page is printed, and what editors put between its articles: mastheads, bylines, rubrics, slogans,
hot-lines, credits, jump lines, advertising, the head and tail of an office's bulletin."""

from __future__ import annotations

import random
from dataclasses import dataclass

from segment_phrases import (
    AD_TEXTS,
    ADS,
    CHINESE_NUMBERS,
    CITIES,
    GIVEN,
    OFFICES,
    PAPERS,
    PREFIXES,
    RUBRIC_NOTES,
    RUBRICS,
    SLOGAN_NOUNS,
    SLOGAN_VERBS,
    SLOGAN_WHOLE,
    SUFFIXES,
    SURNAMES,
)


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


def furniture(style: Style, rng: random.Random) -> list[str]:  # noqa: PLR0911 - one return a kind
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


def table_rows(rng: random.Random) -> list[str]:
    """A table as text: cells between bars."""
    columns = rng.randint(2, 5)
    head = rng.sample(
        ["县（市、区）", "项目", "面积（万亩）", "进度（%）", "同比（%）", "单位", "数量", "完成投资（亿元）"],
        columns,
    )
    bars = rng.choice([("", " | ", ""), ("| ", " | ", " |"), ("|", "|", "|")])
    rows = [head] + ([["---"] * columns] if bars[0] else [])
    rows += [
        [rng.choice(CITIES)] + [f"{rng.uniform(0, 300):.1f}" for _ in range(columns - 1)]
        for _ in range(rng.randint(2, 8))
    ]
    return [bars[0] + bars[1].join(row) + bars[2] for row in rows]


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

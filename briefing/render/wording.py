"""The words every format shares: numbers, dates, labels, source lines. Plain text in, plain text out."""

from __future__ import annotations

import datetime
import re
import unicodedata
from urllib.parse import urlsplit

from briefing.records import Article, DropReason, EarlierItem, Severity, SourceStatus

PENDING = "【待补】"
UNTITLED = "（无标题）"

# The labels of `check.CHECKS`, which this stage may not import; tests/contracts/test_renderers.py compares.
CHECK_LABELS = {
    "numbers": "数字",
    "mapping": "对应关系",
    "omission": "前提限定",
    "scope": "范围程度",
    "dates": "日期",
    "names": "人名",
    "organisations": "机构地名",
    "documents": "文件",
    "status": "完成状态",
    "negation": "否定",
    "contrasts": "相反词语",
    "quotations": "引语",
    "attribution": "说话人",
    "overlap": "与原文相符",
    "integrity": "句子完整",
    "wording": "一字之差",
}
# What stands in the place of a check where an engine, not a check, had something to say.
ENGINE_LABELS = {"engine": "模型输出"}
SCORE_LABELS = {
    "importance": "内容重要度",
    "publishers": "刊发媒体数",
    "front_page": "头版",
    "top_of_page": "版面位置",
    "stale": "时效",
    "area": "领域加权",
    "watch": "关注词",
}
SEVERITY_LABELS = {Severity.ERROR: "错误", Severity.WARNING: "存疑", Severity.INFO: "提示"}
STAGE_LABELS = {
    "ingest": "读取",
    "segment": "分篇",
    "clean": "清理",
    "dedupe": "归并",
    "summarise": "摘要",
    "check": "核验",
    "classify": "分类",
    "rank": "排序",
    "assemble": "编排",
    "render": "输出",
    "deliver": "投送",
}
DROP_LABELS = {
    DropReason.MASTHEAD: "报头",
    DropReason.HOTLINE: "热线电话",
    DropReason.CREDIT: "编辑署名",
    DropReason.JUMP: "转版提示",
    DropReason.RUBRIC: "栏目名",
    DropReason.SLOGAN: "通栏口号",
    DropReason.ADVERTISEMENT: "广告",
    DropReason.CAPTION: "图片说明",
    DropReason.BYLINE: "记者署名",
    DropReason.DATELINE: "电头",
    DropReason.BOILERPLATE: "网页附属文字",
    DropReason.UNREADABLE: "无法辨认的文字",
    DropReason.PRINTED: "往期已刊内容",
}
# Keys of `Briefing.generated_by`; any other key prints as it is.
MAKER_LABELS = {
    "program": "程序",
    "engine": "摘要引擎",
    "splitter": "分篇模型",
    "classifier": "分类模型",
    "checks": "核验项目",
    "prompt": "提示词",
}

_DIGITS = "零一二三四五六七八九"
_PERIODICAL = re.compile(r"(报|刊|杂志|周刊|导刊)$")
# Controls except tab and line end, and characters that change how their neighbours are shown.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# Halves of a surrogate pair cannot be written, noncharacters may not stand in HTML.
_BROKEN = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def printable(text: str) -> str:
    """`text` without control and bidirectional characters; tab and line end stay, broken ones show as �."""
    return _BROKEN.sub("\ufffd", _INVISIBLE.sub("", text))


def one_line(text: str) -> str:
    """`printable(text)` on one line, white space collapsed."""
    return " ".join(printable(text).split())


def shorten(text: str, max_chars: int) -> str:
    """`text`, or its beginning and …, in at most `max_chars` characters."""
    return text if len(text) <= max_chars else text[: max_chars - 1] + "…"


def quoted(text: str) -> str:
    """`text` in “ ”, or in 「 」 when it holds quotation marks of its own: they may not be changed."""
    return f"「{text}」" if any(mark in text for mark in "“”") else f"“{text}”"


def chinese_number(number: int) -> str:
    """1–9999 as a heading counts: 一, 十, 十一, 二十, 一百零五."""
    if not 1 <= number <= 9999:
        raise ValueError(f"no heading number for {number}")
    text = ""
    gap = False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return text.removeprefix("一") if 10 <= number <= 19 else text


def chinese_date(day: datetime.date) -> str:
    """2024年4月2日: Arabic digits, whole year, no leading zero (GB/T 9704-2012, 7.3.5)."""
    return f"{day.year}年{day.month}月{day.day}日"


def issue_label(issue_number: str) -> str:
    """期号 as the masthead prints it; a bare number becomes 第…期, a missing one 第【待补】期."""
    number = one_line(issue_number)
    if not number:
        return f"第{PENDING}期"
    return f"第{number}期" if re.fullmatch(r"[0-9]+", number) else number


def office_label(office: str) -> str:
    """编印单位; 【待补】编印 when the user gave none."""
    name = one_line(office) or PENDING
    return name if name.endswith(("编印", "主办", "编")) else f"{name}编印"


def file_label(source: str) -> str:
    """The last part of a path as the user gave it; `-` is standard input."""
    name = one_line(source)
    if name == "-" or name.startswith("-#"):
        return "标准输入" + name[1:]
    return re.split(r"[/\\]", name.rstrip("/\\"))[-1] or name


def outlet_label(outlet: str) -> str:
    """A paper's or journal's name in 《》; agencies and sites stand as they are."""
    name = one_line(outlet)
    return f"《{name}》" if _PERIODICAL.search(name) and "《" not in name else name


def page_label(label: str) -> str:
    """`2`, `02` → 第2版; `A02` → A02版; what already says 版 or 页 stays."""
    page = one_line(label)
    if re.fullmatch(r"[0-9]+", page):
        return f"第{int(page)}版"
    return f"{page}版" if re.fullmatch(r"[A-Za-z]{1,2}[0-9]+", page) else page


def source_label(article: Article) -> str:
    """《聊城日报》2024年4月2日第2版, of what is known; the file's name when the outlet is not."""
    label = outlet_label(article.outlet) or file_label(article.source)
    # A file name and a date would run into each other; after 《》 and a Chinese name they do not.
    if article.published_on or article.page_label:
        label += "" if article.outlet.strip() else " "
    if article.published_on:
        label += chinese_date(article.published_on)
    return label + page_label(article.page_label)


def publisher(article: Article) -> str:
    """Who answers for the article: its outlet, else its file; two pages of one paper are one publisher."""
    return one_line(article.outlet).strip("《》") or article.source


def safe_url(url: str) -> str:
    """`url` when it is a plain http or https address, else "": nothing else becomes a link."""
    url = url.strip()
    if any(c.isspace() or c in '<>"\\^`{|}' or unicodedata.category(c) in ("Cc", "Cf") for c in url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and host else ""


def check_label(name: str) -> str:
    """The Chinese name of a check, or of what stands in its place; an unknown one as it is."""
    return CHECK_LABELS.get(name) or ENGINE_LABELS.get(name) or one_line(name)


def maker_label(name: str, version: str) -> str:
    """One entry of `generated_by` for readers; the checks by their Chinese names."""
    label = MAKER_LABELS.get(name, one_line(name))
    if name == "checks":
        checks = [c.strip() for c in version.split(",") if c.strip()]
        return f"{label}：{'、'.join(check_label(c) for c in checks)}"
    return f"{label}：{one_line(version)}"


# 来源情况: what a source of a scheduled run gave; a count may follow.
SOURCE_LABELS = {
    SourceStatus.FETCHED: "已获取",
    SourceStatus.UNCHANGED: "无更新",
    SourceStatus.PARTIAL: "部分获取",
    SourceStatus.FAILED: "未能获取",
}


def continues(earlier: EarlierItem | None) -> str:
    """Where the item that a continuing story goes on from was printed; "" for a new story."""
    if earlier is None:
        return ""
    number = f"{one_line(earlier.issue_number)}" if earlier.issue_number else chinese_date(earlier.printed_on)
    return f"（续报，前见{number}“{one_line(earlier.headline)}”）"

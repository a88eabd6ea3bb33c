"""A whole briefing built by hand, for the tests of what comes after the models. All texts are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from briefing.assemble import AssembleOptions, assemble_briefing
from briefing.records import (
    HEADLINE,
    Article,
    Briefing,
    BriefingItem,
    DroppedBlock,
    DropReason,
    Finding,
    LeftOut,
    LeftOutReason,
    Run,
    RunReport,
    RunStatus,
    ScorePart,
    Severity,
    Skip,
    SourceDocument,
    SourceRef,
    Span,
    Story,
    Summary,
    SummarySentence,
)
from briefing.text.sentences import split_sentences

DAY = date(2026, 3, 5)
_FULL_WIDTH = str.maketrans({",": "，", ":": "：", "(": "（", ")": "）"})

PAGE = """江城日报　2026年3月5日　星期四　02 要闻

三年投入两亿元

江城拟建十八处口袋公园

本报讯(记者 周明远)3月4日,记者从市园林局获悉,江城拟在三年内建设18处口袋公园,总投资约2.06亿元。
首批5处选址已经公示,
计划今年9月底前完工。市园林局局长沈若水表示,

公示期间共收到意见建议137条,采纳64条。公园建成后,将实行免费开放。

责任编辑:钱一 版式设计:孙二

青禾县试行“村账云审”

3月3日,青禾县在12个乡镇试行“村账云审”,村级支出须经线上两级复核。试行两个月来,平均审批时长由6.5个工作日压缩到1.5个工作日,退回不合规单据83笔,涉及金额41.7万元。县农业农村局提示,试行办法有效期至2027年2月底,尚未在全县推开。
"""
MASTHEAD = PAGE[: PAGE.index("\n")]
WEB = """江城口袋公园首批选址公示

江城市拟三年建设18处口袋公园，总投资约2.06亿元，首批5处选址已公示。
"""
HOSTILE_TEXT = (
    "<script>alert(1)</script>{{ 7*7 }}{% raw %}[点我](javascript:alert(2))`反引号`</article></pre>。\n"
    "# 不是标题。| 不是 | 表格 |\u2028换行&lt;b&gt;![图](http://x.test/a.png)\u202e倒写www.x.test。"
)
HOSTILE_NAME = 'in/<img src=x onerror=alert(3)>"\n|.txt'


def take(
    raw: str, pieces: list[str], *, source: str, title: str = "", outlet: str = "", page_label: str = ""
) -> Article:
    """An article whose paragraphs are `pieces`; each is found in `raw`, a `|` in it is a broken column."""
    plain = raw.translate(_FULL_WIDTH)
    text = ""
    runs: list[Run] = []
    for piece in pieces:
        text += "\n" if text else ""
        for part in piece.split("|"):
            at = plain.index(part)
            runs.append(Run(len(text), at, len(part)))
            text += part
    at = plain.find(title) if title else -1
    return Article(
        id=f"{source}:{title or text[:6]}",
        source=source,
        title=title,
        text=text,
        sentences=split_sentences(text),
        origin=tuple(runs),
        outlet=outlet,
        page_label=page_label,
        published_on=DAY if outlet else None,
        head_origin=(Span(at, at + len(title)),) if at >= 0 else (),
    )


def cite(article: Article, words: str, part: str = "text") -> SourceRef:
    """The place of `words` in `article`."""
    at = (article.title if part == "title" else article.text).index(words)
    return SourceRef(article.id, Span(at, at + len(words)), part)


def quote(article: Article, *words: str, fallback: str = "") -> SummarySentence:
    """A summary sentence put together from the article's own `words`."""
    return SummarySentence("".join(words), tuple(cite(article, w) for w in words), fallback)


def make_item(
    article: Article,
    sentences: tuple[SummarySentence, ...],
    *,
    area: str,
    score: float,
    headline: str = "",
    findings: tuple[Finding, ...] = (),
    reports: tuple[Article, ...] = (),
) -> BriefingItem:
    title = headline or article.title
    refs = (cite(article, title, "title"),) if title and title in article.title else ()
    return BriefingItem(
        story=Story(article, reports=reports),
        summary=Summary(article.id, title, refs, sentences, "extract@test", insufficient=not sentences),
        findings=findings,
        area=area,
        importance=score,
        score=score,
        score_parts=(ScorePart("importance", score, f"内容重要度{score:.1f}（满分5）"),),
    )


def park_item() -> BriefingItem:
    """Two publishers, a broken column, a warning with evidence."""
    text = [
        "3月4日，记者从市园林局获悉，江城拟在三年内建设18处口袋公园，总投资约2.06亿元。|首批5处选址已经公示，|"
        "计划今年9月底前完工。市园林局局长沈若水表示，|公示期间共收到意见建议137条，采纳64条。公园建成后，将实行免费开放。"
    ]
    lead = take(
        PAGE,
        text,
        source="in/jiangcheng.txt",
        title="江城拟建十八处口袋公园",
        outlet="江城日报",
        page_label="02",
    )
    lead = replace(lead, kicker="三年投入两亿元", byline="本报讯（记者 周明远）")
    web = take(
        WEB,
        ["江城市拟三年建设18处口袋公园，总投资约2.06亿元，首批5处选址已公示。"],
        source="in/web.html",
        title="江城口袋公园首批选址公示",
        outlet="江城新闻网",
    )
    web = replace(web, url="https://news.example/a?id=1&b=2")
    first = quote(lead, "江城拟在三年内建设18处口袋公园，总投资约2.06亿元。")
    second = quote(lead, "首批5处选址已经公示，", "计划今年9月底前完工。")
    finding = Finding(
        "numbers",
        Severity.WARNING,
        0,
        Span(17, 26),
        "“约”是概数，请核对是否保留",
        (cite(lead, "总投资约2.06亿元"),),
    )
    return make_item(lead, (first, second), area="民生社会", score=3.6, findings=(finding,), reports=(web,))


def ledger_item() -> BriefingItem:
    """A fallback sentence, an error that the fallback replaced, a sentence nobody traced."""
    text = [
        "3月3日，青禾县在12个乡镇试行“村账云审”，村级支出须经线上两级复核。试行两个月来，平均审批时长由6.5个工作日压缩到"
        "1.5个工作日，退回不合规单据83笔，涉及金额41.7万元。县农业农村局提示，试行办法有效期至2027年2月底，尚未在全县推开。"
    ]
    article = take(
        PAGE,
        text,
        source="in/jiangcheng.txt",
        title="青禾县试行“村账云审”",
        outlet="江城日报",
        page_label="第2版",
    )
    first = quote(article, "青禾县在12个乡镇试行“村账云审”，村级支出须经线上两级复核。", fallback="status")
    second = SummarySentence("平均审批时长压缩到1.5个工作日。", ())
    findings = (
        Finding("status", Severity.ERROR, 0, Span(8, 10), "“试行”被写成“全面推行”"),
        Finding("names", Severity.INFO, HEADLINE, Span(0, 3), "地名已核对"),
    )
    return make_item(article, (first, second), area="改革开放", score=4.2, findings=findings)


def hostile_item() -> BriefingItem:
    """Text that tries to be markup, in every place a text can come from."""
    article = Article(
        id="x",
        source=HOSTILE_NAME,
        text=HOSTILE_TEXT,
        sentences=split_sentences(HOSTILE_TEXT),
        origin=(Run(0, 0, len(HOSTILE_TEXT)),),
        title="**加粗**<b>标题</b>|[x](javascript:1)",
        kicker="<i>肩题</i>",
        url="javascript:alert(4)",
    )
    sentence = SummarySentence(
        article.text.split("\n")[0], (SourceRef(article.id, Span(0, article.text.index("\n"))),)
    )
    finding = Finding("<b>检</b>", Severity.WARNING, 0, Span(0, 8), "<u>说明</u> | 1. `x` {{ 7*7 }}")
    item = make_item(article, (sentence,), area="<s>领域</s>", score=1.1, findings=(finding,))
    return replace(item, score_parts=(ScorePart("<em>", 1.0, "</td></table>"),))


def insufficient_item() -> BriefingItem:
    article = take("江城快讯：明日停水。", ["明日停水。"], source="in/short.txt")
    return make_item(article, (), area="民生社会", score=1.0, headline="江城部分区域明日停水")


def documents() -> tuple[SourceDocument, ...]:
    at = PAGE.index("责任编辑")
    end = PAGE.index("孙二") + 2
    dropped = (
        DroppedBlock(DropReason.MASTHEAD, MASTHEAD, Span(0, len(MASTHEAD))),
        DroppedBlock(DropReason.CREDIT, PAGE[at:end], Span(at, end)),
    )
    return (
        SourceDocument("in/jiangcheng.txt", "text/plain", "a" * 64, PAGE, "江城日报", dropped),
        SourceDocument("in/web.html", "text/html", "b" * 64, WEB, "江城新闻网"),
        SourceDocument("in/short.txt", "text/plain", "c" * 64, "江城快讯：明日停水。"),
        SourceDocument(HOSTILE_NAME, "text/plain", "e" * 64, HOSTILE_TEXT, "<b>"),
    )


def make_briefing() -> Briefing:
    """Three sections, fallback, findings, insufficient and left-out material, a partial run, hostile text."""
    park = park_item()
    left_out = (
        LeftOut(
            "口袋公园为何受欢迎",
            "in/b.txt",
            LeftOutReason.DUPLICATE,
            "与已选条目同一事件",
            "b",
            park.story.lead.id,
        ),
        LeftOut("", "in/ad.txt", LeftOutReason.ADVERTISEMENT),
        LeftOut("<b>花</b>|絮", "in/c.txt", LeftOutReason.LENGTH, "得分 0.8，低于第 12 条"),
    )
    report = RunReport(
        RunStatus.PARTIAL, (Skip("in/坏.pdf", "ingest", "没有文字层（扫描件），需要 OCR", "no text"),)
    )
    options = AssembleOptions(
        DAY, office="江城市政府办公室", issue_number="25", colophon=(("编辑", "周明远"), ("签发", ""))
    )
    return assemble_briefing(
        [insufficient_item(), park, hostile_item(), ledger_item()],
        left_out,
        documents(),
        report,
        options,
        (("program", "briefing 0.1.0"), ("engine", "extract@test"), ("checks", "numbers,status")),
    )


def plain_briefing(items: int, *, source_chars: int = 60, headline_chars: int = 16) -> Briefing:
    """`items` items without anything special."""
    made = []
    for n in range(1, items + 1):
        head = (f"第{n}项工作按计划推进" * 12)[:headline_chars]
        text = (f"第{n}项工作已完成{n}处改造。" * (source_chars // 10 + 1))[: source_chars - 1] + "。"
        article = take(text, [text], source=f"in/{n}.txt", title=head, outlet="江城日报")
        made.append(make_item(article, (quote(article, text[:20]),), area=f"领域{n % 12}", score=5 - n / 1000))
    sources = tuple(
        SourceDocument(i.story.lead.source, "text/plain", "d" * 64, i.story.lead.text) for i in made
    )
    return assemble_briefing(made, (), sources, RunReport(RunStatus.OK), AssembleOptions(DAY))

"""The values that flow through the pipeline: frozen dataclasses; those of digests stand in `digest_records`.

All positions are half-open ranges of Unicode code points. Two coordinate systems occur:
*article* positions index `Article.text`; *origin* positions index `RawDocument.text`, the decoded
input before normalising. `Article.origin` leads from the first to the second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from briefing.digest_records import Digest, Printed

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`text[start:end]` of one named text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Run:
    """`length` characters from `text_start` of a derived text came, one to one, from `origin_start`."""

    text_start: int
    origin_start: int
    length: int


class DropReason(StrEnum):
    """Why a piece of a document is no part of an article's news (kept, marked, never cut)."""

    MASTHEAD = "masthead"  # 报头、日期、版次
    HOTLINE = "hotline"  # 热线、电话、邮箱
    CREDIT = "credit"  # 责任编辑、版式设计
    JUMP = "jump"  # 下转 / 上接
    RUBRIC = "rubric"  # 栏目名：目击、一线见闻
    SLOGAN = "slogan"  # 通栏口号
    ADVERTISEMENT = "advertisement"  # 广告
    CAPTION = "caption"  # 图片说明
    BYLINE = "byline"  # 本报记者……
    DATELINE = "dateline"  # 新华社北京4月25日电
    BOILERPLATE = "boilerplate"  # 转载声明、返回搜狐、查看更多
    UNREADABLE = "unreadable"  # 乱码
    PRINTED = "printed"  # 往期已刊的内容


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence up to a clause mark outside quotes and brackets; mark included."""

    span: Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of `Article.text`; its clauses tile its span. `dropped`: marked by `clean`."""

    span: Span
    clauses: tuple[Clause, ...]
    paragraph: int
    dropped: DropReason | None = None


@dataclass(frozen=True, slots=True)
class DroppedBlock:
    """A piece of a page that belongs to no article. `span` is in origin positions."""

    reason: DropReason
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One input as it came.

    `text` is the decoded file for text formats, and the extracted text for HTML, Word and PDF: it is
    what every origin span indexes. `pages`: spans of its pages (one span when the format has none).
    `single_article`: the format says that this is one article (a web page, a JSONL row).
    `warnings`: (zh, en) of what could not be read although the rest could.
    `row_id`: the row's own id, a number where it is one. `title`, `outlet`, `url`, `published_on`,
    `page_label` are what the format itself states, else "".
    """

    source: str
    media_type: str
    fetched_at: datetime
    sha256: str
    text: str
    encoding: str = ""
    pages: tuple[Span, ...] = ()
    single_article: bool = False
    row_id: str | int = ""
    title: str = ""
    outlet: str = ""
    url: str = ""
    published_on: date | None = None
    page_label: str = ""
    warnings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `text` is frozen: paragraphs joined by "\\n", normalised, columns rejoined.

    `origin` maps `text`, and `head_origin` lists the spans of the headline stack, into the raw
    document. `position`: 0-based order in its document; `front_page`: printed on 第1版 (or unknown
    and first of its page → False).
    """

    id: str
    source: str
    title: str
    text: str
    sentences: tuple[Sentence, ...]
    origin: tuple[Run, ...]
    kicker: str = ""
    subtitle: str = ""
    byline: str = ""
    outlet: str = ""
    url: str = ""
    page_label: str = ""
    published_on: date | None = None
    caption: bool = False
    head_origin: tuple[Span, ...] = ()
    position: int = 0
    front_page: bool = False
    row_id: str | int = ""


@dataclass(frozen=True, slots=True)
class SegmentedDocument:
    """The articles of one document in reading order, and everything that is no part of one."""

    source: str
    articles: tuple[Article, ...]
    dropped: tuple[DroppedBlock, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One event: `lead` is summarised, `reprints` carry the same copy, `reports` are other accounts."""

    lead: Article
    reprints: tuple[Article, ...] = ()
    reports: tuple[Article, ...] = ()

    @property
    def articles(self) -> tuple[Article, ...]:
        return (self.lead, *self.reprints, *self.reports)


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A span of the text (`part` "text") or headline (`part` "title") of one article."""

    article_id: str
    span: Span
    part: str = "text"


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """`fallback`: the engine's sentence failed this check and a source sentence stands instead."""

    text: str
    sources: tuple[SourceRef, ...]
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """`insufficient`: the source says too little to condense (材料不足). `engine`: name@revision; `prompt`:
    name@version#hash. `warnings`: in Chinese, what the engine could not do (a part of the source not read)."""

    article_id: str
    headline: str
    headline_sources: tuple[SourceRef, ...]
    sentences: tuple[SummarySentence, ...]
    engine: str
    prompt: str = ""
    insufficient: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "".join(s.text for s in self.sentences)


class Severity(StrEnum):
    ERROR = "error"  # the sentence may not be printed as it stands
    WARNING = "warning"  # a reader should look
    INFO = "info"


HEADLINE = -1


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says of one summary sentence (`sentence` index, or `HEADLINE`).

    `span` is in the sentence's own text; `evidence` points at what the source says.
    """

    check: str
    severity: Severity
    sentence: int
    span: Span
    message: str
    evidence: tuple[SourceRef, ...] = ()


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One addend of an item's score, with the reason a reader is shown."""

    name: str
    value: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Classification:
    """`area`: one of the configured policy areas; `importance`: 1–5; `areas`: probabilities."""

    area: str
    importance: float
    areas: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierItem:
    """The item of an earlier edition that an item continues (续报). `issue_number` may be empty.

    `first_date`: when the first of the chain was printed; `days`: how many editions carried it before this.
    """

    printed_on: date
    edition: str
    headline: str
    issue_number: str = ""
    lead_id: str = ""
    first_date: date | None = None
    days: int = 1


@dataclass(frozen=True, slots=True)
class BriefingItem:
    """`earlier`: set for a continuing story; its summary then holds only what is new since. `printed`: set in a
    digest, oldest first."""

    story: Story
    summary: Summary
    findings: tuple[Finding, ...]
    area: str
    importance: float
    score: float
    score_parts: tuple[ScorePart, ...] = ()
    earlier: EarlierItem | None = None
    printed: tuple[Printed, ...] = ()


class LeftOutReason(StrEnum):
    """Why an article is not an item of the briefing. The Chinese label stands in the appendix."""

    DUPLICATE = "重复"
    LENGTH = "篇幅"
    INSUFFICIENT = "材料不足"
    ADVERTISEMENT = "广告"
    LOW_QUALITY = "识别质量低"
    CAPTION = "图片说明"
    PRINTED = "往期已刊"
    FAILED = "处理失败"
    UNREADABLE = "无法读取"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One input, article or block that is not an item, and why. `detail` is for readers, in Chinese."""

    title: str
    source: str
    reason: LeftOutReason
    detail: str = ""
    article_id: str = ""
    kept_as: str = ""  # id of the lead article that stands for it


@dataclass(frozen=True, slots=True)
class Section:
    area: str
    items: tuple[BriefingItem, ...]


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """What the briefing keeps of an input, so that a reader can be shown the page."""

    source: str
    media_type: str
    sha256: str
    text: str
    outlet: str = ""
    dropped: tuple[DroppedBlock, ...] = ()


class RunStatus(StrEnum):
    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Skip:
    """An input or article that a stage gave up on; `source` as the user named it."""

    source: str
    stage: str
    zh: str
    en: str
    row_id: str | int = ""


class SourceStatus(StrEnum):
    FETCHED = "fetched"  # everything new is here
    UNCHANGED = "unchanged"  # reached, and nothing is new
    PARTIAL = "partial"  # something could not be read (skips)
    FAILED = "failed"  # could not be reached at all


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One line of the coverage note (来源情况).

    `old`: entries dated before `since`; `known`: entries read in an earlier run. `zh`, `en`: why a source
    failed, else "".
    """

    name: str
    kind: str
    status: SourceStatus
    documents: int = 0
    known: int = 0
    old: int = 0
    skips: tuple[Skip, ...] = ()
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class RunReport:
    status: RunStatus
    skips: tuple[Skip, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    seconds: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """How an issue is dressed: what the office has printed around the items.

    `name`: the ready layout (`briefing/templates/layouts/<name>/`). `mark` (内部参阅) and `serial` (编号)
    stand above the masthead, only where given. `topic`: the title of a layout of one topic.
    `editors_note` 编者按 and `judgement` 研判 are written by a person, never composed. `report_to`,
    `send_to`, `issue_to`: 报、送、发. `copies`: 0 for not said. `appendices`: "sources", "left_out".
    `supplement`: 增刊. `clean`: the reader's copy, without traces.
    """

    name: str = "daily"
    mark: str = ""
    serial: str = ""
    topic: str = ""
    editors_note: str = ""
    judgement: str = ""
    report_to: tuple[str, ...] = ()
    send_to: tuple[str, ...] = ()
    issue_to: tuple[str, ...] = ()
    copies: int = 0
    key_figures: bool = True
    chart: bool = True
    appendices: tuple[str, ...] = ("sources", "left_out")
    supplement: bool = False
    clean: bool = False


@dataclass(frozen=True, slots=True)
class Briefing:
    """Everything a renderer needs; its JSON form is `briefing.json` (docs/formats.md).

    `colophon`: the tail's label and value pairs (编辑, 核稿, 签发 …); an empty value prints as 【待补】.
    `coverage`: the configured sources of a scheduled run; empty for a briefing made from files.
    """

    schema_version: int
    title: str
    date: date
    office: str
    issue_number: str
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...]
    documents: tuple[SourceDocument, ...]
    report: RunReport
    generated_by: tuple[tuple[str, str], ...] = ()
    colophon: tuple[tuple[str, str], ...] = ()
    layout: Layout = Layout()
    coverage: tuple[SourceReport, ...] = ()
    digest: Digest | None = None

    @property
    def items(self) -> tuple[BriefingItem, ...]:
        return tuple(i for s in self.sections for i in s.items)


@dataclass(frozen=True, slots=True)
class Rendered:
    media_type: str
    filename: str
    body: bytes = field(repr=False)

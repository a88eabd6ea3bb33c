"""Builds the made samples and their answers from `samples/source/`: `python samples/make_samples.py`.

A tagged source has one printed line a line, `TAG|TEXT`; blank lines are printed as they are. Tags:
`-REASON` a line that belongs to no article (a DropReason), else the article's number and its role:
k kicker 肩题, t headline, s subtitle 副题, y byline, b paragraph, + the rest of a paragraph that a
column's foot broke, h sub-heading 小标题, c caption, r table row (tab-separated). In a caption `¦`
parts the text from its credit; it is not printed. `=KEY|VALUE` states what the page's masthead says.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import lxml.html
from docx.document import Document

HERE = Path(__file__).resolve().parent
# So that the script runs by its name alone, from anywhere, without an install.
sys.path.insert(0, str(HERE.parent))

from briefing.text.normalise import normalise  # noqa: E402
from samples.pdf_page import MARGIN_POINTS, Placed, set_columns, write_pdf  # noqa: E402

EDGE_CHARS = 20
JOIN_CHARS = 8
# In the zip container and in the document's properties: the built file must not depend on the day.
BUILT_AT = datetime(2025, 9, 19, 8, 0, 0)
_LINE = re.compile(r"(?:-(?P<reason>[a-z]+)|(?P<number>\d+)(?P<role>[ktsybhcr+]))\|(?P<text>.*)")
_INLINE_BYLINE = re.compile(r"^\S{0,16}?[讯电]（([^）]*(?:记者|通讯员)[^）]*)）")


@dataclass(frozen=True)
class Line:
    """One printed line; `number` 0: it belongs to no article, for `reason`."""

    number: int
    role: str
    reason: str
    text: str


@dataclass
class Answer:
    """What a splitter should find of one article, in printed form."""

    lines: dict[str, list[str]] = field(default_factory=lambda: {role: [] for role in "ktsy"})
    paragraphs: list[str] = field(default_factory=list)
    breaks: list[tuple[int, int]] = field(default_factory=list)
    caption: bool = False
    table: bool = False


@dataclass(frozen=True)
class Page:
    """A tagged source: what its masthead states, and its lines (None: a blank one)."""

    facts: dict[str, str]
    lines: list[Line | None]


def read_tagged(path: Path) -> Page:
    """The page in a tagged source. Raises ValueError naming a wrong line."""
    facts: dict[str, str] = {}
    lines: list[Line | None] = []
    for number, row in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if row.startswith("="):
            key, _, value = row[1:].partition("|")
            facts[key] = value
            continue
        if not row:
            lines.append(None)
            continue
        match = _LINE.fullmatch(row)
        if match is None:
            raise ValueError(f"{path.name}:{number}: no tag: {row[:30]}")
        lines.append(Line(int(match["number"] or 0), match["role"] or "", match["reason"] or "", match["text"]))
    return Page(facts, lines)


def page_text(lines: list[Line | None]) -> str:
    """The page as a reader of the file sees it."""
    printed = ("" if line is None else line.text.replace("¦", "").replace("\t", " ") for line in lines)
    return "\n".join(printed) + "\n"


def collect_articles(lines: list[Line | None]) -> dict[int, Answer]:
    """What stands under each article number, in printed form."""
    answers: dict[int, Answer] = {}
    for line in lines:
        if line is None or not line.number:
            continue
        answer = answers.setdefault(line.number, Answer())
        if line.role in answer.lines:
            answer.lines[line.role].append(line.text)
        elif line.role == "+":
            answer.breaks.append((len(answer.paragraphs) - 1, len(answer.paragraphs[-1])))
            answer.paragraphs[-1] += line.text
        else:
            text, _, credit = line.text.partition("¦")
            answer.paragraphs.append(text.strip())
            answer.caption |= line.role == "c"
            answer.table |= line.role == "r"
            if credit:
                answer.lines["y"].append(credit)
    return answers


def plain(text: str) -> str:
    """`text` in the package's normal form without white space: the form that answers are compared in."""
    return re.sub(r"\s", "", normalise(text).text)


def _article(answer: Answer) -> dict[str, Any]:
    body = plain("\n".join(answer.paragraphs))
    byline = normalise(" ".join(answer.lines["y"])).text
    byline = re.sub(r"^[■□●]\s*|\s*摄$", "", byline)
    if not byline and (inline := _INLINE_BYLINE.match(normalise(answer.paragraphs[0]).text)):
        byline = inline[1]
    joins = []
    for paragraph, at in answer.breaks:
        text = answer.paragraphs[paragraph]
        joins.append(plain(text[at - JOIN_CHARS : at + JOIN_CHARS]))
    return {
        "title": normalise("".join(answer.lines["t"])).text,
        "kicker": normalise("".join(answer.lines["k"])).text,
        "subtitle": normalise("".join(answer.lines["s"])).text,
        "byline": byline,
        "body_start": body[:EDGE_CHARS],
        "body_end": body[-EDGE_CHARS:],
        # Table cells are parted differently in every format, so their bodies have no one count.
        "body_chars": None if answer.table else len(body),
        "joins": joins,
        "caption": answer.caption,
    }


def answer_of(page: Page, sample: str) -> dict[str, Any]:
    """The answers file of one sample: its articles in reading order of their bodies, and what is dropped."""
    answers = collect_articles(page.lines)
    dropped = [line for line in page.lines if line is not None and not line.number]
    return {
        "sample": sample,
        **page.facts,
        "articles": [_article(answers[number]) for number in sorted(answers)],
        "dropped": [{"reason": line.reason, "text": normalise(line.text).text} for line in dropped],
    }


def html_answer(path: Path) -> dict[str, Any]:
    """The answers of a web page: its h3 headings part it into items; without any it is one article."""
    tree = lxml.html.document_fromstring(path.read_bytes().decode("utf-8"))
    (content,) = tree.iterfind(".//article")
    # Government sites state the office that an item came from beside the site's own name.
    office = tree.xpath("string(//meta[@name='ContentSource']/@content)")
    site = office or tree.xpath("string(//meta[@property='og:site_name']/@content)")
    answers: list[Answer] = []
    dropped: list[dict[str, str]] = []
    heads = [node for node in content if node.tag in ("h1", "h3")]
    digest = any(node.tag == "h3" for node in heads)
    for node in content:
        text = re.sub(r"\s+", " ", node.text_content()).strip()
        if node.tag == ("h3" if digest else "h1"):
            answers.append(Answer())
            answers[-1].lines["t"].append(re.sub(r"^\d+\.\s*", "", text))
        elif node.tag == "p" and answers and not re.match("责任编辑|声明", text):
            answers[-1].paragraphs.append(text)
        else:
            dropped.append({"reason": "boilerplate", "text": normalise(text).text})
    return {
        "sample": path.name,
        "outlet": site,
        "published_on": "2025-09-19" if digest else "2025-09-18",
        "page_label": "",
        "articles": [_article(answer) for answer in answers],
        "dropped": dropped,
    }


def markdown_text(lines: list[Line | None]) -> str:
    """A bulletin as Markdown: its name a first-level heading, items second, sub-headings third."""
    out: list[str] = []
    columns = 0
    for at, line in enumerate(lines):
        if line is None:
            out.append("")
        elif line.role == "r":
            cells = line.text.split("\t")
            out.append("| " + " | ".join(cells) + " |")
            if not columns:
                columns = len(cells)
                out.append("|" + " --- |" * columns)
        else:
            mark = {"t": "## ", "h": "### "}.get(line.role, "# " if at == 0 else "")
            out.append(mark + line.text)
            columns = 0
            if line.reason:
                out.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).rstrip() + "\n"


def word_document(lines: list[Line | None]) -> bytes:
    """The same bulletin as a Word file, with heading styles and a real table."""
    document: Document = docx.Document()
    rows: list[list[str]] = []
    for at, line in enumerate([*lines, None]):
        if line is not None and line.role == "r":
            rows.append(line.text.split("\t"))
            continue
        if rows:
            table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
            for row, cells in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
            rows = []
        if line is None:
            continue
        if at == 0:
            document.add_heading(line.text, level=0)
        elif line.role in "th" and line.role:
            document.add_heading(line.text, level=1 if line.role == "t" else 2)
        else:
            document.add_paragraph(line.text)
    properties = document.core_properties
    properties.author = properties.last_modified_by = "安澜市农业农村局办公室"
    properties.title = "农业农村工作简报第23期"
    properties.created = properties.modified = BUILT_AT
    saved = BytesIO()
    document.save(saved)
    return _with_fixed_times(saved.getvalue())


def pdf_page_of(lines: list[Line | None]) -> bytes:
    """A page with its masthead above two columns of articles and its credits below."""
    printed = [line for line in lines if line is not None]
    name, date, *rest = printed
    head = [Placed(MARGIN_POINTS, 780, 24, name.text), Placed(MARGIN_POINTS, 752, 9, date.text)]
    columns = set_columns([(line.role, line.text) for line in rest if line.number])
    foot = min(line.y for line in columns) - 30
    credits = [Placed(MARGIN_POINTS, foot, 9, line.text) for line in rest if not line.number]
    return write_pdf([*head, *columns, *credits])


def _with_fixed_times(archive: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            entry = zipfile.ZipInfo(info.filename, BUILT_AT.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(info.filename))
    return out.getvalue()


def _json(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False, indent=1).encode() + b"\n"


def build() -> dict[str, bytes]:
    """Every built file by its path under `samples/`."""
    files: dict[str, bytes] = {}

    def answer(name: str, page: Page, sample: str) -> None:
        files[f"answers/{name}.json"] = _json(answer_of(page, sample))

    county = read_tagged(HERE / "source/county-paper.tagged")
    files["county-paper.txt"] = page_text(county.lines).encode()
    answer("county-paper", county, "county-paper.txt")
    for paper in ("anlan", "yuedong"):
        page = read_tagged(HERE / f"source/wire-{paper}.tagged")
        files[f"wire-copies/{paper}-daily.txt"] = page_text(page.lines).encode()
        answer(f"{paper}-daily", page, f"wire-copies/{paper}-daily.txt")
        if paper == "anlan":
            # Line ends and byte order marks as the office programs that write these encodings leave them.
            files["hostile/gb18030.txt"] = page_text(page.lines).replace("\n", "\r\n").encode("gb18030")
            files["hostile/utf-16.txt"] = page_text(page.lines).replace("\n", "\r\n").encode("utf-16-le")
            files["hostile/utf-16.txt"] = b"\xff\xfe" + files["hostile/utf-16.txt"]
    bulletin = read_tagged(HERE / "source/department-bulletin.tagged")
    files["department-bulletin.md"] = markdown_text(bulletin.lines).encode()
    files["department-bulletin.docx"] = word_document(bulletin.lines)
    answer("department-bulletin", bulletin, "department-bulletin.docx")
    evening = read_tagged(HERE / "source/evening-paper.tagged")
    files["evening-paper.pdf"] = pdf_page_of(evening.lines)
    answer("evening-paper", evening, "evening-paper.pdf")
    for name in ("web-digest", "web-article"):
        files[f"answers/{name}.json"] = _json(html_answer(HERE / f"{name}.html"))
    files["hostile/big5.txt"] = (HERE / "source/big5.utf8").read_text("utf-8").encode("big5")
    return files


def main() -> None:
    for name, body in build().items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        print(f"{len(body):>7} {name}")


if __name__ == "__main__":
    main()

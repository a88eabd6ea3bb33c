"""The view as Word paragraphs and tables, in the order of the other formats; the tail on the last page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from briefing.render.docx_package import TEXT_WIDTH, add_comment, commented
from briefing.render.docx_styles import LINE_POINTS, RED, STYLES
from briefing.render.docx_xml import (
    TWIPS_PER_POINT,
    Element,
    bookmark,
    border,
    box_at_page_foot,
    cell,
    keep_with_next,
    link,
    make,
    name,
    no_indent,
    paragraph,
    row,
    runs,
    table,
    value,
)
from briefing.render.titles import Lines, Titles, titles_of
from briefing.render.view import BriefingView, ItemView, SentenceView
from briefing.render.wording import quoted

RULE_POINTS = 2.25  # red rule under the masthead; custom, no standard
OUTER_RULE_POINTS, INNER_RULE_POINTS = 0.992, 0.709  # 0.35 and 0.25 mm (GB/T 9704-2012, 7.4)
_TAIL = next(s for s in STYLES if s.id == "Tail")
_TITLE_LINE = round(next(s.line for s in STYLES if s.id == "Title") * TWIPS_PER_POINT)
_HALF = TEXT_WIDTH // 2
_HAIR = 20  # twips of a paragraph that has to be there and not to be seen
_CELL_MARGIN = 57  # 1 mm
_TAIL_ROOM = 100  # a row's padding and rules, twips
_BAR_COLOR, _BAR_GAP, _BAR_HEIGHT, _BAR_ROW = "8C1D18", 60, 280, 400
_ITEM_STYLES = {"areas": "Heading2", "topic": "Heading1", "plain": "PlainItem"}
_WITH_TAIL = 2  # paragraphs or rows: the last may be one line, such as a source
_SHORT = 180  # characters: seven lines of body text, four of small print


def build_body(view: BriefingView, document: Any) -> Iterator[Element]:
    """Every block in order. `document` takes the comments that say where sentences come from."""
    blocks = list(_text(view, document))
    tail = list(_tail(view))
    if tail:
        _keep_with_tail(blocks)
    yield from blocks
    yield from tail


def _text(view: BriefingView, document: Any) -> Iterator[Element]:
    titles = titles_of(view)
    yield from _masthead(titles)
    yield from _notice(view)
    yield from _opening(titles)
    yield from _contents(titles)
    yield from _sections(titles, document)
    yield from _figures(view)
    yield from _areas(view)
    yield from _digest(view)
    for i, appendix in enumerate(view.dress.appendices):
        # The first starts a page, so that the issue can be handed on without the appendices.
        if i:
            yield _blank()
        yield paragraph("AppendixTitle", appendix.heading, [] if i else [make("w:pageBreakBefore")])
        yield from APPENDICES[appendix.kind](view)
    if not view.clean:
        yield from _made(view)


def _keep_with_tail(blocks: Sequence[Element]) -> None:
    """The tail does not stand on a page alone: what ends the text goes with it.

    Not a long paragraph: LibreOffice 7.4 moves the whole of it to the tail's page.
    """
    for block in reversed(blocks[-_WITH_TAIL:]):
        # Of a table the last rows only, or a long one could not be broken.
        rows = block.findall(name("w:tr"))[-_WITH_TAIL:]
        paragraphs = [p for line in rows or [block] for p in line.iter(name("w:p"))]
        if any(len("".join(p.itertext())) > _SHORT for p in paragraphs):
            break
        for each in paragraphs:
            keep_with_next(each)


def _title(lines: Lines) -> list[Element]:
    """Runs, with a line break where the PDF has one too."""
    found: list[Element] = []
    for i, words in enumerate(lines):
        found += [make("w:r", None, [make("w:br")])] if i else []
        found += runs("".join(words))
    return found


def _masthead(titles: Titles) -> Iterator[Element]:
    view, dress = titles.view, titles.view.dress
    red = dress.form.masthead == "red"
    rule = [border("bottom", RULE_POINTS if red else OUTER_RULE_POINTS, RED if red else "000000")]
    right = TEXT_WIDTH - _HALF
    lines = []
    if dress.mark or dress.serial:
        lines.append(
            row(
                [cell(_HALF, [paragraph("Mark", dress.mark)]), cell(right, [paragraph("Serial", dress.serial)])]
            )
        )
    style = ("Masthead" if red else "MastheadPlain") + ("Wide" if titles.masthead_is_long else "")
    title = paragraph(style, _title(titles.masthead()))
    office = cell(_HALF, [paragraph("Office", view.office)], borders=rule)
    lines += [
        row([cell(TEXT_WIDTH, [title], span=2)]),
        row([cell(TEXT_WIDTH, [paragraph("Issue", view.issue)], span=2)]),
        row([office, cell(right, [paragraph("Date", view.date)], borders=rule)]),
    ]
    # LibreOffice 7.4 puts an empty line before a table that opens a document; before this it does not.
    yield paragraph("Nothing", (), [_exactly(_HAIR)])
    yield table([_HALF, right], lines, told=("报头", "简报名称、期号、编印单位与日期"))
    # With the rule one line, so that the first page too holds 22.
    yield paragraph("Nothing", (), [_exactly(round((LINE_POINTS - RULE_POINTS - 1) * TWIPS_PER_POINT) - _HAIR)])


def _blank() -> Element:
    """An empty line; it also keeps two tables apart, which Word would join."""
    return paragraph("Nothing")


def _notice(view: BriefingView) -> Iterator[Element]:
    if not view.notice.headline:
        return
    yield paragraph("Findings", view.notice.headline)
    for skip in view.notice.skips:
        yield paragraph("Findings", f"{skip.source}（{skip.stage}）：{skip.message}")
    yield _blank()


def _opening(titles: Titles) -> Iterator[Element]:
    """The topic's title, the judgement, the note that a person wrote for this issue."""
    view, dress = titles.view, titles.view.dress
    if dress.topic:
        # Title and what follows it: whole lines of the grid, so that the page goes on holding 22.
        topic = titles.topic()
        yield paragraph("Title", _title(topic))
        line = LINE_POINTS * TWIPS_PER_POINT
        rest = -len(topic) * _TITLE_LINE % line
        yield paragraph("Nothing", (), [_exactly(round(rest if rest > line / 4 else rest + line))])
    if dress.judgement:
        yield paragraph("Judgement", runs(dress.judgement.heading, "Label") + runs(dress.judgement.text))
        yield _blank()
    if view.digest:
        yield paragraph("Normal", view.digest.lead)
        yield _blank()
    for i, text in enumerate(dress.editors_note):
        yield paragraph("Note", runs("" if i else "【编者按】", "Label") + runs(text))
    if dress.editors_note:
        yield _blank()


def _contents(titles: Titles) -> Iterator[Element]:
    view = titles.view
    if not view.items:
        yield paragraph("Nothing", "本期无可选编的材料。")
    if not view.contents:
        return
    yield paragraph("ContentsTitle", "【本期要目】")
    for section in view.sections:
        if section.heading:
            yield paragraph(
                "ContentsArea", [link(f"section_{section.number}", _title(titles.contents_section(section)))]
            )
        for item in section.items:
            text = [*runs(item.ordinal), *_title(titles.contents(item))]
            yield paragraph("ContentsItem", [link(f"item_{item.number}", text)])
    yield _blank()


def _sections(titles: Titles, document: Any) -> Iterator[Element]:
    view = titles.view
    for section in view.sections:
        if section.heading:
            heading = bookmark(section.number, f"section_{section.number}", _title(titles.section(section)))
            flush = [no_indent()] if view.dress.form.numbering == "plain" else []
            yield paragraph("Heading1", heading, flush)
        for item in section.items:
            yield from _item(item, titles, document)


def _item(item: ItemView, titles: Titles, document: Any) -> Iterator[Element]:
    view = titles.view
    # Bookmarks need numbers of their own: sections count from 1, items from 10,001.
    headline = _title(titles.headline(item))
    heading = bookmark(10_000 + item.number, f"item_{item.number}", [*runs(item.ordinal), *headline])
    yield paragraph(_ITEM_STYLES[view.dress.form.numbering], heading)
    if item.insufficient:
        yield paragraph("Normal", runs(item.insufficient, "Label"))
    if item.entries:
        yield paragraph("Normal", item.span)
        for entry in item.entries:
            words = [r for s in item.sentences_of(entry) for r in _sentence(s, view, document)]
            yield paragraph("Normal", [*runs(entry.label, "Label"), *runs("："), *words])
    elif item.sentences:
        yield paragraph("Normal", [r for s in item.sentences for r in _sentence(s, view, document)])
    yield paragraph("Source", item.source_line)
    if not view.clean:
        yield from _findings(item)


def _sentence(sentence: SentenceView, view: BriefingView, document: Any) -> list[Element]:
    """The words, in the editor's copy with a comment on their source and the flag after them."""
    content = runs(sentence.text)
    if view.clean:
        return content
    if sentence.trace.excerpts and not sentence.key.endswith("-0"):
        content = commented(add_comment(document, trace_text(sentence)), content)
    return content + runs(sentence.mark, "Flag")


def trace_text(sentence: SentenceView) -> str:
    """What stands in the comment, as in the footnotes of the Markdown form."""
    excerpts = "".join(quoted(words) for words in sentence.trace.excerpts)
    return f"原文： {excerpts}" + "".join(f"（{place}）" for place in sentence.trace.places)


def _findings(item: ItemView) -> Iterator[Element]:
    if not (item.findings or item.marks):
        return
    yield paragraph("Findings", runs("核验提示", "Label"), [make("w:keepNext")])
    for mark in item.marks:
        yield paragraph("Findings", f"{mark.place}{mark.mark}{mark.reason}。")
    for finding in item.findings:
        text = f"{finding.place}【{finding.level}·{finding.check}】{finding.message}"
        text += f"（涉及{quoted(finding.words)}）" if finding.words else ""
        evidence = "".join(quoted(words) for words in finding.evidence)
        yield paragraph("Findings", text + (f"；原文：{evidence}" if evidence else ""))


def _grid(heads: Sequence[tuple[str, int]], lines: Sequence[Sequence[str]], name: str) -> Element:
    """A ruled table. `heads`: title and width in per cent of the line."""
    told = (name, f"{'、'.join(text for text, _ in heads)}，共{len(lines)}行")
    widths = [TEXT_WIDTH * share // 100 for _, share in heads]
    widths[-1] += TEXT_WIDTH - sum(widths)
    # Open at the sides: 1 pt above, 0.75 pt below the head, 0.5 pt between rows, as in the PDF.
    head_rules = [border("top", 1), border("bottom", 0.75)]
    heads_row = [
        cell(w, [paragraph("TableHead", text)], borders=head_rules)
        for w, (text, _) in zip(widths, heads, strict=True)
    ]
    rows = [row(heads_row, header=True)]
    for line in lines:
        cells = [cell(w, [paragraph("TableCell", text)]) for w, text in zip(widths, line, strict=True)]
        rows.append(row(cells))
    return table(
        widths, rows, borders=[border("bottom", 0.5), border("insideH", 0.5)], margins=(40, 60), told=told
    )


def _figures(view: BriefingView) -> Iterator[Element]:
    if not view.dress.figures:
        return
    yield _blank()
    yield paragraph("TableTitle", "【主要数据】")
    lines = [(f.indicator, f.value, f.change, f"第{f.item_number}条，{f.source}") for f in view.dress.figures]
    yield _grid((("指标", 34), ("数值", 18), ("同比等变化", 22), ("出处", 26)), lines, "主要数据")


def _areas(view: BriefingView) -> Iterator[Element]:
    """Items by area as bars: shaded lines of a table, which every word processor draws alike."""
    areas = view.dress.areas
    if not areas:
        return
    yield _blank()
    yield paragraph("TableTitle", "【各领域条数】")
    widths = [TEXT_WIDTH * 28 // 100, TEXT_WIDTH * 60 // 100]
    widths.append(TEXT_WIDTH - sum(widths))
    most = max(count for _, count in areas)
    rows = []
    for label, count in areas:
        shade = make("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": _BAR_COLOR})
        right = round((widths[1] - 2 * _CELL_MARGIN) * (1 - count / most))
        bar = paragraph(
            "TableCell",
            (),
            [shade, _exactly(_BAR_HEIGHT, before=_BAR_GAP), make("w:ind", {"w:left": 0, "w:right": right})],
        )
        texts = [paragraph("TableCell", label), bar, paragraph("TableCell", f"{count}")]
        rows.append(row([cell(w, [p]) for w, p in zip(widths, texts, strict=True)], height=_BAR_ROW))
    counts = "；".join(f"{label}{count}条" for label, count in areas)
    yield table(widths, rows, margins=(0, _CELL_MARGIN), told=("各领域条数", counts))


def _digest(view: BriefingView) -> Iterator[Element]:
    """What a digest counts over its editions."""
    digest = view.digest
    if digest is None:
        return
    if digest.figures:
        yield _blank()
        yield paragraph("TableTitle", "【主要数据】")
        lines = [(f.indicator, f.value, f.change, f.source) for f in digest.figures]
        yield _grid((("指标", 30), ("数值", 18), ("同比等变化", 20), ("出处", 32)), lines, "主要数据")
    yield _blank()
    yield paragraph("TableTitle", "【各领域条数】")
    yield _grid((("领域", 40), ("本期", 20), (digest.before, 20), ("增减", 20)), digest.areas, "各领域条数")
    for title, said in (("【更正与撤换】", digest.corrections), ("【出刊与来源情况】", digest.coverage)):
        if said:
            yield _blank()
            yield paragraph("TableTitle", title)
            yield from (paragraph("Normal", line) for line in said)


def _sources(view: BriefingView) -> Iterator[Element]:
    lines = []
    for item in view.items:
        for i, article in enumerate(item.articles):
            headline = "同上" if i else item.headline.text
            lines.append((str(item.number), headline, article.source, article.title_text))
    if lines:
        yield _grid((("序号", 9), ("条目", 33), ("来源", 26), ("原题", 32)), lines, "来源一览")
    yield paragraph("Small", view.overview)


def _left_out(view: BriefingView) -> Iterator[Element]:
    if view.left_out:
        lines = []
        for entry in view.left_out:
            kept = f"（并入第{entry.item_number}条）" if entry.item_number else ""
            lines.append((entry.title, entry.source, entry.reason, entry.detail + kept))
        yield _grid((("标题", 34), ("来源", 20), ("原因", 16), ("说明", 30)), lines, "未采用材料")
    else:
        yield paragraph("Normal", "无。", [no_indent()])
    if view.drops:
        yield paragraph("Small", "版面上不属于新闻正文而剔除的文字：")
        for drop in view.drops:
            yield paragraph("Small", f"{drop.source}：{'、'.join(drop.kinds)}")


def _made(view: BriefingView) -> Iterator[Element]:
    yield paragraph("Small", view.check_statement)
    if view.generated_by:
        yield paragraph("Small", "；".join(view.generated_by) + "。")


APPENDICES: dict[str, Callable[[BriefingView], Iterator[Element]]] = {
    "sources": _sources,
    "left_out": _left_out,
}


def _tail(view: BriefingView) -> Iterator[Element]:
    """版记 as a table in a box that stands at the foot of the last page.

    The paragraph that holds the box is as high as the box, so that where the text comes too near, both go
    to the next page. A floating table would do without the box, but it pushes the text that it meets, and
    with it its own anchor.
    """
    dress = view.dress
    if not dress.form.tail:
        return
    lists = [paragraph("TailList", f"{label}：{names}") for label, names in dress.distribution]
    outer, inner = border("top", OUTER_RULE_POINTS), border("top", INNER_RULE_POINTS)
    rows = [row([cell(TEXT_WIDTH, lists, span=2, borders=[outer])])] if lists else []
    edges = [inner if lists else outer, border("bottom", OUTER_RULE_POINTS)]
    signers = "　".join(f"{label}：{person}" for label, person in dress.colophon)
    copies = f"（{dress.copies}）"
    right = round((len(copies) + 1) * _TAIL.size * TWIPS_PER_POINT)
    widths = [TEXT_WIDTH - right, right]
    last = [paragraph("Tail", signers), paragraph("Tail", copies, [value("w:jc", "right")])]
    beside = _tail_lines(signers, widths[0], 2) == 1
    if beside:
        last = [last[0], paragraph("Tail", copies, [no_indent(), value("w:jc", "right")])]
        rows.append(row([cell(w, [p], borders=edges) for w, p in zip(widths, last, strict=True)]))
    else:
        rows.append(row([cell(TEXT_WIDTH, last, span=2, borders=edges)]))
    count = sum(_tail_lines(f"{label}：{names}", TEXT_WIDTH, 4) for label, names in dress.distribution)
    count += 1 if beside else 1 + _tail_lines(signers, TEXT_WIDTH, 2)
    height = round(count * _TAIL.line * TWIPS_PER_POINT) + _TAIL_ROOM * len(rows)
    told = ("版记", "报送范围、编辑、核稿、签发与印数")
    content = [table(widths, rows, margins=(40, 0), told=told), paragraph("Tail", (), [_exactly(_HAIR)])]
    box = box_at_page_foot(content, TEXT_WIDTH, height, "版记")
    yield paragraph("Tail", [box], [_exactly(height), no_indent()])


def _exactly(twips: int, before: int = 0) -> Element:
    return make("w:spacing", {"w:before": before, "w:after": 0, "w:line": twips, "w:lineRule": "exact"})


def _tail_lines(text: str, width: int, indent: int) -> int:
    """Lines that `text` takes in the tail, `indent` characters in; any character is at most 14 pt wide."""
    room = width // round(_TAIL.size * TWIPS_PER_POINT) - indent
    return max(1, -(-len(text) // room))

"""Makes damaged newspaper pages, with the true label of every line, out of whole articles.

What OCR and text layers do to a page (columns broken in mid-sentence, headlines split or displaced, half-width
marks, wrong characters, hard-wrapped lines) and what editors put between articles (segment_furniture.py) is
drawn at random, in many styles, so that no one paper's habits are learned. Own work, as are the phrases.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

import jieba
from segment_furniture import (
    Style,
    bulletin_head,
    bulletin_tail,
    byline,
    furniture,
    masthead,
    name,
    number_head,
    table_rows,
)
from segment_phrases import CITIES

jieba.setLogLevel(60)

HEAD, HEAD_CONT, START, PARA, CONT, SUB, BYLINE, FURNITURE = range(8)
LABELS = ("head", "head_cont", "start", "para", "cont", "sub", "byline", "furniture")


@dataclass(frozen=True)
class Line:
    """One line as printed; `article` -1 for furniture. `blank`: an empty line goes before it. `run_in`: text
    that goes on in the same line behind a headline (【…】…)."""

    text: str
    label: int
    article: int
    blank: bool
    run_in: str = ""


@dataclass
class Piece:
    """An article before printing: head lines (each perhaps in parts), then body rows."""

    heads: list[str]
    paras: list[str]
    caption: bool = False


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
    tight = rng.random() < 0.07
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


def article_lines(piece: Piece, k: int, style: Style, rng: random.Random, *, headed: bool) -> list[Line]:
    """The lines of the k-th article of a page, with stray furniture and bylines between."""
    rows = body_rows(piece, style, rng)
    lines: list[Line] = []
    if headed:
        lines += head_lines(piece, k, style, rng)
    dated = bool(rows) and bool(_DATELINE.match(rows[0][0]))
    if not piece.caption and rows and not dated and rng.random() < style.byline_chance:
        lines.append(Line(byline(style, rng), BYLINE, k, True))
    for text, label in rows:
        lines.append(Line(text, label, -1 if label == FURNITURE else k, not style.dense))
        if rng.random() < (0.03 if style.numbered else 0.001):
            lines += [Line(row, SUB, k, j == 0) for j, row in enumerate(table_rows(rng))]
        if label != SUB and rng.random() < 0.012:
            lines.append(Line(furniture(style, rng)[0], FURNITURE, -1, not style.dense))
    if not piece.caption and rng.random() < 0.03:
        lines.append(Line(byline(style, rng), BYLINE, k, not style.dense))
    return lines


def head_lines(piece: Piece, k: int, style: Style, rng: random.Random) -> list[Line]:
    return [Line(text, label, k, blank) for text, label, blank in head_rows(piece.heads, style, rng, k)]


def loose_lines(texts: list[str]) -> list[Line]:
    return [Line(text, FURNITURE, -1, True) for text in texts]


def make_page(pieces: list[Piece], style: Style, rng: random.Random) -> list[Line]:
    """The page's lines in printed order: some headlines displaced (mostly to the end), a few lost."""
    count = rng.choice([0, 0, 0, 1, 1, 2]) if len(pieces) > 1 else 0
    candidates = [k for k, p in enumerate(pieces) if p.heads]
    moved = set(rng.sample(candidates, min(count, len(candidates))))
    lost = {k for k in range(len(pieces)) if len(pieces) > 1 and rng.random() < 0.05}
    blocks = [
        article_lines(piece, k, style, rng, headed=k not in moved | lost) for k, piece in enumerate(pieces)
    ]
    for k in moved:
        at = len(blocks) if rng.random() < 0.72 else rng.randint(0, len(blocks))
        blocks.insert(at, head_lines(pieces[k], k, style, rng))
    page: list[Line] = []
    if style.numbered and rng.random() < 0.8:
        page += loose_lines(bulletin_head(rng))
    elif rng.random() < 0.55:
        page += loose_lines(masthead(style, rng))
    for block in blocks:
        if rng.random() < style.furniture_chance:
            for _ in range(rng.choice([1, 1, 1, 2])):
                page += loose_lines(furniture(style, rng))
        page += block
    if style.numbered and rng.random() < 0.5:
        page += loose_lines(bulletin_tail(rng))
    elif rng.random() < 0.3:
        page += loose_lines(furniture(style, rng))
    return page


# Label of the further lines of a wrapped line; of all others CONT.
_REST = {HEAD: HEAD_CONT, HEAD_CONT: HEAD_CONT, FURNITURE: FURNITURE, BYLINE: BYLINE}


def print_page(page: list[Line], style: Style, rng: random.Random) -> tuple[str, list[Line]]:
    """The raw text, and the printed lines of it (wrapped lines as CONT) without the empty ones."""
    pool = "".join(line.text for line in page)[:4000]
    wrapped_blanks = rng.random() < 0.5
    printed: list[Line] = []
    for line in page:
        text = narrow(wrong(line.text, style, rng, pool) + line.run_in, style)
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
                label = line.label if j == 0 else CONT if line.run_in else _REST.get(line.label, CONT)
                printed.append(Line(part, label, line.article, blank and j == 0, line.run_in if j == 0 else ""))
    out: list[str] = []
    for line in printed:
        if line.blank and out:
            out.append("")
        out.append(line.text)
    return "\n".join(out), printed

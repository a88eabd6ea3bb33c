"""Makes pages of short items (简讯、要闻速览、早报), and documents of one subject in short sections that look
just like them, out of whole articles. Own work.

An item is a headline with one or two sentences; a document keeps the sub-headings of a long article, each with
as little text. Both are printed in the same ways, so only their words tell the one from the other.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from segment_damage import (
    FURNITURE,
    HEAD,
    HEAD_CONT,
    PARA,
    START,
    SUB,
    Line,
    Piece,
    break_place,
    is_sub,
    loose_lines,
    make_page,
    redate,
)
from segment_furniture import Style, bulletin_head, bulletin_tail, byline, furniture, masthead, name
from segment_phrases import CHINESE_NUMBERS, CITIES, DIGEST_GREETINGS, DIGEST_NAMES, DIGEST_NOTES

MAX_ITEMS = 60
_SENTENCE = re.compile(r"[^。！？]+[。！？][”’）]?")
_SENDER = re.compile(r"^(?:央视网消息|新华网|人民网)[^：。]{0,10}[：:]")
_BRACKETED = re.compile(r"^【[^】]*】")
_DATE = re.compile(r"^(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:上午|下午|晚)?，")
_OPENINGS = (
    "{m}月{d}日，",
    "今年以来，",
    "据介绍，",
    "近日，",
    "截至{m}月底，",
    "目前，",
    "{m}月{d}日上午，",
    "据了解，",
    "据统计，",
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True)
class Print:
    """How one page of short items is printed. `number`: before every headline; `run_in`: 【headline】text on
    one line; `bare`: items without headlines; blank lines before an item, and between headline and text."""

    number: str
    run_in: bool
    bare: bool
    blank_items: bool
    blank_inside: bool
    report: str


def draw_print(rng: random.Random) -> Print:
    kind = rng.random()
    numbers = ["1. ", "1.", "1、", "①", "▲", "●", "■ ", "一、", "- ", "【】", "（1）", "◆ "]
    number = rng.choice(numbers) if rng.random() < 0.55 else ""
    if rng.random() < 0.06:
        number = rng.choice(["## ", "### "])
    bare = kind < 0.16
    blank_items = rng.random() < 0.7
    return Print(
        number=rng.choice(["1. ", "1、", "1.", "①", "● ", "▲", "- ", "（1）", "1、", ""]) if bare else number,
        run_in=0.16 <= kind < 0.32,
        bare=bare,
        blank_items=blank_items,
        blank_inside=blank_items and rng.random() < 0.6,
        report=rng.choice(["", "", "", "", "本报讯", "本报讯（）", "mixed"]),
    )


def numbered(k: int, form: str) -> str:
    """What stands before the k-th item."""
    if form == "①":
        return _CIRCLED[k % 20]
    if form == "一、":
        return f"{CHINESE_NUMBERS[k % 20]}、"
    return form.replace("1", str(k + 1)) if "1" in form else form


def short_text(paras: Sequence[str], rng: random.Random) -> str:
    """The first one or two sentences that together have 25–170 characters, "" when there are none."""
    first = _SENDER.sub("", paras[0])
    limit = rng.choice([60, 90, 130, 170])
    text = ""
    for sentence in _SENTENCE.findall(first):
        if text and (len(text + sentence) > limit or rng.random() < 0.25):
            break
        text += sentence
    return text if 25 <= len(text) <= 170 else ""


def item_of(piece: Piece, rng: random.Random, *, hard: bool = False) -> Piece | None:
    """A short item, or None when the article gives none. `hard`: some have another paragraph for their text, or
    lose their date (measured on; training on such items made those of other papers worse: LOG.md)."""
    heads = [_BRACKETED.sub("", h) for h in piece.heads]
    heads = [h for h in heads if 6 <= len(h) <= 34 and not h.startswith(("——", "（"))]
    text = short_text(piece.paras, rng)
    if hard and len(piece.paras) > 2 and rng.random() < 0.4:
        text = short_text([rng.choice(piece.paras[1:])], rng) or text
    if hard and rng.random() < 0.2:
        text = _DATE.sub("", text)
    if piece.caption or not heads or not text:
        return None
    head = max(heads, key=lambda h: (min(len(h), 14), -len(h)))
    paras = [text]
    if len(piece.paras) > 1 and rng.random() < 0.12:
        second = short_text(piece.paras[1:], rng)
        paras += [second] if second else []
    return Piece([head], paras)


def sections_of(piece: Piece, rng: random.Random, *, hard: bool = False) -> Piece | None:
    """A document of one subject in short sections, or None when the article has no sub-headings. `hard`: some
    sections begin with a date, as items do."""
    paras: list[str] = []
    wait, subs = True, 0
    intro = rng.random() < 0.85
    dated = rng.choice([0.0, 0.0, 0.3, 0.6]) if hard else 0.0
    for para in piece.paras:
        if is_sub(para):
            if paras and is_sub(paras[-1]):
                return None
            paras.append(para)
            wait, subs = True, subs + 1
        elif wait and (subs or intro):
            text = short_text([para], rng) if rng.random() < 0.8 else para
            if text:
                opening = (
                    rng.choice(_OPENINGS) if dated and rng.random() < dated and text[0] not in "“——（" else ""
                )
                paras.append(opening.format(m=rng.randint(1, 12), d=rng.randint(1, 28)) + text)
                wait = rng.random() < 0.12
    if subs < 2 or piece.caption or not piece.heads or is_sub(paras[-1]):
        return None
    heads = [h for h in piece.heads if not h.startswith("（")]
    return Piece(heads[: rng.choice([1, 1, 2, 3])], paras) if heads else None


def reported(text: str, style: Style, how: Print, rng: random.Random) -> str:
    """The text with or without a dateline."""
    dated = redate(text, style, rng)
    if dated != text or re.match(r"^(?:本报|新华社)", text):
        return dated
    form = how.report if how.report != "mixed" else rng.choice(["", "本报讯", "本报讯（）", "电"])
    who = rng.choice(["记者", "通讯员", "记者"])
    return {
        "": "",
        "本报讯": rng.choice(["本报讯 ", "本报讯"]),
        "本报讯（）": f"本报讯（{who} {name(rng)}）",
        "电": f"新华社{rng.choice(CITIES)}{rng.randint(1, 12)}月{rng.randint(1, 28)}日电 ",
    }[form] + text


def item_lines(
    piece: Piece, k: int, place: int, how: Print, style: Style, rng: random.Random
) -> Iterator[Line]:
    """The lines of the item `place` of a column; `k`: number of the article on its page."""
    paras = [reported(piece.paras[0], style, how, rng), *piece.paras[1:]]
    head = piece.heads[0]
    number = numbered(place, how.number) if how.number != "【】" else ""
    if how.bare:
        text = paras[0]
        if number and rng.random() < 0.3:
            text = rng.choice([head, head + "。", head + "；"])
        yield Line(number + text, START, k, how.blank_items)
        return
    if how.run_in:
        yield Line(f"{number}【{head}】", HEAD, k, how.blank_items, run_in=paras[0])
    else:
        head = f"【{head}】" if how.number == "【】" else head
        if len(head) > 14 and rng.random() < style.split_head_chance / 3:
            cut = break_place(head, rng)
            yield Line(number + head[:cut].rstrip(), HEAD, k, how.blank_items)
            yield Line(head[cut:].lstrip(), HEAD_CONT, k, blank=False)
        else:
            yield Line(number + head, HEAD, k, how.blank_items)
        yield Line(paras[0], START, k, how.blank_inside)
    for para in paras[1:]:
        yield Line(para, PARA, k, how.blank_inside)


def short_page(items: Sequence[Piece], style: Style, rng: random.Random) -> list[Line]:
    """A page of nothing but short items."""
    how = draw_print(rng)
    page = digest_head(style, rng)
    chance = rng.choice([0.0, 0.0, 0.04])
    for k, item in enumerate(items):
        page += item_lines(item, k, k, how, style, rng)
        if rng.random() < chance:
            page += loose_lines(furniture(style, rng))
    return page + digest_tail(style, rng)


def digest_head(style: Style, rng: random.Random) -> list[Line]:
    kind = rng.random()
    if kind < 0.3:
        return []
    if kind < 0.42:
        return loose_lines(bulletin_head(rng))
    if kind < 0.52:
        return loose_lines(masthead(style, rng))
    title = rng.choice(DIGEST_NAMES).format(c=rng.choice(CITIES), m=rng.randint(1, 12), d=rng.randint(1, 28))
    lines = [rng.choice(["", "", "# ", "【"]) + title]
    if lines[0].startswith("【"):
        lines[0] += "】"
    if rng.random() < 0.45:
        greeting = rng.choice(DIGEST_GREETINGS)
        lines.append(greeting.format(c=rng.choice(CITIES), m=rng.randint(1, 12), d=rng.randint(1, 28)))
    return loose_lines(lines)


def digest_tail(style: Style, rng: random.Random) -> list[Line]:
    kind = rng.random()
    if kind < 0.6:
        return []
    if kind < 0.75:
        return loose_lines(bulletin_tail(rng))
    if kind < 0.9:
        return loose_lines([rng.choice(DIGEST_NOTES).format(n=name(rng))])
    return loose_lines(furniture(style, rng))


def mixed_page(pieces: list[Piece], items: Sequence[Piece], style: Style, rng: random.Random) -> list[Line]:
    """An ordinary page with a column of short items between, before or after its articles."""
    page = make_page(pieces, style, rng)
    how = draw_print(rng)
    column = loose_lines([rng.choice(["简讯", "短讯", "要闻速览", "一句话新闻", "快讯", "短波", "简讯"])])
    column = column if rng.random() < 0.7 or how.bare else []
    for place, item in enumerate(items):
        column += item_lines(item, len(pieces) + place, place, how, style, rng)
    places = [i for i, line in enumerate(page) if _begins_article(page, i)]
    at = rng.choice([*places, len(page)])
    return page[:at] + column + page[at:]


def _begins_article(page: Sequence[Line], i: int) -> bool:
    """Whether another article may be put before line i."""
    line = page[i]
    if line.label == HEAD:
        return i == 0 or page[i - 1].label not in (HEAD, HEAD_CONT)
    return line.label == START and page[i - 1].label == FURNITURE


def sections_page(piece: Piece, style: Style, rng: random.Random) -> list[Line]:
    """A document of one subject whose sections look like short items."""
    how = draw_print(rng)
    page: list[Line] = []
    if rng.random() < 0.35:
        page = loose_lines(rng.choice([masthead(style, rng), bulletin_head(rng), furniture(style, rng)]))
    page += [Line(head, HEAD, 0, how.blank_items) for head in piece.heads]
    if rng.random() < style.byline_chance / 2:
        page += loose_lines([byline(style, rng)])
    sub, begun = 0, False
    for i, para in enumerate(piece.paras):
        if is_sub(para):
            number = numbered(sub, how.number) if how.number not in ("【】", "") else ""
            text = f"【{para}】" if how.run_in or how.number == "【】" else para
            label = SUB if begun else START
            run_in = piece.paras[i + 1] if how.run_in and i + 1 < len(piece.paras) else ""
            page.append(Line(number + text, label, 0, how.blank_items, run_in))
            sub, begun = sub + 1, True
        elif not (how.run_in and i and is_sub(piece.paras[i - 1])):
            text = para if begun else reported(para, style, how, rng)
            page.append(Line(text, PARA if begun else START, 0, how.blank_inside))
            begun = True
    return page + (digest_tail(style, rng) if rng.random() < 0.4 else [])


def draw_items(
    pool: Sequence[Sequence[Piece]], rng: random.Random, most: int, *, hard: bool = False
) -> list[Piece]:
    """2 to `most` short items (few more often than many) of the articles of one to three days of `pool`, in
    another order than printed."""
    want = round(2 * (most / 2) ** rng.random())
    items: list[Piece] = []
    start = rng.randrange(len(pool))
    for day in (start, start + 1, rng.randrange(len(pool)), *rng.sample(range(len(pool)), min(12, len(pool)))):
        found = [item for piece in pool[day % len(pool)] if (item := item_of(piece, rng, hard=hard))]
        items += rng.sample(found, len(found))
        if len(items) >= want:
            break
    distinct = {item.heads[0]: item for item in items}
    return list(distinct.values())[:want]

"""An issue as messages of a chat group: cut between items, never inside one, each within the robot's limit."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from briefing.deliver.contract import IssueText, ItemText, Notice, Parcel, Part, Shipment
from briefing.errors import DeliveryError
from briefing.text.display import one_line
from briefing.text.sentences import split_sentences

# None of the three dialects has an escape that all its clients know, so what could be markup, a mention of
# somebody or a link is written with the full-width form of the same mark. Figures and words stay as they are.
_WIDE = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in "<>[]*_`~|\\"})
_LINE_START = re.compile(r"^([#+>=-])")
_LIST_START = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
# Stands for n/N while it is not known how many messages there will be.
_WIDEST = "（99/99）"
_SHORTENED = "（本条较长，全文见简报）"


def plain(text: str) -> str:
    """`text` on one line, such that a robot's Markdown shows it as it stands."""
    text = one_line(" ".join(text.split())).translate(_WIDE)
    text = _ENTITY.sub("＆", text)
    text = _LINE_START.sub(lambda m: chr(ord(m[1]) + 0xFEE0), text)
    return _LIST_START.sub(lambda m: m[1] + chr(ord(m[2]) + 0xFEE0), text)


@dataclass(frozen=True, slots=True)
class Block:
    """What is never cut. `lines`: (kind, text) with kind title, heading, headline, text, source or remark; the
    text made plain. `heading`: of the section that it belongs to."""

    lines: tuple[tuple[str, str], ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a robot wants it. `payload`: the JSON of one message from its title and blocks; `measured`: the bytes
    of it that the robot limits to `max_bytes`."""

    payload: Callable[[str, Sequence[Block]], object]
    measured: Callable[[object], bytes]
    max_bytes: int


def encode(payload: object) -> bytes:
    return json.dumps(payload, ensure_ascii=False, sort_keys=True).encode()


def messages(shipment: Shipment, dialect: Dialect, keyword: str = "") -> tuple[Part, ...]:
    """The messages of an issue or a notice, in order. `keyword` stands in each of them.

    Raises DeliveryError when one block alone is over the limit, which only a limit under its headline is.
    """
    if isinstance(shipment, Notice):
        title = shipment.title
        blocks = [Block(tuple(("text", plain(line)) for line in shipment.lines))]
    else:
        title = shipment.heading
        blocks = _blocks(shipment)
    if keyword and keyword not in title:
        title = f"{title}　{keyword}"
    title = plain(title)
    pages = _pages(title, blocks, dialect)
    parts = []
    for i, page in enumerate(pages):
        counter = f"（{i + 1}/{len(pages)}）" if len(pages) > 1 else ""
        body = encode(dialect.payload(title + counter, _headed(page)))
        parts.append(
            Part(f"{i + 1}/{len(pages)} {shipment.key}", hashlib.sha256(body).hexdigest(), body, group=i)
        )
    return tuple(parts)


def _blocks(parcel: Parcel) -> list[Block]:
    text = parcel.text
    blocks = []
    if parcel.mark and parcel.replaces:
        blocks.append(Block((("remark", f"本版取代此前发出的{_versions(parcel)}，请以本版为准。"),)))
    if text.remarks:
        blocks.append(Block(tuple(("remark", plain(r)) for r in text.remarks)))
    for section in text.sections:
        blocks += [_item(item, section.heading) for item in section.items]
    blocks.append(Block((("source", plain(f"{_counted(text)}{text.office}　{text.date}")),)))
    return blocks


def _versions(parcel: Parcel) -> str:
    numbers = [key.rpartition("-v")[2] for key in parcel.replaces]
    return "、".join(f"第{n}版" for n in numbers)


def _counted(text: IssueText) -> str:
    return f"共{len(text.items)}条。"


def _item(item: ItemText, heading: str) -> Block:
    lines = [("headline", plain(item.ordinal + item.headline)), ("text", plain(item.text))]
    lines.append(("source", plain(item.source)))
    return Block(tuple((kind, text) for kind, text in lines if text), plain(heading) if heading else "")


def _pages(title: str, blocks: Sequence[Block], dialect: Dialect) -> list[list[Block]]:
    """Blocks by message, as full as they go."""

    def fits(page: Sequence[Block]) -> bool:
        payload = dialect.payload(title + _WIDEST, _headed(page))
        return len(dialect.measured(payload)) <= dialect.max_bytes

    pages: list[list[Block]] = []
    page: list[Block] = []
    for block in blocks:
        if fits([*page, block]):
            page.append(block)
            continue
        if page:
            pages.append(page)
        page = [_shortened(block, lambda b: fits([b]))]
    return [*pages, page] if page else pages


def _shortened(block: Block, fits: Callable[[Block], bool]) -> Block:
    """`block` as it is where it fits, else without its last sentences, which it says."""
    if fits(block):
        return block
    at = next((i for i, (kind, _) in enumerate(block.lines) if kind in ("text", "remark")), None)
    if at is not None:
        kind, text = block.lines[at]
        ends = [s.span.end for s in split_sentences(text)]
        for end in (*reversed(ends[:-1]), 0):
            shorter = (kind, text[:end].rstrip() + _SHORTENED)
            lines = (*block.lines[:at], shorter, *(ln for ln in block.lines[at + 1 :] if ln[0] != kind))
            tried = Block(lines, block.heading)
            if fits(tried):
                return tried
    raise DeliveryError(
        "一条内容连标题也超过渠道的字数上限，无法发送", "not even the headline of an item is within the limit"
    )


def _headed(page: Sequence[Block]) -> list[Block]:
    """With the heading of each section above its first item in this message."""
    shown: list[Block] = []
    last = ""
    for block in page:
        if block.heading and block.heading != last:
            shown.append(Block((("heading", block.heading),)))
        last = block.heading or last
        shown.append(block)
    return shown

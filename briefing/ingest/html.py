"""Web pages: the article's text, headline, date and outlet, through trafilatura; never a script.

Paragraphs stand on lines of their own with a blank line between them.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from briefing.errors import SourceError
from briefing.ingest import html_tree
from briefing.ingest.dates import stated_date
from briefing.ingest.encoding import decode
from briefing.ingest.html_tree import Block
from briefing.ingest.limits import Extracted, IngestLimits
from briefing.records import Skip

_CHARSET = re.compile(
    rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w-]+)""", re.I
)
_HEAD_BYTES = 8192
# Names that the State Council's standard for government sites and common systems give these fields.
_TITLE_METAS = ("articletitle", "og:title", "twitter:title")
_OUTLET_METAS = ("contentsource", "source", "og:site_name", "sitename")
_DATE_METAS = ("pubdate", "article:published_time", "publishdate", "og:published_time", "datepublished", "date")
_URL_METAS = ("og:url", "url")
_SOURCE_LINE = re.compile(r"(?:稿件)?(?:信息)?来源\s*[:：]\s*([^\s:：|，,。；;【】\[\]（）()<>]{2,20})")
_SITE_TAIL = re.compile(r"\s*(?:[-_|｜—–]+)\s*[^-_|｜—–]{2,20}$")
_SITE_WORD = re.compile(r"[网报台社]$|频道|新闻|政府|门户|首页|客户端|中心|日报|资讯")
# A page whose text stands mostly in links is an index of articles, not one (share of characters).
MAX_LINK_SHARE = 0.6
MIN_ARTICLE_CHARS = 15
# A paragraph of its own, as an index of links has none.
MIN_PROSE_CHARS = 40


def ingest(body: bytes, name: str, limits: IngestLimits) -> list[Extracted | Skip]:
    """One document: one article, or the whole visible text of a page with several.

    Raises SourceError when the page has no article text.
    """
    decoded = decode(body, name, declared_charset(body))
    tree = html_tree.parse(decoded.text, name)
    metas = html_tree.metas(tree)
    url = html_tree.canonical(tree) or next((metas[m] for m in _URL_METAS if m in metas), "")
    html_tree.drop_hidden(tree)
    blocks = html_tree.visible_blocks(tree)
    if not blocks:
        raise SourceError("网页里没有文字", "the page has no text", source=name)
    heads = html_tree.article_headings(tree)
    found = _main_text(decoded.text, name)
    if not heads and _is_index(blocks):
        raise SourceError(
            "网页里没有文章正文（像是目录页），请给出文章页",
            "the page holds no article (it looks like an index): give the article's own page",
            source=name,
        )
    outlet = _outlet(metas, [] if heads else blocks)
    title = "" if heads else _title(metas, tree, found, outlet)
    kept = _article_blocks(blocks, found.text if found else "", heads)
    if title and len(kept) > 1 and _squeeze(kept[0].text) == _squeeze(title):
        del kept[0]
    return [
        Extracted(
            _joined(kept),
            decoded.encoding,
            single_article=not heads,
            title=title,
            outlet=outlet,
            url=url,
            published_on=_published(metas, found),
            warnings=decoded.warnings,
        )
    ]


def declared_charset(body: bytes) -> str:
    """The encoding that the page says it is in, or ""."""
    match = _CHARSET.search(body[:_HEAD_BYTES])
    return next((g for g in match.groups() if g), b"").decode("ascii", "ignore") if match else ""


def _is_index(blocks: list[Block]) -> bool:
    chars = [len(block.text) for block in blocks]
    linked = sum(n * block.linked for n, block in zip(chars, blocks, strict=True))
    prose = any(n >= MIN_PROSE_CHARS and block.linked < 0.5 for n, block in zip(chars, blocks, strict=True))
    return linked > MAX_LINK_SHARE * sum(chars) and not prose


def _article_blocks(blocks: list[Block], found: str, heads: list[str]) -> list[Block]:
    """The blocks from the first to the last that trafilatura took, with what it lost between them.

    It drops sub-headings, repeated paragraphs and whole sections of some pages; a figure lost with them would
    be missing without a word. All blocks, where it found nothing or took one of several articles for the page.
    """
    whole = _squeeze(found).replace("|", "")
    covered = [_squeeze(block.text).replace("|", "") in whole for block in blocks]
    if not any(covered) or any(_squeeze(head) not in whole for head in heads):
        return blocks
    # A short covered block far above may be a menu entry that the text repeats.
    solid = [i for i, block in enumerate(blocks) if covered[i] and len(block.text) >= MIN_ARTICLE_CHARS]
    first, last = (solid[0], solid[-1]) if solid else (covered.index(True), len(blocks) - 1)
    while first and covered[first - 1]:
        first -= 1
    while last + 1 < len(blocks) and (covered[last + 1] or _is_prose(blocks[last + 1])):
        last += 1
    # In a digest the lines of date, source and byline belong to its articles.
    return [
        block
        for i, block in enumerate(blocks[first : last + 1], first)
        if covered[i] or block.kind != "text" or _is_prose(block) or (heads and block.linked < 0.5)
    ]


def _is_prose(block: Block) -> bool:
    return (
        block.linked < 0.5 and len(block.text) >= MIN_ARTICLE_CHARS and any(c in block.text for c in "，。；")
    )


def _joined(blocks: list[Block]) -> str:
    """Blocks with a blank line between them; the rows of a table on lines of their own."""
    text = ""
    for i, block in enumerate(blocks):
        if i:
            text += "\n" if block.kind == blocks[i - 1].kind == "row" else "\n\n"
        text += block.text
    return text


def _main_text(html: str, name: str) -> Any:
    """What trafilatura makes of the page (its Document), or None when it finds no article."""
    import trafilatura

    try:
        found = trafilatura.bare_extraction(
            html_tree.parse(html, name),
            include_comments=False,
            include_tables=True,
            include_images=False,
            # Without this a date is guessed from any digits on the page.
            date_extraction_params={"original_date": True, "extensive_search": False},
            with_metadata=True,
        )
    except Exception as err:
        raise SourceError(
            f"网页结构无法解析（{type(err).__name__}），请另存为文本",
            f"the page's structure cannot be read ({type(err).__name__}): save it as text",
            source=name,
        ) from err
    text = getattr(found, "text", None)
    return found if text and len(_squeeze(text)) >= MIN_ARTICLE_CHARS else None


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _title(metas: dict[str, str], tree: Any, found: Any, outlet: str) -> str:
    """The headline as the page states it, without the site's name behind it."""
    heads = html_tree.headings(tree)
    for name in _TITLE_METAS:
        if metas.get(name):
            return _without_site(metas[name], outlet)
    if len(heads) == 1:
        return heads[0]
    stated = (found.title if found else "") or html_tree.head_title(tree)
    return _without_site(" ".join(stated.split()), outlet)


def _without_site(title: str, outlet: str) -> str:
    while match := _SITE_TAIL.search(title):
        tail = match.group().strip(" -_|｜—–")
        if len(_squeeze(title[: match.start()])) < 6 or not (tail == outlet or _SITE_WORD.search(tail)):
            break
        title = title[: match.start()]
    return title.strip()


def _outlet(metas: dict[str, str], blocks: list[Block]) -> str:
    """Who published the text: 来源 as stated, else the site."""
    if metas.get("contentsource"):
        return metas["contentsource"]
    for block in blocks:
        match = _SOURCE_LINE.search(block.text) if len(block.text) < 200 else None
        if match:
            return match.group(1).strip("《》")
    return next((metas[m] for m in _OUTLET_METAS if metas.get(m)), "")


def _published(metas: dict[str, str], found: Any) -> date | None:
    for name in _DATE_METAS:
        if day := stated_date(metas.get(name, "")):
            return day
    return stated_date(found.date) if found and found.date else None

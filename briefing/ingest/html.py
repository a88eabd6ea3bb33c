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


def ingest(body: bytes, name: str, limits: IngestLimits) -> list[Extracted | Skip]:
    """One document: one article, or the whole visible text of a page with several.

    Raises SourceError when the page has no article text.
    """
    match = _CHARSET.search(body[:_HEAD_BYTES])
    declared = next((g for g in match.groups() if g), b"").decode("ascii", "ignore") if match else ""
    decoded = decode(body, name, declared)
    tree = html_tree.parse(decoded.text, name)
    metas = html_tree.metas(tree)
    blocks = html_tree.visible_blocks(tree)
    if not blocks:
        raise SourceError("网页里没有文字", "the page has no text", source=name)
    several = html_tree.holds_several_articles(tree)
    found = None if several else _main_text(decoded.text, name)
    if found is None and not several and html_tree.link_share(tree) > MAX_LINK_SHARE:
        raise SourceError(
            "网页里没有文章正文（像是目录页），请给出文章页",
            "the page holds no article (it looks like an index): give the article's own page",
            source=name,
        )
    outlet = _outlet(metas, blocks)
    title = "" if several else _title(metas, tree, found, outlet)
    paragraphs = found.text.split("\n") if found else blocks
    paragraphs = [p.strip() for p in paragraphs if p.strip()]
    if title and len(paragraphs) > 1 and _squeeze(paragraphs[0]) == _squeeze(title):
        del paragraphs[0]
    return [
        Extracted(
            "\n\n".join(paragraphs),
            decoded.encoding,
            single_article=not several,
            title=title,
            outlet=outlet,
            url=html_tree.canonical(tree) or next((metas[m] for m in _URL_METAS if m in metas), ""),
            published_on=_published(metas, found),
            warnings=decoded.warnings,
        )
    ]


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


def _outlet(metas: dict[str, str], blocks: list[str]) -> str:
    """Who published the text: 来源 as stated, else the site."""
    if metas.get("contentsource"):
        return metas["contentsource"]
    for block in blocks:
        match = _SOURCE_LINE.search(block) if len(block) < 200 else None
        if match:
            return match.group(1).strip("《》")
    return next((metas[m] for m in _OUTLET_METAS if metas.get(m)), "")


def _published(metas: dict[str, str], found: Any) -> date | None:
    for name in _DATE_METAS:
        if day := stated_date(metas.get(name, "")):
            return day
    return stated_date(found.date) if found and found.date else None

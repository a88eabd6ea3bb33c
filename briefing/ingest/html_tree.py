"""The parsed page: its visible text by blocks, its stated fields, and whether it holds several articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from briefing.errors import SourceError

# fmt: off
_UNSEEN = frozenset((
    "script", "style", "noscript", "template", "head", "title", "meta", "link", "svg", "math", "iframe",
    "object", "embed", "canvas", "audio", "video", "select", "button", "textarea", "input", "form",
))
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "label", "mark",
    "q", "rp", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))
# fmt: on
_FURNITURE = {"nav", "footer", "aside", "menu"}
_LEFT_OUT = {"del", "strike", "rt"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HEADINGS = ("h1", "h2", "h3", "h4")
# What each article of a digest carries itself, and a section of one long article does not.
_OWN_SIGN = re.compile(r"来源[:：]|本报讯|[（(]记者|本报记者|新华社\S{0,12}电|\d{4}[-年/]\d{1,2}[-月/]\d{1,2}")
_DIGEST = re.compile(r"[早晚日周]报|早知道|要闻|速览|速递|一览|汇总|快讯|播报|摘要|每日|早餐|简讯")
_SPACE = re.compile(r"\s+")
MIN_DIGEST_ARTICLES = 2
MIN_DIGEST_CHARS = 40


def parse(text: str, name: str) -> Any:
    """Tree of the page. Raises SourceError when there is nothing to parse."""
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        # Characters that XML trees refuse; surrogates cannot come out of a strict decode.
        tree = lxml_html.document_fromstring(
            re.sub("[\x00-\x08\x0b\x0e-\x1f]", "", text).encode(), parser=parser
        )
    except (etree.LxmlError, ValueError, AssertionError) as err:
        raise SourceError("网页里没有内容", "the page is empty", source=name) from err
    return tree


@dataclass(frozen=True, slots=True)
class Block:
    """One line of text that a reader sees. `kind`: "text", "heading" or "row" (cells joined by " | ").

    `linked`: share (0-1) of its characters that stand inside links.
    """

    text: str
    kind: str
    linked: float


def visible_blocks(tree: Any) -> list[Block]:
    """The text of a page without hidden parts (`drop_hidden`), a block each, in order."""
    blocks: list[Block] = []
    current: list[str] = []
    linked = links = 0

    def close(kind: str) -> None:
        nonlocal linked
        line = " ".join("".join(current).split()).strip(" |")
        if line:
            chars = len(_SPACE.sub("", line))
            blocks.append(Block(line, "row" if " | " in line else kind, min(1.0, linked / chars)))
        current.clear()
        linked = 0

    for event, node in _visible(tree):
        tag = node.tag
        if event == "start":
            if tag in ("td", "th"):
                current.append(" | " if current else "")
            elif tag not in _INLINE:
                close("text")
            links += tag == "a"
            text = node.text or ""
        else:
            if tag not in _INLINE and tag not in ("td", "th"):
                close("heading" if tag in _HEADINGS else "text")
            links -= tag == "a"
            text = node.tail or ""
        current.append(text)
        linked += len(_SPACE.sub("", text)) if links > 0 else 0
    close("text")
    return blocks


def _visible(tree: Any) -> Iterator[tuple[str, Any]]:
    body = tree.find("body")
    yield from etree.iterwalk(tree if body is None else body, events=("start", "end"))


def drop_hidden(tree: Any) -> None:
    """Take out of the body what no reader sees, and the site's furniture; text behind it stays."""
    body = tree.find("body")
    for node in [n for n in (tree if body is None else body).iterdescendants() if _is_hidden(n)]:
        if node.getparent() is not None:
            node.drop_tree()


def _is_hidden(node: Any) -> bool:
    return (
        not isinstance(node.tag, str)
        or node.tag in _UNSEEN
        or node.tag in _FURNITURE
        or node.tag in _LEFT_OUT
        or node.get("hidden") is not None
        or bool(_HIDDEN_STYLE.search(node.get("style", "")))
    )


def metas(tree: Any) -> dict[str, str]:
    """<meta name|property> in lower case -> content, the first of each that is not empty."""
    found: dict[str, str] = {}
    for node in tree.iter("meta"):
        key = (node.get("name") or node.get("property") or node.get("itemprop") or "").strip().lower()
        value = " ".join((node.get("content") or "").split())
        if key and value:
            found.setdefault(key, value)
    return found


def canonical(tree: Any) -> str:
    """The page's own address, when it states an absolute one."""
    for node in tree.iter("link"):
        if (node.get("rel") or "").lower() == "canonical" and (node.get("href") or "").startswith("http"):
            return str(node.get("href")).strip()
    return ""


def head_title(tree: Any) -> str:
    """Content of <title>."""
    return " ".join((tree.findtext(".//title") or "").split())


def headings(tree: Any) -> list[str]:
    """Texts of the <h1> elements that are not empty."""
    texts = (_line(node) for node in tree.iter("h1"))
    return [text for text in texts if text]


def article_headings(tree: Any) -> list[str]:
    """Headlines of the articles of a page that holds several; [] for a page with one or none.

    It holds several when two <article>s have a heading and text each, when headings have parts that each
    carry a date, source or byline of their own, or when the page calls itself a digest (早报、要闻速览).
    """
    articles = [node for node in tree.iter("article") if not any(True for _ in node.iterdescendants("article"))]
    whole = [a for a in articles if any(True for _ in a.iter(*_HEADINGS)) and _chars(a) >= MIN_DIGEST_CHARS]
    if len(whole) >= MIN_DIGEST_ARTICLES:
        return [_line(next(a.iter(*_HEADINGS))) for a in whole]
    is_digest = any(_DIGEST.search(title) for title in (*headings(tree), head_title(tree)))
    for level in _HEADINGS:
        parts = _parts(tree, level)
        full = [part for part in parts if len(_SPACE.sub("", part[1])) >= MIN_DIGEST_CHARS]
        signed = [part for part in full if _OWN_SIGN.search(part[1])]
        if len(signed) >= MIN_DIGEST_ARTICLES and len(signed) >= 0.6 * len(parts):
            return [head for head, _ in signed]
        if is_digest and len(full) >= 3:
            return [head for head, _ in full]
    return []


def _parts(tree: Any, level: str) -> list[tuple[str, str]]:
    """Shown headings of one level, each with the text up to the next (at most some thousand characters)."""
    parts: list[tuple[str, str]] = []
    for event, node in _visible(tree):
        if event == "start" and node.tag == level:
            parts.append((_line(node), ""))
        elif parts and len(parts[-1][1]) < 4000:
            text = (node.text if event == "start" else node.tail) or ""
            parts[-1] = (parts[-1][0], parts[-1][1] + text)
    return parts


def _line(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def _chars(node: Any) -> int:
    return len(_SPACE.sub("", "".join(node.itertext())))

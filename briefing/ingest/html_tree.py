"""The parsed page: its visible text by blocks, its stated fields, and whether it holds several articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from briefing.errors import SourceError

_UNSEEN = frozenset(
    "script style noscript template head title meta link svg math iframe object embed canvas audio video select "
    "button textarea input form".split()
)
_FURNITURE = {"nav", "footer", "aside", "menu"}
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code em font i ins kbd label mark q rp s samp small span strong sub sup time tt u "
    "var wbr".split()
)
_LEFT_OUT = {"del", "strike", "rt"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HEADINGS = ("h1", "h2", "h3", "h4")
# What each article of a digest carries itself, and a section of one long article does not.
_OWN_SIGN = re.compile(r"来源[:：]|本报讯|[（(]记者|本报记者|新华社\S{0,12}电|\d{4}[-年/]\d{1,2}[-月/]\d{1,2}")
MIN_DIGEST_ARTICLES = 2
MIN_DIGEST_CHARS = 60


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


def visible_blocks(tree: Any) -> list[str]:
    """Text that a reader sees, a string a block, in order; cells of a table row joined by " | "."""
    blocks: list[str] = []
    current: list[str] = []

    def close() -> None:
        line = " ".join("".join(current).split())
        if line.strip(" |"):
            blocks.append(line.strip(" |"))
        current.clear()

    for event, node in _visible(tree):
        tag = node.tag
        if event == "start":
            if tag in ("td", "th"):
                current.append(" | " if current else "")
            elif tag not in _INLINE:
                close()
            current.append(node.text or "")
        else:
            if tag not in _INLINE and tag not in ("td", "th"):
                close()
            current.append(node.tail or "")
    close()
    return blocks


def _visible(tree: Any) -> Iterator[tuple[str, Any]]:
    """Start and end events of shown elements. A hidden element gives only its end, for its tail."""
    body = tree.find("body")
    walker = etree.iterwalk(tree if body is None else body, events=("start", "end"))
    hidden: Any = None
    for event, node in walker:
        if hidden is not None:
            if event == "end" and node is hidden:
                hidden = None
                yield "end", node
            continue
        if event == "start" and _is_hidden(node):
            hidden = node
            continue
        yield event, node


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
    """Texts of the <h1> elements that are shown and not empty."""
    texts = (" ".join("".join(node.itertext()).split()) for node in tree.iter("h1") if not _is_hidden(node))
    return [text for text in texts if text]


def link_share(tree: Any) -> float:
    """Share of the visible characters that stand inside links (0-1)."""
    inside = total = depth = 0
    for event, node in _visible(tree):
        if event == "start":
            depth += node.tag == "a"
            count = len("".join((node.text or "").split()))
        else:
            depth -= node.tag == "a" and not _is_hidden(node)
            count = len("".join((node.tail or "").split()))
        total += count
        inside += count if depth > 0 else 0
    return inside / total if total else 0.0


def holds_several_articles(tree: Any) -> bool:
    """Two <article>s with heading and text, or headings whose parts each carry a date, source or byline."""
    articles = [node for node in tree.iter("article") if not any(True for _ in node.iterdescendants("article"))]
    whole = [a for a in articles if any(True for _ in a.iter(*_HEADINGS)) and _chars(a) >= MIN_DIGEST_CHARS]
    if len(whole) >= MIN_DIGEST_ARTICLES:
        return True
    for level in _HEADINGS:
        parts: list[str] = []
        inside = False
        for event, node in _visible(tree):
            if event == "start" and node.tag == level:
                parts.append("")
                inside = True
            if inside and len(parts[-1]) < 4000:
                parts[-1] += (node.text if event == "start" else node.tail) or ""
        signed = [p for p in parts if len("".join(p.split())) >= MIN_DIGEST_CHARS and _OWN_SIGN.search(p)]
        if len(signed) >= MIN_DIGEST_ARTICLES and len(signed) >= 0.6 * len(parts):
            return True
    return False


def _chars(node: Any) -> int:
    return len("".join("".join(node.itertext()).split()))

"""Rule files of digital newspapers (数字报): where pages, articles and their parts stand (docs/sources.md)."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
from lxml import etree
from msgspec import Meta

from briefing.errors import ConfigError

# The fields that an address may hold; {yyyy}{mm}/{dd} and {yyyy}-{mm}/{dd} are the two common forms.
_FIELDS = ("yyyy", "mm", "dd")
_PATHS = (
    ("pages", "links"),
    ("articles", "links"),
    *(("article", part) for part in ("kicker", "title", "subtitle", "byline", "body")),
)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class PagesRule(_Table, frozen=True, kw_only=True):
    """`links`: XPath of the links to the edition's pages; "": it has one page. `label`: regular expression
    whose group is the page's number in the text of such a link."""

    links: str = ""
    label: str = r"第?\s*0*([A-Z]?0*\d{1,3})\s*版"


class ArticlesRule(_Table, frozen=True, kw_only=True):
    """`links`: XPath of a page's links to articles. `leave_out`: regular expression of titles not wanted."""

    links: Annotated[str, Meta(min_length=1)]
    leave_out: str = ""


class ArticleRule(_Table, frozen=True, kw_only=True):
    """XPaths of an article's parts. `body` "": it is read as any web page is, whatever the others say."""

    title: str = ""
    kicker: str = ""
    subtitle: str = ""
    byline: str = ""
    body: str = ""


class PaperRules(_Table, frozen=True, kw_only=True):
    """`outlet`: the newspaper's name; `first_page`: address of the first page, with {yyyy}, {mm}, {dd}."""

    outlet: Annotated[str, Meta(min_length=1, max_length=40)]
    first_page: Annotated[str, Meta(pattern=r"^https?://\S+$")]
    articles: ArticlesRule
    pages: PagesRule = PagesRule()
    article: ArticleRule = ArticleRule()

    def first_page_of(self, day: date) -> str:
        return self.first_page.format(yyyy=f"{day.year:04}", mm=f"{day.month:02}", dd=f"{day.day:02}")


def load_rules(path: Path) -> PaperRules:
    """The rules in `path`. Raises ConfigError naming the file, the key and what is wrong."""
    source = str(path)
    try:
        values = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as err:
        raise ConfigError(
            f"规则文件无法读取（{err.strerror}）", f"cannot read the rule file ({err.strerror})", source=source
        ) from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise ConfigError(f"规则文件不是有效的 TOML：{err}", f"not valid TOML: {err}", source=source) from err
    try:
        rules = msgspec.convert(values, PaperRules)
    except msgspec.ValidationError as err:
        raise ConfigError(f"规则无效：{err}", f"the rules are not valid: {err}", source=source) from err
    _check(rules, source)
    return rules


def _check(rules: PaperRules, source: str) -> None:
    try:
        day_one, day_two = (rules.first_page_of(d) for d in (date(2026, 1, 2), date(2027, 3, 4)))
    except (KeyError, IndexError, ValueError, AttributeError) as err:
        fields = " ".join(f"{{{f}}}" for f in _FIELDS)
        raise ConfigError(
            f"first_page 只能用 {fields}", f"first_page may hold {fields} and no other braces", source=source
        ) from err
    if day_one == day_two:
        raise ConfigError("first_page 里没有日期", "first_page holds no date", source=source)
    for table, key in _PATHS:
        value = getattr(getattr(rules, table), key)
        try:
            if value:
                etree.XPath(value)
        except etree.XPathError as err:
            raise ConfigError(
                f"{table}.{key} 不是 XPath：{value}", f"{table}.{key} is not an XPath: {value}", source=source
            ) from err
    for table, key in (("pages", "label"), ("articles", "leave_out")):
        try:
            groups = re.compile(getattr(getattr(rules, table), key)).groups
        except re.error as err:
            raise ConfigError(
                f"{table}.{key} 不是正则表达式：{err}",
                f"{table}.{key} is no regular expression: {err}",
                source=source,
            ) from err
        if key == "label" and groups != 1:
            raise ConfigError(
                "pages.label 须有且只有一个括号组（版号）",
                "pages.label needs exactly one group, the page's number",
                source=source,
            )

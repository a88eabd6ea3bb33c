"""Shows where the splitter departs from the true answers: `python samples/compare.py [NAME…]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from briefing.ingest import read_document  # noqa: E402
from briefing.records import Article, RawDocument  # noqa: E402
from briefing.segment import Splitter, load_splitter, split_document  # noqa: E402
from samples.make_samples import plain  # noqa: E402

# An item's number in a bulletin (一、, 1.) may stay in its title.
_MAX_NUMBER_CHARS = 4


def split_sample(path: Path, splitter: Splitter) -> list[Article]:
    """The articles that the program finds in one sample file."""
    now = datetime(2025, 9, 19, tzinfo=UTC)
    found: list[Article] = []
    for document in read_document(str(path), now=now):
        assert isinstance(document, RawDocument), document
        found.extend(split_document(document, splitter).articles)
    return found


def whole(article: Article, want: dict[str, Any]) -> bool:
    """Does `article` have the wanted body from its first to its last character?"""
    body = plain(article.text)
    length_fits = want["body_chars"] in (None, len(body))
    return body.startswith(want["body_start"]) and body.endswith(want["body_end"]) and length_fits


def title_fits(title: str, want: dict[str, Any]) -> bool:
    """Is `title` the wanted one, or the wanted one with its number?"""
    have, right = plain(title), plain(want["title"])
    bare = right.partition("、")[2] if "、" in right[:3] else right
    return have in (right, bare) or (right in have and len(have) <= len(right) + _MAX_NUMBER_CHARS)


def differences(articles: Sequence[Article], answer: dict[str, Any]) -> list[str]:
    """What is wrong, a line each; nothing when the sample was split as its answer says."""
    wrong = []
    matched: set[str] = set()
    for want in answer["articles"]:
        name = want["title"] or want["body_start"]
        match = next((a for a in articles if whole(a, want)), None)
        if match is None:
            wrong.append(f"not found whole: {name}")
            continue
        matched.add(match.id)
        if not title_fits(match.title, want):
            wrong.append(f"title of {name}: {match.title!r}")
        wrong.extend(
            f"{part} of {name}: {getattr(match, part)!r}, not {want[part]!r}"
            for part in ("kicker", "subtitle", "byline")
            if plain(getattr(match, part)) != plain(want[part])
        )
        if match.caption != want["caption"]:
            wrong.append(f"caption of {name}: {match.caption}")
    wrong.extend(
        f"extra article: {a.title or a.text[:20]} … {a.text[-20:]}" for a in articles if a.id not in matched
    )
    return wrong


def main(names: Sequence[str]) -> None:
    splitter = load_splitter()
    for path in sorted((HERE / "answers").glob("*.json")):
        if names and path.stem not in names:
            continue
        answer = json.loads(path.read_text("utf-8"))
        twin = HERE / f"{path.stem}.md"
        for sample in [HERE / answer["sample"], *([twin] if twin.exists() else [])]:
            wrong = differences(split_sample(sample, splitter), answer)
            print(
                f"{sample.relative_to(HERE)}: {len(wrong)} differences from {len(answer['articles'])} articles"
            )
            for line in wrong:
                print(f"    {line}")


if __name__ == "__main__":
    main(sys.argv[1:])

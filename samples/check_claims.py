"""Puts the true and false statements of claims.tsv to the checks: `python samples/check_claims.py`.

Each statement was written by hand, as an editor or a generating model might put it, so the kinds of fault are
not those of the made corruptions that the checks were developed on.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from briefing.check import check_summary  # noqa: E402
from briefing.records import Article, Finding, Run, Severity, Summary, SummarySentence  # noqa: E402
from briefing.text.normalise import normalise  # noqa: E402
from briefing.text.sentences import split_sentences  # noqa: E402
from samples.make_samples import collect_articles, read_tagged  # noqa: E402


def true_article(source: str, number: int) -> Article:
    """Article `number` of a tagged source as a perfect splitter would give it."""
    page = read_tagged(HERE / f"source/{source}.tagged")
    answer = collect_articles(page.lines)[number]
    text = normalise("\n".join(answer.paragraphs)).text
    return Article(
        id=f"{source}/{number}",
        source=source,
        title=normalise("".join(answer.lines["t"])).text,
        text=text,
        sentences=split_sentences(text),
        origin=(Run(0, 0, len(text)),),
        outlet=page.facts["outlet"],
        published_on=date.fromisoformat(page.facts["published_on"]),
    )


def findings_of(article: Article, statement: str) -> list[Finding]:
    """What the checks say of `statement` as the one sentence of a summary of `article`."""
    sentence = SummarySentence(statement, ())
    summary = Summary(article.id, article.title, (), (sentence,), "by-hand@1")
    return [f for f in check_summary(summary, [article]) if f.sentence == 0]


def read_claims() -> list[dict[str, str]]:
    """Rows with source, article (its number in the tagged source), fault ("" when true) and statement."""
    with (HERE / "claims.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def main() -> None:
    caught: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in read_claims():
        found = findings_of(true_article(row["source"], int(row["article"])), row["statement"])
        errors = [f for f in found if f.severity is Severity.ERROR]
        fault = row["fault"] or "true"
        total[fault] += 1
        caught[fault] += bool(errors)
        if bool(errors) != bool(row["fault"]):
            said = "; ".join(f"{f.severity.value} {f.check}: {f.message}" for f in found)
            print(f"{fault:12} {row['statement']}  {said}")
    false = sum(total.values()) - total["true"]
    print(f"false statements caught: {sum(caught.values()) - caught['true']} of {false}")
    print(f"true statements accused: {caught['true']} of {total['true']}")
    for kind, count in sorted(total.items()):
        if kind != "true":
            print(f"    {kind:12} {caught[kind]} of {count}")


if __name__ == "__main__":
    main()

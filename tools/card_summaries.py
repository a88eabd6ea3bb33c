"""Writes models/clauses/SUMMARIES.md: twenty summaries of the shipped model beside their sources, and what an
editor says of each.

    python tools/card_summaries.py            write; ends with 1 when a judged summary reads otherwise now
    python tools/card_summaries.py --show     every summary of the samples, to choose and judge from
    python tools/card_summaries.py --accept   the summaries of now are those that were judged

Judgements: models/clauses/judged.json, by headline, with the summary that was judged.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from briefing import app  # noqa: E402
from briefing.config import load_config  # noqa: E402
from briefing.records import BriefingItem  # noqa: E402

FOLDER = ROOT / "models" / "clauses"
MOMENT = app.Moment(date(2025, 9, 18), datetime(2025, 9, 18, 8, tzinfo=UTC))
SAMPLES = (
    ("liaocheng-daily-page.txt",),
    ("county-paper.txt",),
    ("department-bulletin.md",),
    ("web-article.html", "web-digest.html"),
    ("wire-copies/anlan-daily.txt", "wire-copies/yuedong-daily.txt"),
)
HEAD = """# Twenty summaries of `models/clauses` beside their sources

Written by `tools/card_summaries.py` from `samples/` (made texts, and the Liaocheng page of the project's seeds); judged by hand
(`judged.json`). Good and bad on purpose: {good} that an office can print, {bad} that an editor would touch.
"""


def items() -> Iterator[BriefingItem]:
    """Everything that the samples' editions print."""
    config = load_config(environment={})
    for paths in SAMPLES:
        made, _ = app.make_briefing([str(ROOT / "samples" / p) for p in paths], config, MOMENT)
        yield from made.items


def entry(number: int, row: dict[str, Any], item: BriefingItem, *, stale: bool) -> str:
    lines = [f"## {number}. {row['headline']}", "", item.summary.text, ""]
    if row["remark"]:
        lines += [f"*{row['remark']}*", ""]
    if stale:
        lines += ["*评语针对旧稿 Judged on another summary.*", ""]
    source = "\n".join(f"> {line}" for line in item.story.lead.text.split("\n") if line.strip())
    return "\n".join([*lines, f"原文（{len(item.story.lead.text)}字）source:", "", source, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--accept", action="store_true")
    args = parser.parse_args()
    found = {item.summary.headline: item for item in items()}
    if args.show:
        for headline, item in found.items():
            print(headline, "|", item.summary.text)
        return
    judged = FOLDER / "judged.json"
    rows: list[dict[str, Any]] = json.loads(judged.read_text("utf-8"))
    if args.accept:
        rows = [{**row, "summary": found[row["headline"]].summary.text} for row in rows]
        judged.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
    stale = [row["headline"] for row in rows if row["summary"] != found[row["headline"]].summary.text]
    good = sum(row["good"] for row in rows)
    parts = [
        entry(number, row, found[row["headline"]], stale=row["headline"] in stale)
        for number, row in enumerate(rows, 1)
    ]
    page = HEAD.format(good=good, bad=len(rows) - good) + "\n" + "\n".join(parts)
    (FOLDER / "SUMMARIES.md").write_text(page, "utf-8")
    if stale:
        raise SystemExit(f"read again and judge: {', '.join(stale)}")


if __name__ == "__main__":
    main()

"""Writes the table of the clause model's card from one run of the measure.

python tests/quality/measure_summaries.py --peers --json summaries.json
python tools/fill_card.py summaries.json
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

CARD = Path(__file__).parents[1] / "models" / "clauses" / "README.md"
MARKED = re.compile(r"(<!-- table:begin -->\n).*?(<!-- table:end -->)", re.S)
OURS = (("clauses", "clauses (default)"), ("extract", "extract"), ("lead", "Lead"))
PEERS = (("lexrank", "LexRank"), ("textrank", "TextRank"), ("lsa", "LSA"), ("snownlp", "snownlp"))
KEYS = ("r1", "r2", "rl", "facts")


def table(figures: dict[str, float]) -> str:
    """Peers stand with the way of filling 150 characters that gave them the highest R-1."""
    lines = ["| | R-1 | R-2 | R-L | facts | untitled R-1 / R-2 / R-L / facts |", "|---|---|---|---|---|---|"]
    for name, label in OURS:
        own = " | ".join(f"{figures[f'{name}_{k}']:.1f}" for k in KEYS)
        untitled = " / ".join(f"{figures[f'{name}_untitled_{k}']:.1f}" for k in KEYS)
        lines.append(f"| {label} | {own} | {untitled} |")
    for name, label in PEERS:
        prefix = next(
            (k[: -len("_r1")] for k in figures if k.startswith(f"{name} (") and k.endswith("_r1")), ""
        )
        if not prefix:
            raise SystemExit(f"{name}: not measured; run measure_summaries.py with --peers")
        own = " | ".join(f"{figures[f'{prefix}_{k}']:.1f}" for k in KEYS)
        lines.append(f"| {label} {prefix[len(name) + 1 :]} | {own} | |")
    return "\n".join(lines) + "\n"


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    body = table(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    text, count = MARKED.subn(lambda m: m.group(1) + body + m.group(2), CARD.read_text("utf-8"))
    if count != 1:
        raise SystemExit(f"{CARD.name}: table markers not found")
    CARD.write_text(text, "utf-8")


if __name__ == "__main__":
    main()

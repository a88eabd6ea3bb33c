"""Writes what `make gate` and `make bench` measured between the figure markers of both READMEs.

python tests/quality/gate.py --json gate.json
python tests/bench/bench.py --json bench.json
python tools/fill_figures.py gate.json bench.json
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MARKED = re.compile(r"(<!-- figures:begin -->\n).*?(<!-- figures:end -->)", re.S)

# (Chinese, English), cells as (part, key, format). A key that was not measured fails the run.
Row = tuple[str, str, list[tuple[str, str, str]]]
SUMMARIES: list[Row] = [
    (
        zh,
        en,
        [
            ("summaries", f"{name}_{key}", "{:.1f}")
            for key in ("r1", "r2", "rl", "facts", "defects_percent_defects")
        ],
    )
    for zh, en, name in (
        ("本程序（clauses，默认）", "this program (clauses, the default)", "clauses"),
        ("本程序，隐去标题", "this program, titles hidden", "clauses_untitled"),
        ("本程序 extract", "this program, extract", "extract"),
        ("取前文 lead", "Lead", "lead"),
    )
]
QUALITY: list[Row] = [
    ("整篇找回的文章 F1（损坏的报纸版面）", "articles found whole, F1 (damaged pages)", [("pages", "pages_f1", "{:.1f}")]),
    ("其中标题正确 %", "headlines right of those found, %", [("pages", "pages_title_right", "{:.1f}")]),
    ("制造的差错查出 %", "made corruptions caught, %", [("checks", "recall", "{:.1f}")]),
    ("无误的参考摘要被误报 %", "clean references accused, %", [("checks", "clean_rows_accused_percent_defects", "{:.1f}")]),
    ("同一事件合并：精确率 / 召回率", "same event merged: precision / recall",
     [("events", "event_precision", "{:.3f}"), ("events", "event_recall", "{:.3f}")]),
    ("领域准确率 / 重要度 Spearman", "policy area accuracy / importance Spearman",
     [("areas", "area_accuracy", "{:.3f}"), ("areas", "importance_spearman", "{:.3f}")]),
]  # fmt: skip


def value(figures: dict[str, Any], part: str, key: str, form: str) -> str:
    return form.format(figures[part][key])


def quality_tables(gate: dict[str, Any], zh: bool) -> list[str]:
    lines = [
        "| | R-1 | R-2 | R-L | 要点 | 可见缺陷 % |"
        if zh
        else "| | R-1 | R-2 | R-L | key facts | visible defects % |"
    ]
    lines.append("|---|---|---|---|---|---|")
    for label_zh, label_en, cells in SUMMARIES:
        lines.append(f"| {label_zh if zh else label_en} | " + " | ".join(value(gate, *c) for c in cells) + " |")
    lines += ["", "| | |", "|---|---|"]
    for label_zh, label_en, cells in QUALITY:
        lines.append(f"| {label_zh if zh else label_en} | " + " / ".join(value(gate, *c) for c in cells) + " |")
    return lines


def speed_table(bench: dict[str, Any], zh: bool) -> list[str]:
    head = "| | 秒 | 峰值内存 MB | |" if zh else "| | seconds | peak memory, MB | |"
    lines = ["", head, "|---|---|---|---|"]
    for name, result in bench.items():
        rest = ", ".join(
            f"{k.replace('_', ' ')} {v:.1f}" for k, v in result.items() if k not in ("seconds", "peak_mb")
        )
        lines.append(f"| {name} | {result['seconds']:.2f} | {result['peak_mb']:.0f} | {rest} |")
    return lines


def page(gate: dict[str, Any], bench: dict[str, Any], zh: bool) -> str:
    if zh:
        intro = "摘要：140 篇开发集，每条至多 150 字，字符 ROUGE（`make gate`）。速度：两个处理器核（`make bench`）。"
    else:
        intro = (
            "Summaries: 140 development rows at 150 characters, character ROUGE (`make gate`). "
            "Speed: two cores (`make bench`)."
        )
    return "\n".join([intro, "", *quality_tables(gate, zh), *speed_table(bench, zh)]) + "\n"


def main() -> None:
    gate, bench = (json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:3])
    for name, zh in (("README.zh.md", True), ("README.md", False)):
        path = ROOT / name
        body = page(gate, bench, zh)
        text, count = MARKED.subn(lambda m: m.group(1) + body + m.group(2), path.read_text("utf-8"))  # noqa: B023
        if count != 1:
            raise SystemExit(f"{name}: figure markers not found")
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()

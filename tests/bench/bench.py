"""`make bench`: speed and memory, each beside Lead and sumy's LexRank in the same run.

    bench.py [--data DIR] [--articles N] [--growth 10,100,1000,10000] [--json FILE]

Every figure is taken in a process of its own, so that peak memory is that of the work alone. Articles
are real ones of the measuring data where it is at hand (BRIEFING_DATA), about 800 characters each;
otherwise sentences of the sample pages, mixed, with their numbers and places changed.
"""

from __future__ import annotations

import argparse
import itertools
import json
import lzma
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEFAULT_DATA = Path(os.environ.get("BRIEFING_DATA", ROOT.parent / "shared" / "data"))
PAGE = ROOT / "samples" / "liaocheng-daily-page.txt"
CHARS = 800


def real_articles(data: Path) -> Iterator[tuple[str, str]]:
    """(title, text) of newspaper articles of 600 characters and more, cut at a sentence near 800."""
    with lzma.open(data / "pages" / "rmrb_2020_jan_sep.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            for article in json.loads(line)["articles"]:
                text = article["text"]
                if len(text) >= 600 and article["head"]:
                    end = text.find("。", CHARS - 100)
                    yield article["head"][0], text[: end + 1 if 0 < end < CHARS + 200 else CHARS]


def mixed_articles() -> Iterator[tuple[str, str]]:
    rng = random.Random(7)
    text = "".join(p.read_text("utf-8") for p in sorted((ROOT / "samples").glob("*.txt")))
    sentences = list(re.findall(r"[^。\n]{15,120}。", text))
    while True:
        chosen = "".join(rng.sample(sentences, 18))[:CHARS]
        body = re.sub(r"\d+", lambda m: str(rng.randrange(1, 10 ** len(m.group()))), chosen)
        yield f"某市第{rng.randrange(10**6)}号项目开工建设", body[: body.rfind("。") + 1]


def articles(data: Path, count: int) -> list[tuple[str, str]]:
    source = real_articles(data) if (data / "pages").is_dir() else mixed_articles()
    return list(itertools.islice(source, count))


def measured(command: list[str], cwd: Path) -> dict[str, float]:
    """Wall seconds and peak memory (MB, of the largest process) of one command; fails when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    stderr = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    process.returncode = code
    if code not in (0, 3):
        raise SystemExit(f"{' '.join(command)} failed ({code}):\n{stderr[-2000:]}")
    return {"seconds": seconds, "peak_mb": usage.ru_maxrss / 1024}


def run_briefing(*args: object, cwd: Path) -> dict[str, float]:
    return measured([sys.executable, "-m", "briefing", *map(str, args)], cwd)


def write_folder(folder: Path, chosen: list[tuple[str, str]]) -> Path:
    folder.mkdir()
    for i, (title, text) in enumerate(chosen):
        (folder / f"{i:05}.txt").write_text(f"{title}\n\n{text}\n", "utf-8")
    return folder


def write_rows(path: Path, chosen: list[tuple[str, str]]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for i, (title, text) in enumerate(chosen):
            file.write(json.dumps({"id": str(i), "title": title, "text": text}, ensure_ascii=False) + "\n")
    return path


def start_up(folder: Path) -> list[tuple[str, dict[str, float]]]:
    best = min((run_briefing("--help", cwd=folder) for _ in range(3)), key=lambda m: m["seconds"])
    page = run_briefing("make", PAGE, "--out", "demo", cwd=folder)
    return [("briefing --help", best), ("the demo page, briefing make", page)]


def engines(folder: Path, chosen: list[tuple[str, str]]) -> list[tuple[str, dict[str, float]]]:
    """Articles a second of each summariser, start-up and checks of ours included; ours use every core (memory is
    that of the largest process), `--jobs 1` one, LexRank one. Last, one article from start to finish."""
    path = write_rows(folder / "rows.jsonl", chosen)
    found = []
    for name in ("lead", "extract", "clauses"):
        result = run_briefing("summarise", path, "--jsonl", "--engine", name, cwd=folder)
        found.append((f"summarise --engine {name}", result))
    alone = run_briefing("summarise", path, "--jsonl", "--engine", "clauses", "--jobs", 1, cwd=folder)
    found.append(("summarise --engine clauses --jobs 1", alone))
    lexrank = measured([sys.executable, str(Path(__file__)), "--lexrank", str(path)], folder)
    found.append(("sumy LexRank", lexrank))
    for _, result in found:
        result["articles_per_second"] = len(chosen) / result["seconds"]
    single = write_rows(folder / "one.jsonl", chosen[:1])
    for name in ("extract", "clauses"):
        once = run_briefing("summarise", single, "--jsonl", "--engine", name, cwd=folder)
        found.append((f"one article, --engine {name}", once))
    return found


def split_pages(folder: Path, data: Path) -> tuple[str, dict[str, float]]:
    """Pages a second of `briefing split`, start-up included."""
    pages = [PAGE.read_text("utf-8")] * 40
    if (data / "pages").is_dir():
        with lzma.open(data / "pages" / "damaged_dev.jsonl.xz", "rt", encoding="utf-8") as lines:
            pages = [json.loads(line)["raw"] for line in lines]
    into = folder / "pages"
    into.mkdir()
    for i, text in enumerate(pages):
        (into / f"{i:03}.txt").write_text(text, "utf-8")
    result = run_briefing("split", into, "--jsonl", cwd=folder)
    result["pages_per_second"] = len(pages) / result["seconds"]
    return f"split, {len(pages)} pages", result


def growth(folder: Path, chosen: list[tuple[str, str]], sizes: list[int]) -> list[tuple[str, dict[str, float]]]:
    """`briefing make` on folders of more and more files: seconds an article must not rise."""
    found = []
    for size in sizes:
        if size > len(chosen):
            print(f"growth to {size}: only {len(chosen)} articles at hand, not measured", file=sys.stderr)
            continue
        into = write_folder(folder / f"in{size}", chosen[:size])
        result = run_briefing("make", into, "--out", f"out{size}", cwd=folder)
        result["ms_per_article"] = 1000 * result["seconds"] / size
        found.append((f"make, {size} articles", result))
    return found


def lexrank(path: Path) -> None:
    """sumy's LexRank with its Chinese tokenizer, sentences up to 150 characters."""
    from sumy.nlp.tokenizers import Tokenizer
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer

    summarise = LexRankSummarizer()
    tokenizer = Tokenizer("chinese")
    for line in path.read_text("utf-8").splitlines():
        document = PlaintextParser.from_string(json.loads(line)["text"], tokenizer).document
        print("".join(str(s) for s in summarise(document, 3))[:150])


def show(rows: list[tuple[str, dict[str, float]]]) -> None:
    for name, result in rows:
        rest = "  ".join(f"{k} {v:.1f}" for k, v in result.items() if k not in ("seconds", "peak_mb"))
        print(f"{name:36} {result['seconds']:8.2f} s  {result['peak_mb']:7.0f} MB  {rest}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--growth", default="10,100,1000,10000")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--lexrank", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.lexrank:
        lexrank(args.lexrank)
        return
    sizes = [int(n) for n in args.growth.split(",") if n]
    chosen = articles(args.data, max([args.articles, *sizes]))
    kind = "real" if (args.data / "pages").is_dir() else "mixed"
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    print(
        f"{len(chosen)} {kind} articles, {sum(len(t) for _, t in chosen) / len(chosen):.0f} characters on average"
    )
    rows: list[tuple[str, dict[str, float]]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for step in (
            lambda: start_up(folder),
            lambda: engines(folder, chosen[: args.articles]),
            lambda: [split_pages(folder, args.data)],
            lambda: growth(folder, chosen, sizes),
        ):
            found = step()
            show(found)
            rows += found
    if args.json:
        args.json.write_text(json.dumps(dict(rows), ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()

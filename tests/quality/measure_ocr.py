"""Measures reading scanned pages: newspaper pages typeset from samples/source, printed to pictures and damaged.

python tests/quality/measure_ocr.py [--only DAMAGE ...] [--json FILE]      10 seconds a picture on two idle cores
python tests/quality/measure_ocr.py --scores      how often a line is right, by the recogniser's score for it

Each page is set twice, as pages are: articles in boxes of two or four columns under headlines that span them
(`boxes`), and one stream of four columns (`stream`). `articles_f1`: articles found whole by the project's scorer
(tools/score.py pages); `titles`: headlines right among those. Of their characters, white space aside, in percent:
`cer` wrong, missing or made up; `moved` in stretches of more than five that stand elsewhere or belong to a
neighbour, which is a matter of layout and not of recognition. `text layer`: the same pages read from the PDF's own text, what no recogniser can
surpass. Needs WeasyPrint, Noto CJK and the extra `ocr`; no other data.
"""

from __future__ import annotations

import argparse
import difflib
import html
import io
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import weasyprint
from PIL import Image, ImageFilter

from briefing.ingest import IngestLimits, ocr, pdf
from briefing.ingest.ocr_layout import mended
from briefing.records import RawDocument, Span
from briefing.segment import Splitter, load_splitter, split_document

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools import score  # noqa: E402

# Which tagged sources make a page together.
PAGES = {
    "county": ("county-paper",),
    "city": ("wire-anlan", "evening-paper"),
    "province": ("wire-yuedong",),
}
STYLES = ("boxes", "stream")
_LINE = re.compile(r"(?:-(?P<reason>[a-z]+)|(?P<number>\d+)(?P<role>[ktsybhcr+]))\|(?P<text>.*)")
_CSS = """@page{size:280mm 400mm;margin:12mm}
html{font-family:"Noto Serif CJK SC";font-size:9.5pt;line-height:1.45} body{margin:0}
p{margin:0;text-indent:2em;text-align:justify;orphans:1;widows:1}
h1{font:bold 2.1em/1.2 "Noto Sans CJK SC";margin:.1em 0;text-align:center}
.k,.s{text-align:center;font-size:1.25em} .y{text-align:center} .h{font-weight:bold;text-indent:0}
article{margin-bottom:5mm} .row{display:flex;gap:6mm} .row>article{flex:1}
.mast{border-bottom:1pt solid;margin-bottom:4mm} .mast div:first-child{font:bold 4em "Noto Sans CJK SC"}
.stream{columns:4;column-gap:1.6em} .foot{border-top:.5pt solid;font-size:.9em}"""


# No recogniser misreads more in one place; longer differences are lines in another order.
MAX_MISREAD_CHARS = 5


@dataclass(frozen=True)
class Damage:
    """What printing and scanning do. `noise`: standard deviation in grey levels of 255."""

    dpi: int
    skew_degrees: float = 0.0
    noise: float = 0.0
    blur_pixels: float = 0.0
    jpeg_quality: int = 0


DAMAGES = {
    "300 dpi clean": Damage(300),
    "200 dpi skew 0.8": Damage(200, 0.8, 12, 0.0, 80),
    "150 dpi skew -1.5": Damage(150, -1.5, 18, 0.5, 60),
    "150 dpi skew 3": Damage(150, 3.0, 30, 0.7, 40),
    "150 dpi faint": Damage(150, 2.0, 38, 0.9, 35),
    "150 dpi hopeless": Damage(150, 3.0, 45, 1.0, 30),
}


# The others are refused as too blurred, or should be.
LEGIBLE = [label for label in DAMAGES if label not in ("150 dpi faint", "150 dpi hopeless")]


@dataclass
class Piece:
    """An article as the tagged source has it."""

    heads: dict[str, list[str]] = field(default_factory=lambda: {role: [] for role in "ktsy"})
    body: list[tuple[str, str]] = field(default_factory=list)

    @property
    def gold(self) -> dict[str, Any]:
        return {
            "title": "".join(self.heads["t"]),
            "head": [*self.heads["k"], *self.heads["t"], *self.heads["s"]],
            "body": "\n".join(text for _, text in self.body),
            "caption": any(role == "c" for role, _ in self.body),
        }


def read_source(name: str) -> tuple[list[Piece], list[str]]:
    """The articles of a tagged source (see samples/make_samples.py), and its masthead lines."""
    pieces: dict[str, Piece] = {}
    mast = []
    for line in (ROOT / "samples" / "source" / f"{name}.tagged").read_text("utf-8").splitlines():
        match = _LINE.match(line)
        if not match:
            continue
        text = match["text"].replace("¦", "").replace("\t", " ")
        if match["reason"]:
            mast += [text] if match["reason"] == "masthead" else []
            continue
        piece = pieces.setdefault(match["number"], Piece())
        if match["role"] == "+":
            role, before = piece.body[-1]
            piece.body[-1] = (role, before + text)
        elif match["role"] in "bhcr":
            piece.body.append((match["role"], text))
        else:
            piece.heads[match["role"]].append(text)
    return list(pieces.values()), mast


def _article(piece: Piece, columns: int) -> str:
    head = "".join(f"<div class=k>{html.escape(t)}</div>" for t in piece.heads["k"])
    head += f"<h1>{'<br>'.join(map(html.escape, piece.heads['t']))}</h1>" if piece.heads["t"] else ""
    head += "".join(f"<div class={r}>{html.escape(t)}</div>" for r in "sy" for t in piece.heads[r])
    body = "".join(f"<p class={role}>{html.escape(text)}</p>" for role, text in piece.body)
    return f"<article>{head}<div style='columns:{columns};column-gap:1.4em'>{body}</div></article>"


def typeset(pieces: list[Piece], mast: list[str], style: str) -> bytes:
    """The page as PDF."""
    if style == "stream":
        body = f"<div class=stream>{''.join(_article(p, 1) for p in pieces)}</div>"
    else:
        body = _article(pieces[0], 4)
        for i in range(1, len(pieces), 2):
            pair = pieces[i : i + 2]
            boxes = "".join(_article(p, 2 if len(pair) == 2 else 4) for p in pair)
            body += f"<div class=row>{boxes}</div>"
    top = "".join(f"<div>{html.escape(t)}</div>" for t in mast)
    page = f"<html lang=zh-CN><style>{_CSS}</style><div class=mast>{top}</div>{body}</html>"
    made: bytes = weasyprint.HTML(string=page).write_pdf()
    return made


def scans(made: bytes, damage: Damage, seed: int) -> Iterator[Image.Image]:
    """The pages of a PDF as a scanner would give them; the same for the same seed."""
    rng = np.random.default_rng(seed)
    document = pypdfium2.PdfDocument(made)
    for page in document:
        picture = page.render(scale=damage.dpi / 72).to_pil().convert("L")
        picture = picture.rotate(damage.skew_degrees, Image.Resampling.BICUBIC, fillcolor=255)
        if damage.blur_pixels:
            picture = picture.filter(ImageFilter.GaussianBlur(damage.blur_pixels))
        grey = np.asarray(picture, dtype=np.float64) * 0.9 + 12  # paper is not white, ink not black
        grey = np.clip(grey + rng.normal(0, damage.noise, grey.shape), 0, 255) if damage.noise else grey
        picture = Image.fromarray(grey.astype(np.uint8))
        if damage.jpeg_quality:
            file = io.BytesIO()
            picture.save(file, "JPEG", quality=damage.jpeg_quality)
            picture = Image.open(file)
        yield picture.convert("RGB")
        page.close()
    document.close()


def split(pages: list[str], splitter: Splitter) -> list[dict[str, Any]]:
    text, spans = "", []
    for page in pages:
        spans.append(Span(len(text), len(text) + len(page) + 2))
        text += page + "\n\n"
    document = RawDocument("scan", "image/*", datetime(2026, 1, 1, tzinfo=UTC), "", text, pages=tuple(spans))
    found = split_document(document, splitter)
    return [{"title": a.title, "body": a.text} for a in found.articles]


def differences(found: str, want: str) -> tuple[int, int]:
    """(wrong, moved) characters of `found` beside `want`."""
    wrong = moved = 0
    matcher = difflib.SequenceMatcher(None, want, found, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            size = max(b - a, d - c)
            wrong, moved = (wrong + size, moved) if size <= MAX_MISREAD_CHARS else (wrong, moved + size)
    return wrong, moved


def wrong_characters(gold: list[dict[str, Any]], found: list[dict[str, Any]]) -> tuple[int, int, int]:
    """(wrong, moved, all) characters of the articles found whole, compared with the best match each."""
    wrong = moved = total = 0
    for article in gold:
        best = max(found, key=lambda f: score.overlap(f["body"], article["body"]), default=None)
        if best is not None and score.overlap(best["body"], article["body"]) >= 0.9:
            want = score.norm(article["body"])
            more = differences(score.norm(best["body"]), want)
            wrong, moved, total = wrong + more[0], moved + more[1], total + len(want)
    return wrong, moved, total


def figures(gold: list[dict[str, Any]], pred: list[dict[str, Any]], seconds: float) -> dict[str, float]:
    scored = score.pages(gold, pred)
    pairs = [wrong_characters(g["articles"], p["articles"]) for g, p in zip(gold, pred, strict=True)]
    wrong, moved, total = (sum(column) for column in zip(*pairs, strict=True))
    return {
        "articles": scored["articles"],
        "articles_f1": scored["F1"],
        "titles": scored["title_right_of_found"],
        "cer": round(100 * wrong / max(1, total), 2),
        "moved": round(100 * moved / max(1, total), 2),
        "seconds_a_page": round(seconds / len(gold), 1),
    }


def measure(data_dir: Path | None = None, only: list[str] | None = None) -> dict[str, dict[str, float]]:
    """Figures by kind of scan; `data_dir` is not needed (the pages come from samples/)."""
    splitter = load_splitter()
    made = {}
    for page, names in PAGES.items():
        read = [read_source(name) for name in names]
        pieces = [piece for found, _ in read for piece in found]
        for style in STYLES:
            gold = {"id": f"{page} {style}", "articles": [p.gold for p in pieces]}
            made[f"{page} {style}"] = (typeset(pieces, read[0][1], style), gold)
    results = {}
    for label in only or ["text layer", *LEGIBLE]:
        start, pred = time.perf_counter(), []
        for seed, (name, (document, _)) in enumerate(made.items()):
            if label == "text layer":
                (extracted,) = pdf.ingest(document, name, IngestLimits())
                texts = [extracted.text[s.start : s.end] for s in extracted.pages]
            else:
                pictures = scans(document, DAMAGES[label], seed)
                texts = [ocr.read_picture(picture, name)[0] for picture in pictures]
            pred.append({"id": name, "articles": split(texts, splitter)})
            print(label, name, score.pages([made[name][1]], pred[-1:]), file=sys.stderr, flush=True)
        results[label] = figures([g for _, g in made.values()], pred, time.perf_counter() - start)
    return results


def line_scores() -> dict[str, dict[str, float]]:
    """For each kind of scan, lines and the share of them that are right, under and over `ocr.MIN_LINE_SCORE`."""
    table = {}
    for label, damage in DAMAGES.items():
        rows: list[tuple[float, bool]] = []
        for page in ("city", "province"):
            read = [read_source(name) for name in PAGES[page]]
            pieces = [piece for found, _ in read for piece in found]
            gold = _bare("".join("".join(p.gold["head"]) + p.gold["body"] for p in pieces))
            for picture in scans(typeset(pieces, [], "boxes"), damage, 1):
                lines = [(line.score, _bare(mended(line.text))) for line in ocr.recognise(picture, page)]
                rows += [(value, text in gold) for value, text in lines if len(text) > MAX_MISREAD_CHARS]
        low = [right for value, right in rows if value < ocr.MIN_LINE_SCORE]
        high = [right for value, right in rows if value >= ocr.MIN_LINE_SCORE]
        table[label] = {
            "lines": len(rows),
            "right": round(100 * sum(low + high) / len(rows), 1),
            "unsure": round(100 * len(low) / len(rows), 1),
            "right_of_unsure": round(100 * sum(low) / max(1, len(low)), 1),
            "right_of_sure": round(100 * sum(high) / max(1, len(high)), 1),
        }
    return table


def _bare(text: str) -> str:
    return re.sub("[-—]", "", score.norm(text))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=["text layer", *DAMAGES])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--scores", action="store_true")
    options = parser.parse_args()
    results = line_scores() if options.scores else measure(only=options.only)
    for label, row in results.items():
        print(f"{label:20}", "  ".join(f"{key} {value}" for key, value in row.items()))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1), "utf-8")


if __name__ == "__main__":
    main()

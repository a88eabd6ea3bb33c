"""The samples keep what their answers promise. What the program finds in them is measured elsewhere."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import lxml.html
import pypdfium2
import pytest

from briefing.records import DropReason
from briefing.segment import Splitter, load_splitter
from samples import check_claims, compare, make_samples

SAMPLES = Path(__file__).parents[2] / "samples"
ANSWERS = sorted((SAMPLES / "answers").glob("*.json"))
BUILT = make_samples.build()


def load(path: Path) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return answer


def sample_text(name: str) -> str:
    """All visible text of a sample, without white space, in the package's normal form."""
    path = SAMPLES / name
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        texts = [p.text for p in document.paragraphs]
        texts += [c.text for t in document.tables for r in t.rows for c in r.cells]
        return make_samples.plain("\n".join(texts))
    if path.suffix == ".pdf":
        pages = pypdfium2.PdfDocument(path)
        return make_samples.plain("".join(page.get_textpage().get_text_range() for page in pages))
    if path.suffix == ".html":
        return make_samples.plain(lxml.html.fromstring(path.read_bytes().decode()).text_content())
    return make_samples.plain(path.read_text("utf-8"))


def word_parts(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(body)) as archive:
        return {
            n: archive.read(n) for n in archive.namelist() if n in ("word/document.xml", "docProps/core.xml")
        }


@pytest.mark.parametrize("name", [n for n in BUILT if not n.endswith(".docx")])
def test_built_file_is_the_committed_one(name: str) -> None:
    assert (SAMPLES / name).read_bytes() == BUILT[name], "run: python samples/make_samples.py"


def test_built_word_file_says_what_the_committed_one_says() -> None:
    # Compression and the default template's other parts differ between library releases.
    name = "department-bulletin.docx"
    committed = word_parts((SAMPLES / name).read_bytes())
    assert len(committed) == 2
    assert word_parts(BUILT[name]) == committed


@pytest.mark.parametrize("path", ANSWERS, ids=lambda p: p.stem)
def test_every_edge_of_an_answer_stands_in_its_sample(path: Path) -> None:
    answer = load(path)
    text = sample_text(answer["sample"])
    for article in answer["articles"]:
        start = text.find(article["body_start"])
        assert start >= 0, article["title"]
        assert text.find(article["body_end"], start) > start, article["title"]
        assert len(article["body_start"]) == len(article["body_end"]) == make_samples.EDGE_CHARS
        assert make_samples.plain(article["title"]) in text
        assert make_samples.plain(article["kicker"]) in text
        assert make_samples.plain(article["subtitle"]) in text
        assert make_samples.plain(article["byline"]) in text


@pytest.mark.parametrize("path", ANSWERS, ids=lambda p: p.stem)
def test_every_dropped_line_stands_in_its_sample(path: Path) -> None:
    answer = load(path)
    text = sample_text(answer["sample"])
    assert answer["dropped"]
    for block in answer["dropped"]:
        assert DropReason(block["reason"])
        assert make_samples.plain(block["text"]) in text


@pytest.mark.parametrize("path", ANSWERS, ids=lambda p: p.stem)
def test_only_captions_lack_a_title(path: Path) -> None:
    for article in load(path)["articles"]:
        assert bool(article["title"]) != article["caption"]


# Not the web pages (their furniture is in no answer) nor the bulletin (table cells have no one order).
WHOLE_PAGES = [p for p in ANSWERS if p.stem in ("county-paper", "anlan-daily", "yuedong-daily")]


@pytest.mark.parametrize("path", WHOLE_PAGES, ids=lambda p: p.stem)
def test_an_answer_accounts_for_every_character_of_its_page(path: Path) -> None:
    answer = load(path)
    counted = sum(len(make_samples.plain(b["text"])) for b in answer["dropped"])
    for article in answer["articles"]:
        own_line = "本报讯" not in article["body_start"] and "电（" not in article["body_start"]
        heads = [
            article["title"],
            article["kicker"],
            article["subtitle"],
            article["byline"] if own_line else "",
        ]
        counted += article["body_chars"] + sum(len(make_samples.plain(h)) for h in heads)
    text = sample_text(answer["sample"])
    # Marks before a byline of its own line (■) and 摄 after a photographer belong to no field.
    marks = len(re.findall("[■□]", text)) + len(re.findall("摄$|摄(?=5所)", text))
    assert counted + marks == len(text)


# How far the splitter may depart from a sample's answer (lines of samples/compare.py). A ceiling only falls:
# when this is lower, write it here. 0: split exactly as an editor would.
MAX_DIFFERENCES = {
    "evening-paper.pdf": 0,
    "web-article.html": 0,
    "web-digest.html": 0,
    "wire-copies/anlan-daily.txt": 0,
    "wire-copies/yuedong-daily.txt": 0,
    "department-bulletin.md": 0,
    "department-bulletin.docx": 0,
    "county-paper.txt": 0,
}


@pytest.fixture(scope="module")
def splitter() -> Splitter:
    return load_splitter()


@pytest.mark.parametrize("name", MAX_DIFFERENCES)
def test_splitter_departs_no_further_from_the_answer(name: str, splitter: Splitter) -> None:
    stem = Path(name).stem
    wrong = compare.differences(
        compare.split_sample(SAMPLES / name, splitter), load(SAMPLES / f"answers/{stem}.json")
    )
    assert len(wrong) <= MAX_DIFFERENCES[name], "\n".join(wrong)


def test_every_answer_is_compared() -> None:
    assert {Path(n).stem for n in MAX_DIFFERENCES} == {p.stem for p in ANSWERS}


def test_county_page_breaks_columns_in_mid_word_and_displaces_a_headline() -> None:
    page = (SAMPLES / "county-paper.txt").read_text("utf-8")
    answer = load(SAMPLES / "answers/county-paper.json")
    joins = [j for a in answer["articles"] for j in a["joins"]]
    assert len(joins) == 3
    for join in joins:
        assert join not in make_samples.plain(page.replace("\n\n", "|"))
        assert join in make_samples.plain(page)
    displaced = answer["articles"][5]
    assert page.index("一本“活地图”记心间") > page.index("责任编辑") > page.index("天刚蒙蒙亮")
    assert displaced["byline"] == "本报记者 苏映雪"


def test_rows_have_the_shapes_that_the_readme_names() -> None:
    rows = {r["id"]: r for r in map(json.loads, (SAMPLES / "rows.jsonl").read_text("utf-8").splitlines())}
    assert list(rows) == ["r1", "r2", "r3", "r4", "r5", "r6"]
    assert rows["r2"]["title"] == ""
    assert "title" not in rows["r3"]
    assert len(rows["r4"]["text"]) <= 60
    assert len(rows["r5"]["text"]) > 3000


def test_every_claim_is_about_an_article_that_exists() -> None:
    rows = check_claims.read_claims()
    assert len({r["statement"] for r in rows}) == len(rows)
    true = sum(not r["fault"] for r in rows)
    readme = (SAMPLES / "README.md").read_text("utf-8")
    assert f"{len(rows)} hand-written statements" in readme
    assert f"{true} true and {len(rows) - true} false" in readme
    for row in rows:
        page = make_samples.read_tagged(SAMPLES / f"source/{row['source']}.tagged")
        assert int(row["article"]) in make_samples.collect_articles(page.lines), row["statement"]
        assert row["statement"].endswith("。")


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        pytest.param("gb18030.txt", "gb18030", id="gb18030"),
        pytest.param("utf-16.txt", "utf-16", id="utf-16"),
    ],
)
def test_a_copy_in_another_encoding_is_the_same_page(name: str, encoding: str) -> None:
    page = (SAMPLES / "wire-copies/anlan-daily.txt").read_text("utf-8")
    raw = (SAMPLES / "hostile" / name).read_bytes()
    assert raw.decode(encoding).replace("\r\n", "\n") == page
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")


NAMED = [
    p
    for p in sorted(SAMPLES.rglob("*"))
    if p.suffix in (".txt", ".md", ".docx", ".html", ".jsonl", ".pdf")
    and p.parent.name not in ("answers", "source")
    and p.name != "README.md"
]


@pytest.mark.parametrize("path", NAMED, ids=lambda p: p.name)
def test_every_sample_is_described(path: Path) -> None:
    readme = (SAMPLES / "README.md").read_text("utf-8")
    # The bulletin's Markdown form shares a row with its Word form.
    assert f"{path.name}`" in readme or f"{path.with_suffix('.docx').name}`, `{path.suffix}`" in readme

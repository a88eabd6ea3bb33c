"""The program as a person calls it: real processes, real files, exit codes, and the two contracts."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
PAGE = SAMPLES / "liaocheng-daily-page.txt"
DAY = "2024-04-02"


def briefing(
    *args: object, cwd: Path, stdin: bytes | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "briefing", *map(str, args)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "BRIEFING_LANG": "en", **environment},
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an edition made from the real page."""
    folder = tmp_path_factory.mktemp("edition")
    done = briefing("make", PAGE, "--outlet", "聊城日报", "--date", DAY, "--out", folder, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / DAY


def test_make_writes_the_briefing_in_every_format(edition: Path) -> None:
    assert {"briefing.md", "briefing.html", "briefing.json"} <= {p.name for p in edition.iterdir()}
    made = json.loads((edition / "briefing.json").read_text("utf-8"))
    assert made["schema_version"] == 1
    assert made["date"] == DAY
    assert sum(len(s["items"]) for s in made["sections"]) == 6


def test_every_summary_fits_and_every_sentence_leads_back_to_the_page(edition: Path) -> None:
    made = json.loads((edition / "briefing.json").read_text("utf-8"))
    page = PAGE.read_text("utf-8")
    for item in (i for s in made["sections"] for i in s["items"]):
        summary = item["summary"]
        assert 0 < len("".join(s["text"] for s in summary["sentences"])) <= 150
        article = item["story"]["lead"]
        for sentence in summary["sentences"]:
            assert sentence["sources"]
            for ref in sentence["sources"]:
                start, end = ref["span"]["start"], ref["span"]["end"]
                assert article["text"][start:end].strip()
                assert on_page(page, article, start, end) == squeeze(article["text"][start:end])


def squeeze(text: str) -> str:
    """Without white space, marks in half width: what OCR and normalising may change."""
    return re.sub(r"\s", "", text).translate(str.maketrans("，：；！？（）", ",:;!?()"))


def on_page(page: str, article: dict[str, Any], start: int, end: int) -> str:
    pieces = []
    for run in article["origin"]:
        a, b = max(start, run["text_start"]), min(end, run["text_start"] + run["length"])
        if a < b:
            shift = run["origin_start"] - run["text_start"]
            pieces.append(page[a + shift : b + shift])
    return squeeze("".join(pieces))


def test_make_twice_gives_the_same_bytes(edition: Path, tmp_path: Path) -> None:
    briefing("make", PAGE, "--outlet", "聊城日报", "--date", DAY, "--out", tmp_path, cwd=tmp_path)
    for name in ("briefing.md", "briefing.html", "briefing.json"):
        assert (tmp_path / DAY / name).read_bytes() == (edition / name).read_bytes()


def test_split_keeps_its_contract() -> None:
    done = briefing("split", PAGE, "--jsonl", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    page = PAGE.read_text("utf-8")
    found = rows(done.stdout)
    for row in found:
        assert {"source", "title", "kicker", "subtitle", "byline", "body", "caption", "origin"} <= set(row)
        assert row["source"] == str(PAGE)
        assert squeeze("".join(page[a:b] for a, b in row["origin"])) == squeeze(row["body"])
    assert sum(not r["caption"] for r in found) == 6


def test_summarise_keeps_its_contract_and_the_order() -> None:
    source = SAMPLES / "rows.jsonl"
    given = rows(source.read_text("utf-8"))
    done = briefing("summarise", source, "--jsonl", "--max-chars", 120, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    got = rows(done.stdout)
    assert [r["id"] for r in got] == [r["id"] for r in given]
    for row, out in zip(given, got, strict=True):
        assert out["summary"] == "".join(s["text"] for s in out["sentences"])
        assert 0 < len(out["summary"]) <= 120
        assert out["headline"]
        assert out["engine"].startswith("clauses@")
        assert 1 <= out["importance"] <= 5
        for sentence in out["sentences"]:
            quoted = squeeze("".join(row["text"][a:b] for a, b in sentence["sources"]))
            words = re.sub(r"[^\w%.]", "", sentence["text"])
            assert all(c in quoted for c in words), "every word stands in the quoted source"


def test_summarise_with_the_baseline_engine() -> None:
    done = briefing("summarise", SAMPLES / "rows.jsonl", "--jsonl", "--engine", "lead", cwd=ROOT)
    assert done.returncode == 0
    assert all(r["engine"].startswith("lead@") for r in rows(done.stdout))


def test_check_passes_what_was_made_and_finds_an_edit(edition: Path, tmp_path: Path) -> None:
    assert briefing("check", edition / "briefing.json", cwd=tmp_path).returncode == 0
    made = json.loads((edition / "briefing.json").read_text("utf-8"))
    sentence = next(
        x
        for s in made["sections"]
        for i in s["items"]
        for x in i["summary"]["sentences"]
        if re.search(r"\d", x["text"])
    )
    sentence["text"] = re.sub(r"\d+", lambda m: str(int(m.group()) + 7), sentence["text"], count=1)
    (tmp_path / "edited.json").write_text(json.dumps(made, ensure_ascii=False), "utf-8")
    done = briefing("check", "edited.json", "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert {"numbers", "dates"} & {r["check"] for r in rows(done.stdout)}


def test_render_repeats_the_files_from_json_alone(edition: Path, tmp_path: Path) -> None:
    done = briefing("render", edition / "briefing.json", "--format", "md,html", "--out", tmp_path, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for name in ("briefing.md", "briefing.html"):
        assert (tmp_path / name).read_bytes() == (edition / name).read_bytes()


def test_render_keeps_an_edited_file_unless_forced(edition: Path, tmp_path: Path) -> None:
    args = ("render", edition / "briefing.json", "--format", "md", "--out", tmp_path)
    briefing(*args, cwd=tmp_path)
    (tmp_path / "briefing.md").write_text("人工修改", "utf-8")
    refused = briefing(*args, cwd=tmp_path)
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert (tmp_path / "briefing.md").read_text("utf-8") == "人工修改"
    assert briefing(*args, "--force", cwd=tmp_path).returncode == 0


def test_inspect_says_why(edition: Path, tmp_path: Path) -> None:
    done = briefing("inspect", edition / "briefing.json", "1", cwd=tmp_path)
    assert done.returncode == 0
    assert re.search(r"[+-]\d\.\d\d", done.stdout), "the parts of the score"
    everything = briefing("inspect", edition / "briefing.json", cwd=tmp_path)
    assert "left out" in everything.stdout
    assert briefing("inspect", edition / "briefing.json", "没有这样的条目", cwd=tmp_path).returncode == 1


def test_standard_input_is_an_input(tmp_path: Path) -> None:
    done = briefing("split", "-", "--jsonl", cwd=tmp_path, stdin=PAGE.read_bytes())
    assert done.returncode == 0
    assert len(rows(done.stdout)) == 7


USAGE = [
    pytest.param(["frob"], "frob", id="no such command"),
    pytest.param(["make"], "INPUT", id="no input"),
    pytest.param(["make", "none.txt", "--format", "xls"], "md", id="unknown format"),
    pytest.param(["make", "PAGE", "--engine", "gpt"], "extract", id="unknown engine"),
    pytest.param(["make", "PAGE", "--date", "2.4."], "2026-11-23", id="no date"),
    pytest.param(["make", "PAGE", "--max-chars", "3"], "max_chars", id="limit too small"),
    pytest.param(["make", "PAGE", "--config", "none.toml"], "none.toml", id="no such configuration"),
]


@pytest.mark.parametrize(("args", "named"), USAGE)
def test_wrong_usage_is_one_clear_message_and_exit_2(args: list[str], named: str, tmp_path: Path) -> None:
    done = briefing(*[PAGE if a == "PAGE" else a for a in args], cwd=tmp_path)
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["make", "split", "summarise", "check", "render", "inspect"])
def test_every_command_has_help_with_an_example(command: str, tmp_path: Path) -> None:
    done = briefing(command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert f"briefing {command} " in done.stdout.split("Example:")[1]


@pytest.mark.parametrize(("chosen", "said"), [("zh", "错误："), ("en", "error: ")])
def test_errors_speak_the_chosen_language(chosen: str, said: str, tmp_path: Path) -> None:
    done = briefing("check", "none.json", cwd=tmp_path, BRIEFING_LANG=chosen)
    assert done.returncode == 1
    assert done.stderr.startswith(said)


def test_a_bad_input_among_good_ones_is_listed_and_the_rest_is_done(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "page.txt").write_bytes(PAGE.read_bytes())
    (inputs / "empty.txt").write_bytes(b"")
    (inputs / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    (inputs / "broken.docx").write_bytes(b"PK\x03\x04 not a document")
    (inputs / "a'b\n<c>.txt").write_bytes(b"\xff\xfe\xff\xff\x00\x01")
    done = briefing("make", inputs, "--date", DAY, "--json", cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    report = json.loads(done.stdout)
    assert report["status"] == "partial"
    assert len(report["report"]["skips"]) == 4
    assert len(done.stderr.splitlines()) <= 8, "one line each"
    assert "Traceback" not in done.stderr
    page = (tmp_path / "out" / DAY / "briefing.md").read_text("utf-8")
    assert "empty.txt" in page, "what was left out is printed too"


def test_nothing_usable_is_a_failure_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"  \n")
    done = briefing("make", "empty.txt", cwd=tmp_path)
    assert done.returncode == 1
    assert "empty.txt" in done.stderr
    assert not (tmp_path / "out").exists()


def test_markup_in_a_text_stays_text(tmp_path: Path) -> None:
    text = PAGE.read_text("utf-8").replace(
        "华润生物产业园总投资15亿元", "<script>alert(1)</script>{{ 7*7 }}{% raw %}华润生物产业园总投资15亿元"
    )
    (tmp_path / "page.txt").write_text(text, "utf-8")
    done = briefing("make", "page.txt", "--date", DAY, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    made = (tmp_path / "out" / DAY / "briefing.html").read_text("utf-8")
    assert "<script>alert(1)" not in made
    assert (
        "{{ 7*7 }}" in made
        or "{{ 7*7 }}"
        in json.loads((tmp_path / "out" / DAY / "briefing.json").read_text("utf-8"))["documents"][0]["text"]
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_an_interruption_leaves_nothing_half_written(tmp_path: Path, number: signal.Signals) -> None:
    many = tmp_path / "in"
    many.mkdir()
    page = PAGE.read_text("utf-8")
    for i in range(400):
        (many / f"{i}.txt").write_text(page.replace("聊城", f"某{i}市"), "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "briefing", "make", "in"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    time.sleep(2)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr.decode()
    assert b"Traceback" not in stderr
    assert not list(tmp_path.glob("out/**/*.*"))


def test_a_reader_that_stops_reading_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m briefing split {PAGE} --jsonl | head -c 10"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, check=False, cwd=tmp_path
    )
    assert b"Traceback" not in done.stderr

"""What every format reader promises, on one good input each and on inputs that are none."""

from __future__ import annotations

import json
import random

import pytest

from briefing.errors import SourceError
from briefing.ingest import INGESTERS, SUFFIXES, Extracted, IngestLimits
from briefing.records import Skip
from tests.unit.ingest.makers import MORE, NEWS, column, docx, paragraph, pdf

LIMITS = IngestLimits()
GOOD = {
    "text/plain": f"{NEWS}\n\n{MORE}\n".encode(),
    "text/markdown": f"# 标题\n\n{NEWS}\n\n{MORE}\n".encode(),
    "text/html": f"<html><body><h1>江城启动改造</h1><p>{NEWS}</p><p>{MORE}</p></body></html>".encode(),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": docx(
        paragraph(NEWS) + paragraph(MORE)
    ),
    "application/pdf": pdf([column(f"{NEWS}\n{MORE}", 40, 700, 40)]),
    "application/jsonl": "\n".join(json.dumps({"text": t}) for t in (NEWS, MORE)).encode(),
}
# A scan is not read word for word, and each reading takes seconds: tests/unit/ingest/test_ocr.py has its tests.
KINDS = [pytest.param(kind, id=kind[-12:]) for kind in INGESTERS if kind != "image/*"]
NOISE = {
    "empty": b"",
    "white space": b" \r\n\t ",
    "zeros": b"\x00" * 3000,
    "random": random.Random(5).randbytes(4001),
    "picture": b"\x89PNG\r\n\x1a\n" + random.Random(6).randbytes(800),
    "mojibake": NEWS.encode().decode("latin-1").encode(),
}


def solid(text: str) -> str:
    return "".join(text.split())


def test_every_kind_has_a_reader_an_ending_and_a_case_here() -> None:
    assert set(INGESTERS) == set(SUFFIXES.values()) == {*GOOD, "image/*"}


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_of_a_good_input_is_lost_or_moved(kind: str) -> None:
    documents = INGESTERS[kind](GOOD[kind], "甲", LIMITS)
    text = solid("".join(d.text for d in documents if isinstance(d, Extracted)))
    assert solid(NEWS) + solid(MORE) in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_run_gives_the_same(kind: str) -> None:
    assert INGESTERS[kind](GOOD[kind], "甲", LIMITS) == INGESTERS[kind](GOOD[kind], "甲", LIMITS)


@pytest.mark.parametrize("kind", KINDS)
def test_pages_tile_the_text(kind: str) -> None:
    for document in INGESTERS[kind](GOOD[kind], "甲", LIMITS):
        assert isinstance(document, Extracted)
        if document.pages:
            assert "".join(document.text[p.start : p.end] for p in document.pages) == document.text


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_none_is_our_error_on_one_line(kind: str, noise: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        INGESTERS[kind](noise, "甲", LIMITS)
    assert caught.value.source == "甲"
    assert caught.value.zh
    assert "\n" not in caught.value.zh + caught.value.en


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_inputs_raise_nothing_but_our_error(kind: str) -> None:
    rng = random.Random(kind)
    for _ in range(40):
        body = bytearray(GOOD[kind])
        for _ in range(rng.randint(1, 20)):
            body[rng.randrange(len(body))] = rng.randrange(256)
        cut = bytes(body[: rng.randrange(len(body))]) if rng.random() < 0.3 else bytes(body)
        try:
            documents = INGESTERS[kind](cut, "甲", LIMITS)
        except SourceError:
            continue
        assert all(isinstance(d, Extracted | Skip) for d in documents)

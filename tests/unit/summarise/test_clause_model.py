"""The shipped clause net through transformers and torch: the same values and summaries as through numpy."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from briefing.errors import ConfigError, ResourceError
from briefing.records import Article
from briefing.resources import find
from briefing.summarise import SummaryOptions, load_engine
from briefing.summarise.features import Floats, Reading, read_words
from briefing.summarise.neural import BACKEND_VARIABLE, load_net, load_torch_net
from briefing.summarise.neural_inputs import UnigramTokenizer, WindowLimits, read_batch
from briefing.summarise.scoring import load_scorer, shared_tables
from briefing.summarise.units import read_document
from briefing.text.normalise import normalise
from briefing.text.sentences import split_sentences
from briefing.words import load_lexicon

TEXT = (
    "11月3日，青河市水务局启动旧管网改造，计划两年内更换供水管道186公里。改造总投资4.2亿元，覆盖37个老旧小区。\n"
    "市水务局局长表示，施工期间将分片停水，每次不超过8小时，并提前3天公告。"
)
CASES = [("青河启动旧管网改造", TEXT), ("", TEXT * 12), ("短讯", "青河大桥通车。")]


@pytest.fixture(scope="module")
def clause_model() -> Any:
    pytest.importorskip("torch", reason="extra neural", exc_type=ImportError)
    pytest.importorskip("transformers", reason="extra neural", exc_type=ImportError)
    from briefing.summarise import clause_model_torch

    return clause_model_torch


def to_article(title: str, text: str, number: int = 0) -> Article:
    text = normalise(text).text.strip()
    return Article(str(number), "", title, text, split_sentences(text), ())


def readings_and_rows() -> tuple[list[Reading], list[Floats]]:
    readings = [read_words(read_document(to_article(*c)), load_lexicon(), shared_tables()) for c in CASES]
    scale = load_net()
    draw = np.random.default_rng(3)
    rows = [
        draw.normal(scale.mean, scale.deviation, (len(r.document.units), len(scale.mean))) for r in readings
    ]
    return readings, rows


def test_auto_classes_load_the_shipped_folder_offline(clause_model: Any) -> None:
    import transformers

    folder = find("models", "clauses")
    model = transformers.AutoModel.from_pretrained(folder, local_files_only=True)
    assert isinstance(model, clause_model.ClauseModel)
    described = json.loads((folder / "config.json").read_text("utf-8"))
    assert sum(v.numel() for v in model.state_dict().values()) == described["parameters"]


def test_every_tensor_of_the_files_is_loaded_and_none_is_made_up(clause_model: Any) -> None:
    import transformers

    folder = find("models", "clauses")
    _, told = transformers.AutoModel.from_pretrained(folder, output_loading_info=True)
    assert not told["missing_keys"]
    assert not told["unexpected_keys"]
    assert not told["mismatched_keys"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("青河市水务局启动旧管网改造，", id="clause"),
        pytest.param("<mask><title><pad> PM2.5", id="special pieces written out"),
    ],
)
def test_auto_tokenizer_gives_the_ids_of_the_product(clause_model: Any, text: str) -> None:
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(find("models", "clauses"), local_files_only=True)
    assert tokenizer.encode(text, add_special_tokens=False) == load_net().tokenizer.encode(text)


def test_torch_and_numpy_give_the_same_values(clause_model: Any) -> None:
    readings, rows = readings_and_rows()
    mine, theirs = load_net().batch_values(readings, rows), load_torch_net().batch_values(readings, rows)
    for one, other in zip(mine, theirs, strict=True):
        for a, b in zip(one, other, strict=True):
            assert np.abs(a - b).max() < 1e-4


def test_values_of_a_batch_are_those_of_each_article_alone() -> None:
    net = load_net()
    readings, rows = readings_and_rows()
    for reading, row, together in zip(readings, rows, net.batch_values(readings, rows), strict=True):
        for a, b in zip(net.values(reading, row), together, strict=True):
            assert np.abs(a - b).max() < 1e-5


def test_both_backends_write_the_same_summaries(clause_model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = sorted(find("samples").glob("*.txt"))
    articles = [to_article("", p.read_text("utf-8"), n) for n, p in enumerate(samples)]
    wanted = load_engine("clauses").summarise(articles, SummaryOptions())
    monkeypatch.setenv(BACKEND_VARIABLE, "torch")
    assert load_engine("clauses").summarise(articles, SummaryOptions()) == wanted


def test_an_unknown_backend_names_those_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BACKEND_VARIABLE, "onnx")
    with pytest.raises(ConfigError, match="numpy, torch"):
        load_scorer("net")


def test_the_torch_backend_without_torch_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "briefing.summarise.clause_model_torch", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setenv(BACKEND_VARIABLE, "torch")
    with pytest.raises(ResourceError, match="pip install"):
        load_scorer("net")


def test_a_folder_without_weights_is_told_as_such(clause_model: Any, tmp_path: Path) -> None:
    for path in find("models", "clauses").glob("*.json"):
        shutil.copyfile(path, tmp_path / path.name)
    with pytest.raises(ResourceError, match="cannot load"):
        load_torch_net(tmp_path)


def test_windows_hold_every_clause_once_and_begin_with_the_title() -> None:
    pieces = [("<pad>", 0.0), ("<unk>", 0.0), ("<mask>", 0.0), ("<title>", 0.0), ("青", -3.0)]
    tokenizer = UnigramTokenizer(pieces, special=4, unknown=1)
    document = read_document(to_article("青青", "青青青青，青青青青青。青青青青青青，青青青。"))
    features = np.zeros((len(document.units), 2), np.float32)
    batch = read_batch([document, document], [features, features], tokenizer, WindowLimits(3, 1, 10))
    assert all(w[:2].tolist() == [3, 4] for w in batch.windows)
    assert max(map(len, batch.windows)) <= 10
    bodies = [n for o in batch.owners for n in o[2:].tolist()]
    assert bodies == sorted(bodies)
    assert set(bodies) == set(range(1, 5)) | set(range(6, 10))
    assert [(a, b) for a, b in batch.ranges()] == [(0, 5), (5, 10)]
    assert [n for c in batch.chunks(11) for n in c] == list(range(len(batch.windows)))

"""The clause net: numpy against the libraries that it does without, and what the shipped model promises."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from briefing.errors import ResourceError
from briefing.records import Article
from briefing.resources import find
from briefing.summarise import SummaryOptions, load_engine
from briefing.summarise.features import Reading, read_words
from briefing.summarise.neural import ClauseNet, load_net
from briefing.summarise.neural_inputs import UnigramTokenizer, light_features, places
from briefing.summarise.neural_net import NumpyForward, erf, pooled, read_safetensors
from briefing.summarise.scoring import load_scorer, shared_tables
from briefing.summarise.units import read_document
from briefing.text.sentences import split_sentences
from briefing.words import load_lexicon

NEURAL = Path(__file__).resolve().parents[3] / "models" / "training" / "neural"
TEXT = (
    "11月3日，青河市水务局启动旧管网改造，计划两年内更换供水管道186公里。改造总投资4.2亿元，覆盖37个老旧小区。\n"
    "市水务局局长表示，施工期间将分片停水，每次不超过8小时，并提前3天公告。"
)


def to_article(title: str, text: str) -> Article:
    return Article("a", "", title, text, split_sentences(text), ())


def to_reading(title: str, text: str) -> Reading:
    return read_words(read_document(to_article(title, text)), load_lexicon(), shared_tables())


@pytest.fixture(scope="module")
def net() -> ClauseNet:
    return load_net()


def test_erf_is_that_of_the_standard_library() -> None:
    x = np.linspace(-5, 5, 401, dtype=np.float32)
    assert np.abs(erf(x) - [math.erf(v) for v in x.tolist()]).max() < 1e-6


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("青河市水务局启动旧管网改造，", id="clause"),
        pytest.param("2026年11月23日，98.5%、1260家；", id="digits and marks"),
        pytest.param("龘𠮷龘 PM2.5 上升", id="characters outside the vocabulary, spaces"),
        pytest.param("<mask><title><pad>", id="special pieces written out"),
        pytest.param("", id="empty"),
    ],
)
def test_own_tokenizer_gives_the_ids_of_tokenizer_json(net: ClauseNet, text: str) -> None:
    tokenizers = pytest.importorskip("tokenizers", reason="extra neural")
    shipped = tokenizers.Tokenizer.from_file(str(find("models", "clauses") / "tokenizer.json"))
    assert net.tokenizer.encode(text) == shipped.encode(text, add_special_tokens=False).ids


def test_tokenizer_prefers_the_likelier_pieces() -> None:
    pieces = [("<pad>", 0.0), ("<unk>", 0.0), ("水", -3.0), ("务", -3.0), ("水务", -4.0), ("局", -3.0)]
    tokenizer = UnigramTokenizer(pieces, special=2, unknown=1)
    assert tokenizer.encode("水务局龘龘") == [4, 5, 1]


def test_safetensors_are_read_as_the_library_reads_them(tmp_path: Path) -> None:
    safetensors = pytest.importorskip("safetensors.numpy", reason="extra neural")
    wanted = {"a": np.arange(6, dtype=np.float16).reshape(2, 3), "b": np.array([1.5], np.float32)}
    safetensors.save_file(wanted, tmp_path / "x.safetensors")
    found = read_safetensors(tmp_path / "x.safetensors")
    assert {k: v.tolist() for k, v in found.items()} == {k: v.tolist() for k, v in wanted.items()}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x05\x00\x00\x00\x00\x00\x00\x00nojson", id="no header"),
        pytest.param(b"\xff" * 64, id="noise"),
    ],
)
def test_a_damaged_weight_file_is_told_as_such(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.safetensors").write_bytes(content)
    with pytest.raises(ResourceError, match="damaged"):
        read_safetensors(tmp_path / "x.safetensors")


def test_pooling_takes_mean_and_maximum_of_each_clause() -> None:
    states = np.array([[1, 5], [3, 1], [2, 2]], np.float32)
    found = pooled(states, np.array([0, 2, 0]), 3)
    assert found.tolist() == [[1.5, 3.5, 2, 5], [0, 0, 0, 0], [3, 1, 3, 1]]


def test_places_count_paragraphs_sentences_and_clauses() -> None:
    found = places(read_document(to_article("", TEXT)))
    assert found[:, 0].tolist() == sorted(found[:, 0].tolist())
    assert found[0, :3].tolist() == [0, 0, 0]
    assert found[-1, 0] == 1


def test_light_features_know_the_title_only_when_there_is_one() -> None:
    texts = ["旧管网改造启动", "总投资4.2亿元"]
    assert light_features(texts, "旧管网改造")[0, 0] == 1
    assert light_features(texts, "")[:, :2].sum() == 0


def test_values_are_shares_one_for_each_clause(net: ClauseNet) -> None:
    reading = to_reading("青河启动旧管网改造", TEXT)
    rows = np.tile(np.asarray(net.mean, np.float64), (len(reading.document.units), 1))
    for values in net.values(reading, rows):
        assert values.shape == (len(reading.document.units),)
        assert ((values > 0) & (values < 1)).all()


def test_clauses_of_every_window_are_read(net: ClauseNet) -> None:
    """An article of several windows: its last clause is not cut off, a change there changes its value."""
    long = TEXT * 12
    one, other = to_reading("", long + "全市启动供水保障。"), to_reading("", long + "记者看到一只花猫。")
    rows = np.tile(np.asarray(net.mean, np.float64), (len(one.document.units), 1))
    assert net.values(one, rows)[0][-1] != net.values(other, rows)[0][-1]


def test_net_scorer_gives_the_same_values_alone_and_beside_others() -> None:
    scorer = load_scorer("net")
    readings = [to_reading("", TEXT), to_reading("青河启动旧管网改造", TEXT * 2)]
    together = scorer.scores(readings)
    for reading, values in zip(readings, together, strict=True):
        assert np.allclose(scorer.scores([reading])[0], values, atol=1e-5)


def test_clauses_engine_needs_no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setitem(sys.modules, "transformers", None)
    summary = load_engine("clauses").summarise([to_article("青河启动旧管网改造", TEXT)], SummaryOptions())[0]
    assert "186公里" in summary.text


def test_shipped_files_stay_within_the_limits() -> None:
    sizes = [p.stat().st_size for p in find("models", "clauses").iterdir()]
    assert max(sizes) <= 15_000_000
    assert sum(sizes) <= 60_000_000


def test_a_model_made_for_other_features_is_refused(tmp_path: Path) -> None:
    for path in find("models", "clauses").iterdir():
        (tmp_path / path.name).symlink_to(path)
    config = json.loads((tmp_path / "config.json").read_text("utf-8"))
    config["features"] = config["features"][1:]
    (tmp_path / "config.json").unlink()
    (tmp_path / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(ResourceError, match="features"):
        load_net(tmp_path)


@pytest.fixture
def training() -> Iterator[None]:
    before = list(sys.path)
    sys.path.insert(0, str(NEURAL))
    yield
    sys.path[:] = before


@pytest.mark.usefixtures("training")
@pytest.mark.parametrize(
    "which",
    [pytest.param(0, id="net that reads features"), pytest.param(-1, id="net that reads the text alone")],
)
def test_numpy_gives_what_the_trained_form_gives(net: ClauseNet, which: int) -> None:
    torch = pytest.importorskip("torch", reason="extra neural", exc_type=ImportError)
    assert isinstance(net.forward, NumpyForward)
    only = net.forward.nets[which]
    from corpus import PackBuilder
    from model import ClauseHead, ClauseScorerModel, StackHead, pool, to_device
    from pack import BatchOptions, build_batch
    from settings import ModelSettings
    from tokenizers import Tokenizer

    width = net.settings
    model = ClauseScorerModel(
        width["vocab_size"],
        ModelSettings(
            encoder="convolution",
            hidden=width["hidden"],
            article_hidden=width["article_hidden"],
            article_heads=width["article_heads"],
            article_layers=width["article_layers"],
        ),
    ).eval()
    model.encoder.load_state_dict(
        {k.removeprefix("encoder."): torch.from_numpy(v) for k, v in only.shared.items() if k.startswith("enc")}
    )
    roles = {k.removeprefix("roles."): torch.from_numpy(v) for k, v in only.shared.items() if "roles" in k}
    model.head.roles.load_state_dict(roles)
    stacked = "features.1.weight" in only.heads[0]
    head = (StackHead(model.settings, len(net.mean)) if stacked else ClauseHead(model.settings)).eval()
    head.load_state_dict({k: torch.from_numpy(v) for k, v in only.heads[0].items()}, strict=False)
    reading = to_reading("青河启动旧管网改造", TEXT)
    tokenizer = Tokenizer.from_file(str(find("models", "clauses") / "tokenizer.json"))
    builder = PackBuilder(tokenizer)
    builder.add(reading.document)
    made = build_batch(builder.finish(), np.arange(1), BatchOptions(512, 1.0), np.random.default_rng(0))
    batch = to_device(made, torch.device("cpu"))
    rows = np.random.default_rng(1).normal(net.mean, net.deviation, (len(batch.place) - 1, len(net.mean)))
    features = torch.zeros(len(batch.place), len(net.mean))
    features[1:] = torch.from_numpy(np.clip((rows - net.mean) / net.deviation, -4, 4).astype(np.float32))
    with torch.inference_mode():
        vectors = pool(model.encode(batch), batch.clause_of, len(batch.place))
        logits = head(vectors, batch, features) if isinstance(head, StackHead) else head.score(vectors, batch)
        wanted = torch.sigmoid(logits)[1:, 0].numpy()
    first = NumpyForward((replace(only, heads=only.heads[:1]),), net.forward.article_heads)
    one = replace(net, forward=first)
    assert np.abs(one.values(reading, rows)[0] - wanted).max() < 1e-4

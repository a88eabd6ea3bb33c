"""The neural training scripts on made data: the whole chain, and the parts whose errors no figure would show."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

for needed in ("torch", "transformers", "sentencepiece", "tokenizers", "safetensors"):
    pytest.importorskip(needed, exc_type=ImportError)

NEURAL = Path(__file__).resolve().parents[3] / "models" / "training" / "neural"


@pytest.fixture(scope="module")
def neural() -> Iterator[None]:
    """The scripts import each other as siblings; their folder is on the path for this module only."""
    before = list(sys.path)
    sys.path.insert(0, str(NEURAL))
    yield
    sys.path[:] = before


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the tiny run leaves: run once for the module, in its own process as a person would."""
    folder = tmp_path_factory.mktemp("tiny")
    done = subprocess.run(
        [sys.executable, str(NEURAL / "run_tiny.py"), "--work", str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return folder


@pytest.mark.usefixtures("neural")
def test_tiny_run_exports_a_model_that_auto_model_loads_offline(work: Path) -> None:
    from transformers import AutoModel

    model = AutoModel.from_pretrained(work / "exported", local_files_only=True)
    assert type(model).__name__ == "ModernBertModel"
    assert max(p.stat().st_size for p in (work / "exported").iterdir()) <= 15_100_000


@pytest.mark.usefixtures("neural")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("青河市水务局启动旧管网改造，", id="clause of the training text"),
        pytest.param("2026年11月23日，98.5%、1260家；", id="digits and marks"),
        pytest.param("龘𠮷龘 PM2.5 上升", id="characters outside the vocabulary, spaces"),
        pytest.param("<mask><title><pad>", id="special pieces written out"),
        pytest.param("", id="empty"),
    ],
)
def test_fast_tokenizer_gives_the_ids_of_sentencepiece(work: Path, text: str) -> None:
    import tokenizer
    from tokenizers import Tokenizer

    shipped = Tokenizer.from_file(str(work / "exported" / "tokenizer.json"))
    assert tokenizer.ids_differ(work / "tokenizer" / "spiece.model", shipped, [text]) == []


@pytest.mark.usefixtures("neural")
def test_digits_are_pieces_of_their_own(work: Path) -> None:
    from tokenizers import Tokenizer

    shipped = Tokenizer.from_file(str(work / "exported" / "tokenizer.json"))
    pieces = shipped.encode("完成98家").tokens
    assert [p for p in pieces if any(c.isdigit() for c in p)] == ["9", "8"]


@pytest.mark.usefixtures("neural")
def test_windows_hold_every_token_of_a_long_article_once(work: Path) -> None:
    from pack import BatchOptions, build_batch, load_pack

    pack = load_pack(work / "pack" / "gold")
    article = int(np.argmax(pack.token_counts()))
    batch = build_batch(pack, np.array([article]), BatchOptions(48, 1.0), np.random.default_rng(0))
    body = batch.input_ids[batch.clause_of > 0]
    first, last = (int(pack.clause_start[pack.article_start[article + k]]) for k in (0, 1))
    assert len(batch.input_ids) > 1
    assert batch.input_ids.shape[1] <= 48
    assert body.tolist() == pack.tokens[first:last].tolist()


@pytest.mark.usefixtures("neural")
def test_salience_is_not_asked_where_the_headline_is_shown(work: Path) -> None:
    from pack import BatchOptions, build_batch, load_pack

    pack = load_pack(work / "pack" / "corpus")
    articles = pack.with_salience()[:4]
    hidden, shown = (
        build_batch(pack, articles, BatchOptions(64, share), np.random.default_rng(0)).salience
        for share in (0, 1)
    )
    assert np.isfinite(hidden).any()
    assert np.isnan(shown).all()


@pytest.mark.usefixtures("neural")
def test_masking_never_hides_special_tokens_and_stays_inside_clauses(work: Path) -> None:
    import torch
    from pack import SPECIAL, BatchOptions, build_batch, load_pack
    from pretrain import hide_tokens

    pack = load_pack(work / "pack" / "corpus")
    batch = build_batch(pack, np.arange(20), BatchOptions(64, 1.0), np.random.default_rng(0))
    ids, owner = torch.from_numpy(batch.input_ids), torch.from_numpy(batch.clause_of)
    torch.manual_seed(0)
    masked, hidden = hide_tokens(ids, owner, 0.25, 400)
    assert not hidden[ids < SPECIAL].any()
    assert torch.equal(masked[~hidden], ids[~hidden])
    assert 0.15 < hidden[ids >= SPECIAL].float().mean() < 0.35


@pytest.mark.usefixtures("neural")
def test_gain_labels_value_a_clause_that_could_replace_a_chosen_one() -> None:
    from corpus import gain_labels

    units = ["全市新建学校12所", "全市今年新建学校12所", "阳光洒在湖面上"]
    gains = gain_labels(units, "全市新建学校12所。")
    assert gains[0] > gains[1] > gains[2] == 0


@pytest.mark.usefixtures("neural")
def test_corpus_leaves_out_dev_gold_duplicates_and_late_bulletins(work: Path, tmp_path: Path) -> None:
    import json
    import lzma
    import shutil
    from collections import Counter

    from corpus import chosen
    from settings import CorpusSettings

    data = tmp_path / "data"
    shutil.copytree(work / "data", data)

    def rows(name: str) -> list[dict]:
        with lzma.open(data / name, "rt", encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    dev, gold = rows("gold/dev.jsonl.xz")[0], rows("gold/train.jsonl.xz")[0]
    fresh = {
        "title": "新规施行",
        "brief": "",
        "text": "青河市出台新规定，明确十二项便民措施，自下月起在全市各窗口单位施行，旧的办法同时停止执行。",
    }
    late = fresh | {"text": fresh["text"].replace("青河市", "临江县")}
    days = [
        {
            "date": "2020-05-01",
            "items": [{"title": "一", "brief": "", "text": text} for text in (dev["text"], gold["text"])],
        },
        {"date": "2020-05-02", "items": [fresh, fresh]},
        {"date": "2024-09-01", "items": [late]},
    ]
    with lzma.open(data / "bulletins/xwlb_2012_2025.jsonl.xz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(day, ensure_ascii=False) + "\n" for day in days)
    texts = [raw.text for raw in chosen(data, CorpusSettings(), Counter()) if raw.source == "bulletins"]
    assert texts == [fresh["text"]]


@pytest.mark.usefixtures("neural")
def test_settings_name_the_key_that_is_unknown(tmp_path: Path) -> None:
    from settings import load_settings

    path = tmp_path / "run.toml"
    path.write_text('name = "x"\n[model]\nlayer = 3\n', "utf-8")
    with pytest.raises(SystemExit, match="layer"):
        load_settings(path)


@pytest.mark.usefixtures("neural")
def test_tiny_run_exports_a_clause_net_that_the_product_loads(work: Path) -> None:
    """The CPU route; export_clauses.py itself stops when the reloaded values differ from the trained ones."""
    from briefing.summarise.neural import load_net

    net = load_net(work / "cpu" / "exported")
    assert len(net.settings["features"]) == len(net.mean)
    kinds = [(n["heads"], n["reads_features"]) for n in net.settings["nets"]]
    assert kinds == [(2, True), (1, False), (1, False)]
    scores = np.load(work / "cpu" / "stack" / "net.npz")
    of_fold = np.repeat(scores["fold"], np.diff(scores["bounds"]))
    assert np.isfinite(scores["logits"]).all()
    assert scores["logits"][0, np.isin(of_fold, [0, 1])].any(axis=1).all()

"""Model folders are recognised, registered with the hash of every file, and found again or named as changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from briefing.cli import run
from briefing.errors import BriefingError, ConfigError, ResourceError
from briefing.model_cards import (
    add_model,
    describe_folder,
    find_model,
    load_catalogue,
    models_home,
    registered,
    verify_model,
)

T5 = {"architectures": ["T5ForConditionalGeneration"], "model_type": "t5", "is_encoder_decoder": True}
QWEN = {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "max_position_embeddings": 32768}
PEGASUS = {
    "architectures": ["PegasusForConditionalGeneration"],
    "model_type": "pegasus",
    "max_position_embeddings": 512,
}
BERT_WORDS = "[PAD]\n[unused1]\n[unused2]\n[UNK]\n[CLS]\n[SEP]\n市\n"


def folder_of(parent: Path, config: dict[str, Any], name: str = "model", **files: str) -> Path:
    """A model folder as far as its card is concerned; the weights are no weights."""
    folder = parent / name
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    (folder / "model.safetensors").write_bytes(b"weights")
    for key, content in files.items():
        (folder / key.replace("__", ".")).write_text(content, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("config", "files", "loader", "layout", "limit"),
    [
        pytest.param(T5, {"spiece__model": "x"}, "seq2seq", "auto", 1024, id="T5: relative positions"),
        pytest.param(
            PEGASUS | {"eos_token_id": 5},
            {"vocab__txt": BERT_WORDS},
            "seq2seq",
            "bert",
            512,
            id="Pegasus, BERT vocabulary",
        ),
        pytest.param(
            PEGASUS | {"eos_token_id": 1},
            {"vocab__txt": BERT_WORDS},
            "seq2seq",
            "randeng",
            512,
            id="Randeng-Pegasus",
        ),
        pytest.param(
            PEGASUS | {"eos_token_id": 1},
            {"tokenizer__json": "{}"},
            "seq2seq",
            "auto",
            512,
            id="Pegasus, own tokenizer",
        ),
        pytest.param(
            QWEN, {"tokenizer_config__json": '{"chat_template": "x"}'}, "instruct", "auto", 8192, id="Qwen"
        ),
        pytest.param(
            QWEN, {"chat_template__jinja": "x"}, "instruct", "auto", 8192, id="template in a file of its own"
        ),
        pytest.param(
            QWEN,
            {"chat_template__jinja": "x", "tokenizer_config__json": '{"model_max_length": 2048}'},
            "instruct",
            "auto",
            2048,
            id="shorter tokenizer limit",
        ),
        pytest.param(
            QWEN,
            {"chat_template__jinja": "x", "tokenizer_config__json": '{"model_max_length": 1e30}'},
            "instruct",
            "auto",
            8192,
            id="limit that means none",
        ),
    ],
)
def test_the_engine_the_tokenizer_and_the_limit_follow_from_the_files(
    tmp_path: Path, config: dict[str, Any], files: dict[str, str], loader: str, layout: str, limit: int
) -> None:
    card = describe_folder(folder_of(tmp_path, config, **files))
    assert (card.loader, card.tokenizer, card.max_input_tokens) == (loader, layout, limit)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        pytest.param(QWEN, "chat template", id="base model without a chat template"),
        pytest.param(
            QWEN | {"model_type": "novel", "auto_map": {"AutoModel": "x.Y"}},
            "auto_map",
            id="needs code of its own",
        ),
        pytest.param(
            {"architectures": ["BertForMaskedLM"], "model_type": "bert"}, "BertForMaskedLM", id="an encoder"
        ),
        pytest.param({}, "not supported", id="no architecture"),
    ],
)
def test_a_folder_that_cannot_be_used_says_why(tmp_path: Path, config: dict[str, Any], said: str) -> None:
    with pytest.raises(ResourceError) as caught:
        describe_folder(folder_of(tmp_path, config))
    assert said in caught.value.en


@pytest.mark.parametrize("content", [pytest.param("[]", id="a list"), pytest.param("{", id="no JSON")])
def test_a_damaged_configuration_is_an_error_of_ours(tmp_path: Path, content: str) -> None:
    folder = folder_of(tmp_path, T5)
    (folder / "config.json").write_text(content, "utf-8")
    with pytest.raises(ResourceError):
        describe_folder(folder)


def test_a_registered_model_is_found_by_its_name_and_its_revision_follows_its_files(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", folder_of(tmp_path, T5)
    first = add_model(folder, home, name="mine")
    assert find_model("mine", home) == first == registered(home)["mine"]
    assert set(first.files) == {"config.json", "model.safetensors"}
    (folder / "model.safetensors").write_bytes(b"other weights")
    assert add_model(folder, home, name="mine").revision != first.revision


def test_a_folder_needs_no_registering_and_its_revision_follows_its_files(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, T5)
    first = find_model(str(folder), tmp_path / "home")
    (folder / "model.safetensors").write_bytes(b"weightz")
    assert find_model(str(folder), tmp_path / "home").revision != first.revision


def _shorter(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"")


def _gone(folder: Path) -> None:
    (folder / "config.json").unlink()


@pytest.mark.parametrize(
    "change", [pytest.param(_shorter, id="other size"), pytest.param(_gone, id="file gone")]
)
def test_a_changed_model_is_not_loaded(tmp_path: Path, change: Callable[[Path], None]) -> None:
    home, folder = tmp_path / "home", folder_of(tmp_path, T5)
    add_model(folder, home)
    change(folder)
    with pytest.raises(ResourceError, match="models verify"):
        find_model("model", home)


def test_verifying_reads_every_file_whole(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", folder_of(tmp_path, T5, vocab__txt="a\nb\n")
    card = add_model(folder, home)
    assert verify_model(card) == []
    (folder / "model.safetensors").write_bytes(b"weightz")
    (folder / "vocab.txt").unlink()
    (folder / "extra.json").write_text("{}", "utf-8")
    found = {p.file: p.en for p in verify_model(card)}
    assert found == {
        "model.safetensors": "changed",
        "vocab.txt": "missing",
        "extra.json": "came after it was registered",
    }


def test_an_unknown_model_lists_what_is_registered_and_how_to_fetch(tmp_path: Path) -> None:
    home = tmp_path / "home"
    add_model(folder_of(tmp_path, T5), home, name="mine")
    with pytest.raises(ConfigError, match="mine"):
        find_model("nope", home)
    with pytest.raises(ConfigError, match="models fetch mt5-xlsum"):
        find_model("mt5-xlsum", home)


@pytest.mark.parametrize(
    "name", [pytest.param("../x", id="path"), pytest.param("a b", id="blank"), pytest.param("模型", id="hanzi")]
)
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError):
        add_model(folder_of(tmp_path, T5), tmp_path / "home", name=name)


def test_the_catalogue_gives_limits_to_a_folder_that_is_one_of_its_models(tmp_path: Path) -> None:
    card = add_model(folder_of(tmp_path, T5), tmp_path / "home", entry_name="mt5-xlsum")
    assert card.max_input_tokens == 512
    assert "NC" in card.licence
    with pytest.raises(ResourceError, match=r"qwen2\.5"):
        describe_folder(folder_of(tmp_path, T5, "b"), entry_name="qwen2.5-0.5b-instruct")
    with pytest.raises(ConfigError, match="mt5-xlsum"):
        describe_folder(folder_of(tmp_path, T5, "c"), entry_name="nope")


def test_the_shipped_catalogue_names_a_trap_of_every_model() -> None:
    catalogue = load_catalogue()
    assert len(catalogue) >= 10
    assert all(zh and en for entry in catalogue.values() for zh, en in entry.traps)
    assert all(entry.traps for entry in catalogue.values())
    assert not any(e.commercial for e in catalogue.values() if "NC" in e.licence or "not stated" in e.licence)


ENTRY = 'repo="a/b"\nloader="seq2seq"\nlicence="MIT"\ncommercial=true\ntuned=true\nparameters_millions=1\nlanguages=["zh"]\nmax_input_tokens=512\n'


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('colour="red"', id="unknown key"),
        pytest.param('tokenizer="english"', id="unknown tokenizer"),
        pytest.param("max_output_tokens=0", id="limit out of range"),
        pytest.param('traps=["one language"]', id="trap in one language"),
    ],
)
def test_a_wrong_catalogue_entry_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "catalog.toml"
    path.write_text(f"[good]\n{ENTRY}[wrong-one]\n{ENTRY}{line}\n", "utf-8")
    with pytest.raises(ResourceError, match="wrong-one"):
        load_catalogue(path)


@pytest.mark.parametrize(
    ("environment", "home"),
    [
        pytest.param({"BRIEFING_MODELS": "/a"}, Path("/a"), id="own variable"),
        pytest.param({"XDG_DATA_HOME": "/d"}, Path("/d/briefing/models"), id="data folder"),
        pytest.param({}, Path.home() / ".local/share/briefing/models", id="default"),
    ],
)
def test_the_models_folder_follows_the_environment(environment: dict[str, str], home: Path) -> None:
    assert models_home(environment) == home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BRIEFING_MODELS", str(tmp_path / "home"))
    monkeypatch.setenv("BRIEFING_LANG", "en")
    return tmp_path / "home"


def test_commands_add_list_show_and_verify(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of(tmp_path, T5)
    assert run(["models", "add", str(folder), "--name", "mine", "--entry", "mt5-xlsum"]) == 0
    assert run(["models", "list"]) == 0
    assert run(["models", "show", "mine"]) == 0
    assert run(["models", "verify"]) == 0
    said = capsys.readouterr().out
    assert "mine@" in said
    assert "CC BY-NC-SA" in said
    (folder / "model.safetensors").write_bytes(b"weightz")
    assert run(["models", "verify", "mine"]) == 1
    assert "changed" in capsys.readouterr().out


def test_list_as_json_holds_what_is_registered_and_the_catalogue(
    home: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    add_model(folder_of(tmp_path, T5), home, name="mine")
    assert run(["models", "list", "--json"]) == 0
    found = json.loads(capsysbinary.readouterr().out)
    assert [m["name"] for m in found["registered"]] == ["mine"]
    assert found["catalogue"]["mt5-xlsum"]["commercial"] is False


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["models", "verify", "nope"], 2, id="verify an unknown model"),
        pytest.param(["models", "show", "nope"], 2, id="show an unknown model"),
        pytest.param(["models", "add", "nowhere"], 1, id="add no folder"),
        pytest.param(["models", "fetch", "mt5-xlsum"], 2, id="fetch without leave"),
        pytest.param(["models", "fetch", "not a name", "--allow-download"], 2, id="fetch what is no name"),
        pytest.param(["models", "burn"], 2, id="unknown command"),
        pytest.param(["summarise", "x.txt", "--model", "nope"], 2, id="summarise with an unknown model"),
        pytest.param(["summarise", "x.txt", "--engine", "seq2seq"], 2, id="engine without its model"),
    ],
)
def test_usage_errors_have_their_exit_code(home: Path, arguments: list[str], code: int) -> None:
    assert run(arguments) == code
    assert not home.exists()


def test_a_damaged_registration_is_named(home: Path) -> None:
    home.mkdir()
    (home / "mine.json").write_text("{}", "utf-8")
    with pytest.raises(BriefingError, match=r"mine\.json"):
        registered(home)

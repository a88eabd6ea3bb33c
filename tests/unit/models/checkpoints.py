"""Tiny random-weight checkpoints in the layouts of real model families, saved as their authors save them.

What they write is nonsense: they test loading, tokenising, limits and the gate, not quality.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

NEWS = (
    "4月8日，青禾市政府召开新闻发布会，介绍一季度重点项目建设情况。市发展和改革委员会副主任陈松介绍，"
    "一季度全市150个市级重点项目开工112个，完成投资86.4亿元，占年度计划的27.5%。"
    "其中，产业类项目完成投资52.1亿元，同比增长18.6%。\n"
    "陈松表示，二季度将新开工项目30个，力争上半年完成年度投资计划的55%；对进度滞后的项目，实行周调度、月通报。"
    "此外，全市还将开展项目用地专项清理，计划盘活存量土地1200亩。"
)
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}"
)
_SIZES = {"d_model": 32, "encoder_layers": 1, "decoder_layers": 1}
_HEADS = {"encoder_attention_heads": 2, "decoder_attention_heads": 2}
_INNER = {"encoder_ffn_dim": 64, "decoder_ffn_dim": 64}


def _characters() -> list[str]:
    return sorted({c for c in NEWS if not c.isspace()})


def _bert_words(*, before: tuple[str, ...] = ("[PAD]", "[unused1]", "[unused2]", "[unused3]")) -> list[str]:
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)]
    continued = [f"##{c}" for c in "0123456789" + "".join(letters)]
    words = [*before, "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    return list(dict.fromkeys([*words, *_characters(), *letters, *"0123456789", *continued]))


def _write_vocabulary(folder: Path, words: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", "utf-8")


def _save(model: Any, folder: Path, **settings: Any) -> Path:
    for name, value in settings.items():
        setattr(model.config, name, value)
    model.save_pretrained(folder)
    return folder


def _t5_config(kind: str, vocab_size: int) -> Any:
    import transformers

    return getattr(transformers, kind)(
        vocab_size=vocab_size,
        d_model=32,
        d_kv=16,
        d_ff=64,
        num_layers=1,
        num_heads=2,
        decoder_start_token_id=0,
        pad_token_id=0,
        eos_token_id=1,
    )


def make_t5(folder: Path) -> Path:
    """T5 with a tokenizer.json (unigram, T5's special tokens)."""
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -3.0)]
    pieces += [(c, -4.0 - i / 100) for i, c in enumerate(_characters())]
    inner = Tokenizer(models.Unigram(pieces, unk_id=2))
    inner.pre_tokenizer = pre_tokenizers.Metaspace()
    inner.decoder = decoders.Metaspace()
    inner.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )
    tokenizer.save_pretrained(folder)
    return _save(transformers.T5ForConditionalGeneration(_t5_config("T5Config", len(pieces))), folder)


def make_mt5(folder: Path) -> Path:
    """mT5 as it is published: spiece.model and no tokenizer.json."""
    import sentencepiece
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "spiece.model").open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(NEWS.replace("\n", "") for _ in range(3)),
            model_writer=file,
            vocab_size=160,
            hard_vocab_limit=False,
            model_type="unigram",
            pad_id=0,
            eos_id=1,
            unk_id=2,
            bos_id=-1,
            minloglevel=2,
        )
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "T5Tokenizer", "extra_ids": 0}), "utf-8"
    )
    config = _t5_config("MT5Config", 320)
    return _save(transformers.MT5ForConditionalGeneration(config), folder)


def make_bart(folder: Path) -> Path:
    """BART with a BERT vocabulary, as fnlp/bart-base-chinese: vocab.txt alone."""
    import transformers

    words = _bert_words(before=("[PAD]", "[unused1]"))
    _write_vocabulary(folder, words)
    ids = {w: i for i, w in enumerate(words)}
    config = transformers.BartConfig(
        vocab_size=len(words),
        max_position_embeddings=256,
        pad_token_id=0,
        bos_token_id=ids["[CLS]"],
        eos_token_id=ids["[SEP]"],
        decoder_start_token_id=ids["[SEP]"],
        forced_eos_token_id=ids["[SEP]"],
        **_SIZES,
        **_HEADS,
        **_INNER,
    )
    return _save(transformers.BartForConditionalGeneration(config), folder)


def _pegasus(words: list[str], end: str, folder: Path) -> Path:
    import transformers

    config = transformers.PegasusConfig(
        vocab_size=len(words),
        max_position_embeddings=256,
        pad_token_id=0,
        eos_token_id=words.index(end),
        forced_eos_token_id=words.index(end),
        decoder_start_token_id=0,
        **_SIZES,
        **_HEADS,
        **_INNER,
    )
    return _save(transformers.PegasusForConditionalGeneration(config), folder)


def make_pegasus(folder: Path) -> Path:
    """Pegasus with a plain BERT vocabulary; a text ends with [SEP]."""
    words = _bert_words()
    _write_vocabulary(folder, words)
    return _pegasus(words, "[SEP]", folder)


def make_randeng(folder: Path) -> Path:
    """Randeng-Pegasus: whole words beside characters, [unused1] ends a text, a tokenizer class of its own."""
    words = [*_bert_words(), "项目", "建设", "完成投资", "重点", "市政府", "计划"]
    _write_vocabulary(folder, words)
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "PegasusTokenizer", "do_lower_case": True, "eos_token": "</s>"}), "utf-8"
    )
    return _pegasus(words, "[unused1]", folder)


def make_qwen2(folder: Path) -> Path:
    """Qwen2: byte-level BPE with ChatML control tokens and a chat template."""
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator([NEWS], trainer)
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = CHAT_TEMPLATE
    tokenizer.save_pretrained(folder)
    config = transformers.Qwen2Config(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=4096,
        eos_token_id=tokenizer.eos_token_id,
    )
    return _save(transformers.Qwen2ForCausalLM(config), folder)


SEQ2SEQ: dict[str, Callable[[Path], Path]] = {
    "t5": make_t5,
    "mt5": make_mt5,
    "bart": make_bart,
    "pegasus": make_pegasus,
    "randeng": make_randeng,
}
MAKERS = {**SEQ2SEQ, "qwen2": make_qwen2}


def make(kind: str, folder: Path) -> Path:
    """The checkpoint, the same on every machine: weights are drawn from a fixed seed."""
    import torch

    torch.manual_seed(7)
    return MAKERS[kind](folder)

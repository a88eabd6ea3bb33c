"""Act 1: sentencepiece unigram vocabulary -> tokenizer.json (the fast form, which is what ships).

    python models/training/neural/tokenizer.py --config CONFIG --work DIR [--data DIR]     some minutes on one
    core

Digits are single pieces, so a number is read digit by digit. No byte fallback: a character outside the
vocabulary is one <unk>, and the extract copies its characters from the source anyway. Both forms must give
the same ids: `main` checks that on the sample's text and stops when they differ.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sentencepiece as spm
from corpus import DEFAULT_DATA, chosen
from extract_data import article
from pack import MASK, PAD, SPECIAL, TITLE, UNK
from settings import load_settings
from tokenizers import Tokenizer, decoders, pre_tokenizers
from tokenizers.models import Unigram

from briefing.summarise.units import read_document

SPECIAL_PIECES = {PAD: "<pad>", UNK: "<unk>", MASK: "<mask>", TITLE: "<title>"}
# Every k-th clause of the corpus is compared in both forms.
CHECK_EVERY = 100


def train(clauses: Iterator[str], prefix: Path, *, vocab_size: int, coverage: float, seed: int) -> None:
    """Writes `prefix`.model."""
    spm.set_random_generator_seed(seed)
    spm.SentencePieceTrainer.train(
        sentence_iterator=clauses,
        model_prefix=str(prefix),
        model_type="unigram",
        vocab_size=vocab_size,
        character_coverage=coverage,
        split_digits=True,
        byte_fallback=False,
        normalization_rule_name="identity",
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        max_sentencepiece_length=8,
        hard_vocab_limit=False,
        pad_id=PAD,
        unk_id=UNK,
        bos_id=-1,
        eos_id=-1,
        control_symbols=[SPECIAL_PIECES[MASK], SPECIAL_PIECES[TITLE]],
        num_threads=1,
        minloglevel=1,
    )


def fast_form(model: Path) -> Tokenizer:
    """The same segmentation as `model` (sentencepiece), as a tokenizers.Tokenizer."""
    processor = spm.SentencePieceProcessor(model_file=str(model))
    pieces = [(processor.id_to_piece(i), processor.get_score(i)) for i in range(len(processor))]
    if [p for p, _ in pieces[:SPECIAL]] != list(SPECIAL_PIECES.values()):
        raise SystemExit(f"{model.name}: first pieces are {[p for p, _ in pieces[:SPECIAL]]}")
    # tokenizers matches every piece of the vocabulary, special ones too, and an article may contain "<mask>". A
    # special piece is named with a blank, which text never has: Metaspace has turned those into "▁".
    vocab = [(p if i >= SPECIAL else p.replace(">", " >"), s) for i, (p, s) in enumerate(pieces)]
    fast = Tokenizer(Unigram(vocab, unk_id=UNK, byte_fallback=False))
    fast.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="never", split=False)
    fast.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="never", split=False)
    return fast


def ids_differ(model: Path, fast: Tokenizer, texts: Sequence[str]) -> list[str]:
    """The texts that the two forms cut differently."""
    processor: Any = spm.SentencePieceProcessor(model_file=str(model))
    return [t for t in texts if processor.encode(t) != fast.encode(t, add_special_tokens=False).ids]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    args = parser.parse_args(argv)
    settings = load_settings(args.config)
    texts: list[str] = []
    counts: Counter[str] = Counter()
    for raw in chosen(args.data, settings.corpus, counts):
        # One article in five is plenty for a vocabulary, and five times faster to cut.
        if sum(counts.values()) % 5 == 0:
            texts += [u.text + u.mark for u in read_document(article("", raw.text)).units]
    step = -(-len(texts) // settings.tokenizer.sample_clauses)
    sample = texts[::step]
    print(f"{len(texts)} clauses, every {step}. is used", flush=True)
    folder = args.work / "tokenizer"
    folder.mkdir(parents=True, exist_ok=True)
    train(
        iter(sample),
        folder / "spiece",
        vocab_size=settings.tokenizer.vocab_size,
        coverage=settings.tokenizer.character_coverage,
        seed=settings.seed,
    )
    fast = fast_form(folder / "spiece.model")
    checked = texts[::CHECK_EVERY]
    if different := ids_differ(folder / "spiece.model", fast, checked):
        sys.exit(f"{len(different)} of {len(checked)} clauses are cut differently, e.g. {different[0]!r}")
    fast.save(str(folder / "tokenizer.json"))
    pieces = sum(len(fast.encode(t).ids) for t in checked)
    chars = sum(map(len, checked))
    unknown = sum(fast.encode(t).ids.count(UNK) for t in checked)
    rate = 100 * unknown / pieces
    print(f"{fast.get_vocab_size()} pieces, {chars / pieces:.2f} characters a piece, {rate:.3f} % unknown")


if __name__ == "__main__":
    main()

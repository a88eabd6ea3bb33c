"""Sequence-to-sequence models from a local folder: T5, mT5, BART, Pegasus, Randeng-Pegasus."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from briefing import inference
from briefing.model_cards import Card
from briefing.prompts import neutralise
from briefing.summarise.coders import Coder, load_coder
from briefing.summarise.writing import Reply, Request

REVISION = "1"
# What mT5-XLSum's own configuration asks for. Not swept here: no real weights were at hand.
_BEAMS = 4
# Tokens of one padded batch: bounds memory (four beams keep as many states); not swept.
_BATCH_TOKENS = 4096
# Beside one token a character, which is never too few for Chinese but for rare characters spelled in bytes.
_SPARE_TOKENS = 8
_MAX_WINDOWS = 16


class Seq2SeqWriter:
    """`card`: what is known of the model; its folder is read here, once."""

    prompt = ""
    max_windows = _MAX_WINDOWS
    batch = 8

    def __init__(self, card: Card) -> None:
        self.card = card
        self.coder: Coder = load_coder(card)
        self.model: Any = inference.load_pretrained("AutoModelForSeq2SeqLM", Path(card.folder))
        self.model.eval()
        self.model.float()
        opening = len(self.coder.encode(card.prefix))
        self.max_input_tokens = max(1, card.max_input_tokens - opening)

    @property
    def name(self) -> str:
        return f"seq2seq:{self.card.name}"

    @property
    def revision(self) -> str:
        return f"{REVISION}-{self.card.revision}"

    def count(self, text: str) -> int:
        return self.coder.count(neutralise(text, self.coder.control_tokens))

    def write(self, requests: Sequence[Request]) -> list[Reply]:
        rows = [self.coder.encode(self.card.prefix + self._safe(r.text)) for r in requests]
        replies: dict[int, Reply] = {}
        for batch in inference.token_batches([len(r) for r in rows], _BATCH_TOKENS):
            budget = max(requests[i].max_chars for i in batch) + _SPARE_TOKENS
            made = self._generate([rows[i] for i in batch], min(budget, self.card.max_output_tokens))
            replies |= dict(zip(batch, made, strict=True))
        return [replies[i] for i in range(len(requests))]

    def _safe(self, text: str) -> str:
        return neutralise(text, self.coder.control_tokens).replace("\n", "")

    def _generate(self, rows: Sequence[Sequence[int]], budget: int) -> list[Reply]:
        torch = inference.need_torch()
        ids, mask = inference.pad(rows, self.coder.pad_id)
        with torch.inference_mode():
            made = self.model.generate(
                input_ids=torch.tensor(ids),
                attention_mask=torch.tensor(mask),
                generation_config=self._settings(budget),
            ).tolist()
        ends = self._end_ids()
        replies = []
        for row in made:
            body = row[1:]  # the first is the decoder's start
            stop = next((k for k, i in enumerate(body) if i in ends), len(body))
            replies.append(Reply(self.coder.decode(body[:stop]), cut=stop == len(body)))
        return replies

    def _end_ids(self) -> set[int]:
        end = self._setting("eos_token_id")
        return set(end) if isinstance(end, list) else {end} if end is not None else set()

    def _setting(self, name: str) -> Any:
        """A token id; transformers 5 keeps some in the configuration, some in the generation settings."""
        own = getattr(self.model.config, name, None)
        return own if own is not None else getattr(self.model.generation_config, name, None)

    def _settings(self, budget: int) -> Any:
        """Beam search and nothing of what the folder's own generation settings ask for: they are made for other
        lengths (`forced_eos_token_id` would hide that the budget ran out)."""
        start = self._setting("decoder_start_token_id")
        return inference.need_transformers().GenerationConfig(
            max_new_tokens=budget,
            num_beams=_BEAMS,
            do_sample=False,
            early_stopping=True,
            pad_token_id=self.coder.pad_id,
            eos_token_id=self._setting("eos_token_id"),
            bos_token_id=self._setting("bos_token_id"),
            decoder_start_token_id=start if start is not None else self.coder.pad_id,
        )

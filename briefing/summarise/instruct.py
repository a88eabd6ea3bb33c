"""Instruct models from a local folder (Qwen and the like): asked through their own chat template."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from briefing import inference
from briefing.errors import ResourceError
from briefing.model_cards import Card
from briefing.prompts import Message, Prompt
from briefing.summarise.asking import MIN_TEXT_TOKENS, messages_for
from briefing.summarise.writing import Reply, Request

REVISION = "1"
_MAX_WINDOWS = 16


class InstructWriter:
    """`prompt_file`: what the model is told; `card`: its folder is read here, once."""

    max_windows = _MAX_WINDOWS
    # One at a time: answers differ in length, and two cores gain nothing from padding them together.
    batch = 1

    def __init__(self, card: Card, prompt_file: Prompt) -> None:
        self.card = card
        self.prompt_file = prompt_file
        self.tokenizer: Any = inference.load_pretrained("AutoTokenizer", Path(card.folder))
        # "auto": as stored. Float32 where it is small enough, since two CPU cores are slower in bfloat16.
        self.model: Any = inference.load_pretrained("AutoModelForCausalLM", Path(card.folder), dtype="auto")
        self.model.eval()
        if sum(p.numel() for p in self.model.parameters()) < 1_500_000_000:
            self.model.float()
        special = {str(t) for t in self.tokenizer.added_tokens_decoder.values()}
        self.control_tokens = frozenset(special | set(self.tokenizer.all_special_tokens))
        self.max_input_tokens = self._room_for_text()

    @property
    def name(self) -> str:
        return f"instruct:{self.card.name}"

    @property
    def revision(self) -> str:
        return f"{REVISION}-{self.card.revision}"

    @property
    def prompt(self) -> str:
        return self.prompt_file.identity

    def count(self, text: str) -> int:
        return len(self.tokenizer.encode(text, add_special_tokens=False))

    def write(self, requests: Sequence[Request]) -> list[Reply]:
        return [self._one(r) for r in requests]

    def _room_for_text(self) -> int:
        """Tokens left for an article's text beside the prompt and the answer."""
        header = self.prompt_file.header
        output = min(header.max_output_tokens, self.card.max_output_tokens)
        empty = Request("题" * 60, "文", 999, 9, 9, 9)
        around = len(self._ids(messages_for(self.prompt_file, empty, self.control_tokens)))
        room = min(header.max_input_tokens, self.card.max_input_tokens - output) - around
        if room < MIN_TEXT_TOKENS:
            raise ResourceError(
                f"模型的输入上限 {self.card.max_input_tokens} 容不下提示词与文章，请换模型或缩短提示词",
                f"{self.card.max_input_tokens} input tokens hold neither prompt nor article: "
                "take a model with more, or a shorter prompt",
                source=self.card.name,
            )
        return room

    def _ids(self, messages: Sequence[Message]) -> list[int]:
        try:
            coded = self.tokenizer.apply_chat_template(
                [{"role": m.role, "content": m.content} for m in messages],
                add_generation_prompt=True,
                enable_thinking=False,  # Qwen3: answer at once; templates that do not know it ignore it
                return_dict=True,
            )
        except Exception as err:  # a template is a program of the model's: anything may come of it
            raise ResourceError(
                f"对话模板无法套用：{err}", f"the chat template fails: {err}", source=self.card.name
            ) from err
        return list(coded["input_ids"])

    def _one(self, request: Request) -> Reply:
        torch = inference.need_torch()
        ids = self._ids(messages_for(self.prompt_file, request, self.control_tokens))
        budget = min(self.prompt_file.header.max_output_tokens, self.card.max_output_tokens)
        with torch.inference_mode():
            made = self.model.generate(
                input_ids=torch.tensor([ids]),
                attention_mask=torch.ones(1, len(ids), dtype=torch.long),
                generation_config=self._settings(budget),
            )[0, len(ids) :].tolist()
        ends = self._end_ids()
        stop = next((k for k, i in enumerate(made) if i in ends), len(made))
        text = str(self.tokenizer.decode(made[:stop], skip_special_tokens=True))
        return Reply(text, cut=stop == len(made))

    def _end_ids(self) -> set[int]:
        """Chat models end an answer with another token than a text; both stand in their settings."""
        ends = {self.tokenizer.eos_token_id}
        for config in (self.model.generation_config, self.model.config):
            own = getattr(config, "eos_token_id", None)
            ends |= set(own) if isinstance(own, list) else {own}
        return {int(e) for e in ends if e is not None}

    def _settings(self, budget: int) -> Any:
        """Greedy: the folder's own settings sample, and one article must give one summary."""
        ends = sorted(self._end_ids())
        pad = self.tokenizer.pad_token_id
        return inference.need_transformers().GenerationConfig(
            max_new_tokens=budget,
            do_sample=False,
            num_beams=1,
            eos_token_id=ends,
            pad_token_id=pad if pad is not None else ends[0] if ends else 0,
        )

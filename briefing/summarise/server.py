"""A model behind an OpenAI-compatible server (llama.cpp, Ollama, vLLM), asked through the official client."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from briefing import inference
from briefing.errors import ArticleError, ConfigError, ResourceError
from briefing.prompts import Message, Prompt
from briefing.summarise.asking import MIN_TEXT_TOKENS, messages_for
from briefing.summarise.writing import Reply, Request

REVISION = "1"
EXTRA = "server"
KEY_VARIABLE = "BRIEFING_API_KEY"
_MAX_WINDOWS = 16
# A server that counted fewer tokens than this for each Chinese character did not read the whole prompt (Ollama
# cuts at num_ctx in silence). Reasoned, not measured: pieces of Chinese vocabularies are one or two characters
# long, so a text that was read whole has at least half as many tokens as characters.
_FEWEST_TOKENS_PER_HANZI = 0.4
# vLLM and llama.cpp hand it to the chat template: Qwen3 would spend the answer's budget on reasoning.
_WITHOUT_REASONING = {"chat_template_kwargs": {"enable_thinking": False}}
_CUT_WARNING = "模型服务只读入了部分原文（上下文长度不足），请调大服务的上下文长度（Ollama：num_ctx）"


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """`url`: up to /v1. `remote`: the server may be on another machine (article texts go there).
    `max_input_tokens`: of the whole prompt; counted as one for each character, which is never too few."""

    url: str = "http://127.0.0.1:8080/v1"
    model: str = ""
    timeout_seconds: float = 120.0
    max_input_tokens: int = 4096
    remote: bool = False


class ServerWriter:
    """Asks the server for its models at once, so that a wrong address fails before any work is done."""

    max_windows = _MAX_WINDOWS
    batch = 1
    # The server's own tokenizer is unknown here: what looks like structure is caught by its form alone.
    control_tokens: frozenset[str] = frozenset()

    def __init__(self, options: ServerOptions, prompt_file: Prompt) -> None:
        self.options = options
        self.prompt_file = prompt_file
        local = _check_url(options)
        self.openai = inference.need_library("openai", EXTRA)
        self.client: Any = self.openai.OpenAI(
            base_url=options.url,
            api_key=os.environ.get(KEY_VARIABLE) or "none",
            timeout=options.timeout_seconds,
            max_retries=1,
            # A proxy that is set for the web must not be given what goes to this machine.
            http_client=self.openai.DefaultHttpxClient(trust_env=not local),
        )
        self.extra: dict[str, Any] = dict(_WITHOUT_REASONING)
        self.model = self._choose_model()
        header = prompt_file.header
        empty = Request("题" * 60, "文", 999, 9, 9, 9)
        around = sum(len(m.content) for m in messages_for(prompt_file, empty, self.control_tokens))
        room = min(options.max_input_tokens, header.max_input_tokens) - header.max_output_tokens - around
        if room < MIN_TEXT_TOKENS:
            raise ConfigError(
                f"max_input_tokens {options.max_input_tokens} 容不下提示词与文章，请调大",
                f"max_input_tokens {options.max_input_tokens} holds neither prompt nor article: raise it",
                source="generation.max_input_tokens",
            )
        self.max_input_tokens = room

    @property
    def name(self) -> str:
        return f"server:{self.model}"

    @property
    def revision(self) -> str:
        """The server does not say which weights it runs: the address stands for them, as a hash."""
        return f"{REVISION}-{hashlib.sha256(self.options.url.encode()).hexdigest()[:8]}"

    @property
    def prompt(self) -> str:
        return self.prompt_file.identity

    def count(self, text: str) -> int:
        return len(text)

    def write(self, requests: Sequence[Request]) -> list[Reply]:
        return [self._one(r) for r in requests]

    def close(self) -> None:
        self.client.close()

    def _choose_model(self) -> str:
        try:
            served = [str(m.id) for m in self.client.models.list().data]
        except self.openai.OpenAIError as err:
            self.close()
            raise ResourceError(
                f"模型服务没有应答（{_reason(err)}），请先启动它（llama.cpp、Ollama、vLLM），或改 server_url",
                f"the model server does not answer ({_reason(err)}): start llama.cpp, Ollama or vLLM, "
                "or change generation.server_url",
                source=self.options.url,
            ) from err
        except (TypeError, AttributeError, ValueError) as err:
            self.close()
            raise ResourceError(
                "该地址不是 OpenAI 兼容的服务",
                "no OpenAI-compatible server at this address",
                source=self.options.url,
            ) from err
        wanted = self.options.model or (served[0] if len(served) == 1 else "")
        if wanted not in served:
            self.close()
            names = "、".join(served) or "（无）"
            raise ConfigError(
                f"服务中没有模型“{wanted}”；可用：{names}"
                if wanted
                else f"请用 --model 指明服务中的模型：{names}",
                f"the server has no model {wanted!r}: {', '.join(served) or '(none)'}",
                source="--model",
            )
        return wanted

    def _create(self, messages: Sequence[Message]) -> Any:
        """Greedy, as far as the server can. One that does not know how to switch reasoning off is asked without
        it from then on."""
        asked = {
            "model": self.model,
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "max_tokens": self.prompt_file.header.max_output_tokens,
            "temperature": 0,
            "seed": 0,
        }
        try:
            return self.client.chat.completions.create(**asked, extra_body=self.extra)
        except (self.openai.BadRequestError, self.openai.UnprocessableEntityError):
            if not self.extra:
                raise
            self.extra = {}
            return self.client.chat.completions.create(**asked)

    def _one(self, request: Request) -> Reply:
        messages = messages_for(self.prompt_file, request, self.control_tokens)
        try:
            answer = self._create(messages)
            choice = answer.choices[0]
            text = choice.message.content or ""
            if not isinstance(text, str):
                raise TypeError("content")
        except self.openai.OpenAIError as err:
            return Reply(
                "", error=_failure(f"模型服务出错（{_reason(err)}）", f"the server failed ({_reason(err)})")
            )
        except (TypeError, AttributeError, IndexError, ValueError) as err:
            return Reply(
                "", error=_failure("模型服务的答复格式不对", f"the server's answer is malformed ({err})")
            )
        warnings = (_CUT_WARNING,) if _was_cut(messages, answer) else ()
        return Reply(text, cut=choice.finish_reason == "length", warnings=warnings)


def _check_url(options: ServerOptions) -> bool:
    """True for this machine. Raises ConfigError for what is no address, or another machine's without leave."""
    try:
        parts = urlsplit(options.url)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigError(
            f"服务地址 {options.url!r} 无效，应如 http://127.0.0.1:8080/v1",
            f"{options.url!r} is no address: write it like http://127.0.0.1:8080/v1",
            source="generation.server_url",
        )
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    if not local and not options.remote:
        raise ConfigError(
            f"服务在另一台机器（{host}），文章会发往那里；确认后设 generation.remote = true",
            f"the server is on another machine ({host}) and articles would be sent there: "
            "set generation.remote = true if that is meant",
            source="generation.server_url",
        )
    return local


def _was_cut(messages: Sequence[Message], answer: Any) -> bool:
    counted = getattr(getattr(answer, "usage", None), "prompt_tokens", None)
    hanzi = sum(unicodedata.category(c) == "Lo" for m in messages for c in m.content)
    return isinstance(counted, int) and counted > 0 and counted < _FEWEST_TOKENS_PER_HANZI * hanzi


def _reason(err: Exception) -> str:
    status = getattr(err, "status_code", None)
    kind = type(err).__name__
    if kind == "APITimeoutError":
        return "timed out"
    return f"HTTP {status}" if status else str(err).partition("\n")[0][:120] or kind


def _failure(zh: str, en: str) -> ArticleError:
    return ArticleError(zh, en)

"""Articles -> Summaries. The contract that every engine keeps, and the table of engines.

An engine only writes words that stand in its article; whether a summary may be printed is decided by
`briefing.check`. A scorer that plugs into `extract` (clause values from another model) is one entry of
`briefing.summarise.scoring.SCORERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from briefing.errors import ConfigError
from briefing.records import Article, Summary

_MIN_MAX_CHARS = 30


@dataclass(frozen=True, slots=True)
class SummaryOptions:
    """`max_chars`: limit, marks included, never exceeded unless the whole cleaned article is shorter than
    `min_source_chars` (then it stands as it is); `max_sentences`: limit on sentences of the summary.

    Raises ConfigError when a limit leaves no room for a sentence.
    """

    max_chars: int = 150
    max_sentences: int = 3
    min_source_chars: int = 60

    def __post_init__(self) -> None:
        if self.max_chars < _MIN_MAX_CHARS:
            raise ConfigError(
                f"摘要字数上限不能小于 {_MIN_MAX_CHARS}，现为 {self.max_chars}",
                f"max_chars must be at least {_MIN_MAX_CHARS}, got {self.max_chars}",
                source="max_chars",
            )
        if self.max_sentences < 1:
            raise ConfigError(
                f"摘要句数上限不能小于 1，现为 {self.max_sentences}",
                f"max_sentences must be at least 1, got {self.max_sentences}",
                source="max_sentences",
            )


class Engine(Protocol):
    """`name`@`revision` goes into every Summary; the revision changes when the output can."""

    @property
    def name(self) -> str: ...

    @property
    def revision(self) -> str: ...

    def summarise(
        self,
        articles: Sequence[Article],
        options: SummaryOptions,
        progress: Callable[[int], None] | None = None,
    ) -> list[Summary]:
        """One summary an article, in the same order. `progress` is told how many more are done."""
        ...


def _lead() -> Engine:
    from briefing.summarise.lead import LeadEngine

    return LeadEngine()


def _extract() -> Engine:
    from briefing.summarise.extract import ExtractEngine

    return ExtractEngine()


def _clauses() -> Engine:
    from briefing.summarise.clauses import ClausesEngine

    return ClausesEngine()


# Constructors, not instances: a model is read when its engine is asked for, not on import.
ENGINES: dict[str, Callable[[], Engine]] = {"lead": _lead, "extract": _extract, "clauses": _clauses}


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """What the engines that write with a larger model need. `model`: a registered name, a folder, or the name
    that a server knows; `prompt`: a shipped prompt's name or a file; the rest is for `server`:
    `max_input_tokens` of a whole prompt, `remote`: the server may be on another machine."""

    model: str = ""
    prompt: str = "brief"
    server_url: str = "http://127.0.0.1:8080/v1"
    timeout_seconds: float = 120.0
    max_input_tokens: int = 4096
    remote: bool = False


def _seq2seq(options: ModelOptions) -> Engine:
    from briefing.model_cards import find_model, models_home
    from briefing.summarise.seq2seq import Seq2SeqWriter
    from briefing.summarise.writing import WritingEngine

    return WritingEngine(Seq2SeqWriter(find_model(options.model, models_home())), _extract())


def _instruct(options: ModelOptions) -> Engine:
    from briefing.model_cards import find_model, models_home
    from briefing.prompts import load_prompt
    from briefing.summarise.instruct import InstructWriter
    from briefing.summarise.writing import WritingEngine

    prompt = load_prompt(options.prompt, "summarise")
    return WritingEngine(InstructWriter(find_model(options.model, models_home()), prompt), _extract())


def _server(options: ModelOptions) -> Engine:
    from briefing.prompts import load_prompt
    from briefing.summarise.server import ServerOptions, ServerWriter
    from briefing.summarise.writing import WritingEngine

    server = ServerOptions(
        url=options.server_url,
        model=options.model,
        timeout_seconds=options.timeout_seconds,
        max_input_tokens=options.max_input_tokens,
        remote=options.remote,
    )
    return WritingEngine(ServerWriter(server, load_prompt(options.prompt, "summarise")), _extract())


# Engines around a model that the user brings: they write freely, so what they write is proved and, where it
# fails, replaced by the extract.
WRITERS: dict[str, Callable[[ModelOptions], Engine]] = {
    "seq2seq": _seq2seq,
    "instruct": _instruct,
    "server": _server,
}


def choose_engine(name: str, model: str) -> str:
    """The engine to load: the one that `model` needs where `name` takes no model of the user's."""
    if not model or name in WRITERS or name not in ENGINES:
        return name
    from briefing.model_cards import find_model, models_home

    return find_model(model, models_home()).loader


def load_engine(name: str, options: ModelOptions | None = None) -> Engine:
    """The engine called `name`, its model loaded. Raises ConfigError naming the allowed values,
    ResourceError when its model is missing or damaged."""
    options = options or ModelOptions()
    if name in ENGINES:
        return ENGINES[name]()
    if name not in WRITERS:
        known = [*ENGINES, *WRITERS]
        raise ConfigError(
            f"没有名为“{name}”的摘要引擎，可选：{'、'.join(known)}",
            f"no summariser called {name!r}; choose one of {', '.join(known)}",
            source="engine",
        )
    if not options.model and name != "server":
        raise ConfigError(
            f"引擎 {name} 需要模型：--model 名称或文件夹（已登记的见 briefing models list）",
            f"engine {name} needs a model: --model NAME or FOLDER (see briefing models list)",
            source="--model",
        )
    return WRITERS[name](options)

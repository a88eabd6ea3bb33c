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


# Constructors, not instances: a model is read when its engine is asked for, not on import.
ENGINES: dict[str, Callable[[], Engine]] = {"lead": _lead, "extract": _extract}


def load_engine(name: str) -> Engine:
    """The engine called `name`, its model loaded. Raises ConfigError naming the allowed values,
    ResourceError when its model is missing or damaged."""
    if name not in ENGINES:
        allowed = "、".join(ENGINES)
        raise ConfigError(
            f"没有名为“{name}”的摘要引擎，可选：{allowed}",
            f"no summariser called {name!r}; choose one of {', '.join(ENGINES)}",
            source="engine",
        )
    return ENGINES[name]()

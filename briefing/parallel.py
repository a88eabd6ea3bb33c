"""Several processes for one run: how many, and an engine that hands its articles out to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from briefing.config import Config
from briefing.inference import available_cores
from briefing.records import Article, Summary
from briefing.summarise import WRITERS, Engine, ModelOptions, SummaryOptions, choose_engine, load_engine
from briefing.workers import ordered_map

# An estimate, not timed on a quiet machine: starting workers takes some seconds, an article of 730 characters
# 0.06 s. In `make` several processes were not shown to pay (loaded runs pointed both ways): see LOG.md.
WORTH_STARTING = 64
# Articles handed out at once: results stream, and the last worker is not long alone.
LOT = 16


def model_options(config: Config) -> ModelOptions:
    generation = config.generation
    return ModelOptions(
        model=config.summary.model,
        prompt=generation.prompt,
        server_url=generation.server_url,
        timeout_seconds=generation.timeout_seconds,
        max_input_tokens=generation.max_input_tokens,
        remote=generation.remote,
    )


def worker_count(config: Config, asked: int = 0) -> int:
    """Processes to use: `asked`, or what `config` says, or (0 in both) one a core, and one for a model of the
    user's own, which is loaded once and uses the cores by itself."""
    if asked or config.summary.jobs:
        return asked or config.summary.jobs
    name = choose_engine(config.summary.engine, config.summary.model)
    return 1 if name in WRITERS else available_cores()


class ParallelEngine:
    """`engine`, with the summaries of `least` articles and more written by `jobs` processes that load the same
    one. Name, revision and summaries are those of `engine`."""

    def __init__(self, engine: Engine, source: tuple[str, ModelOptions], jobs: int, least: int) -> None:
        self.engine = engine
        self.source = source
        self.jobs = jobs
        self.least = least

    @property
    def name(self) -> str:
        return self.engine.name

    @property
    def revision(self) -> str:
        return self.engine.revision

    def summarise(
        self,
        articles: Sequence[Article],
        options: SummaryOptions,
        progress: Callable[[int], None] | None = None,
    ) -> list[Summary]:
        if len(articles) < self.least:
            return self.engine.summarise(articles, options, progress)
        size = min(LOT, -(-len(articles) // self.jobs))
        lots = [(tuple(articles[k : k + size]), options) for k in range(0, len(articles), size)]
        summaries: list[Summary] = []
        for made in ordered_map(_write, lots, load=load_engine, arguments=self.source, jobs=self.jobs):
            summaries += made
            if progress:
                progress(len(made))
        return summaries


def _write(lot: tuple[tuple[Article, ...], SummaryOptions], engine: Engine) -> list[Summary]:
    return engine.summarise(*lot)


def beside(engine: Engine, config: Config) -> Engine:
    """`engine` with the other processes that `config` allows. A number that it gives is used from two articles
    on; its own choice (0) only where starting processes pays."""
    jobs = worker_count(config)
    if jobs < 2:
        return engine
    name = choose_engine(config.summary.engine, config.summary.model)
    return ParallelEngine(
        engine, (name, model_options(config)), jobs, 2 if config.summary.jobs else WORTH_STARTING
    )

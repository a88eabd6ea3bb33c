"""The engine around every model that writes: windows, a second pass over several, limits, sources, warnings.

A `Writer` turns requests into replies and knows nothing of articles. What stands around it is the extract
engine: it gives the headline, and the whole summary where a text is too short to condense or a reply holds no
sentence; such sentences are marked. Whether a written sentence may be printed is decided by `briefing.check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from briefing.errors import ArticleError
from briefing.records import Article, Summary, SummarySentence
from briefing.summarise import Engine, SummaryOptions
from briefing.summarise.drafts import Draft, read_draft
from briefing.summarise.traces import Tracer
from briefing.summarise.units import Document, read_document
from briefing.summarise.windows import cut_windows

# `SummarySentence.fallback` of a sentence that stands for a reply without one.
ENGINE_FAILED = "engine"
# A writer that fails on this many articles in a row is not asked again in this run: a server that is down
# would cost its time limit once for each of ten thousand articles.
_MAX_FAILURES = 3


@dataclass(frozen=True, slots=True)
class Request:
    """One text to condense. `part` of `parts`: 1-based, where the article is longer than one window."""

    title: str
    text: str
    max_chars: int
    max_sentences: int
    part: int = 1
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Reply:
    """`cut`: stopped by the budget of tokens. `warnings`: in Chinese. `error`: why there is no text."""

    text: str
    cut: bool = False
    warnings: tuple[str, ...] = ()
    error: ArticleError | None = None


class Writer(Protocol):
    """`revision` changes when a reply can; `prompt`: identity of the prompt file, "" when none.

    `max_input_tokens`: of a request's text, in the units of `count`; `max_windows`: of one article;
    `batch`: requests that are best answered together.
    """

    @property
    def name(self) -> str: ...

    @property
    def revision(self) -> str: ...

    @property
    def prompt(self) -> str: ...

    @property
    def max_input_tokens(self) -> int: ...

    @property
    def max_windows(self) -> int: ...

    @property
    def batch(self) -> int: ...

    def count(self, text: str) -> int: ...

    def write(self, requests: Sequence[Request]) -> list[Reply]:
        """One reply a request, in order. Raises ResourceError when no request can be answered at all."""
        ...


@dataclass(frozen=True, slots=True)
class _Job:
    """An article under way: its windows, what of it is not read, and its extract."""

    document: Document
    texts: tuple[str, ...]
    left_chars: int
    spare: Summary


@dataclass(slots=True)
class _Written:
    """What has been heard of one article so far; private to one call."""

    draft: Draft = field(default_factory=Draft)
    warnings: list[str] = field(default_factory=list)
    failed: bool = False


class WritingEngine:
    """`spare`: the extract engine."""

    def __init__(self, writer: Writer, spare: Engine) -> None:
        self.writer = writer
        self.spare = spare

    @property
    def name(self) -> str:
        return self.writer.name

    @property
    def revision(self) -> str:
        return self.writer.revision

    def summarise(
        self,
        articles: Sequence[Article],
        options: SummaryOptions,
        progress: Callable[[int], None] | None = None,
    ) -> list[Summary]:
        summaries: list[Summary] = []
        failures = 0
        for batch in _batches(articles, self.writer.batch):
            jobs = [self._job(a, s) for a, s in zip(batch, self.spare.summarise(batch, options), strict=True)]
            if failures < _MAX_FAILURES:
                written = self._written(jobs, options)
            else:
                given_up = f"模型连续{failures}篇没有答复，其后不再询问"
                written = [_Written(warnings=[given_up], failed=True) for _ in jobs]
            for job, own in zip(jobs, written, strict=True):
                if self._needs_writing(job, options):
                    failures = failures + 1 if own.failed else 0
                summaries.append(self._summary(job, own, options))
                if progress:
                    progress(1)
        return summaries

    def _job(self, article: Article, spare: Summary) -> _Job:
        document = read_document(article)
        windows = cut_windows(
            document, self.writer.max_input_tokens, self.writer.count, self.writer.max_windows
        )
        return _Job(document, windows.texts, windows.left_chars, spare)

    def _written(self, jobs: Sequence[_Job], options: SummaryOptions) -> list[_Written]:
        """What the model says of each job: its windows first, then the drafts of several windows together,
        as often as it takes until one reply is left."""
        written = [_Written() for _ in jobs]
        texts = {i: j.texts for i, j in enumerate(jobs) if j.texts and self._needs_writing(j, options)}
        while texts:
            requests = [
                Request(
                    jobs[i].document.article.title, t, options.max_chars, options.max_sentences, k, len(own)
                )
                for i, own in texts.items()
                for k, t in enumerate(own, 1)
            ]
            replies = iter(self.writer.write(requests))
            again: dict[int, tuple[str, ...]] = {}
            for i, own in texts.items():
                left = self._take(written[i], [next(replies) for _ in own], options)
                if left:
                    again[i] = left
            texts = again
        return written

    def _take(self, written: _Written, replies: Sequence[Reply], options: SummaryOptions) -> tuple[str, ...]:
        """Note `replies` to the windows of one article; the texts to ask about next, () when it is done."""
        failed = [r.error for r in replies if r.error]
        written.warnings += [w for r in replies for w in r.warnings]
        if failed:
            written.warnings.append(f"{len(replies)}段中有{len(failed)}段没有得到模型答复：{failed[0].zh}")
        written.failed = len(failed) == len(replies)
        drafts = [read_draft(r.text, cut=r.cut, options=options) for r in replies]
        drafts = [d for d in drafts if d.sentences]
        if len(drafts) <= 1:
            written.draft = drafts[0] if drafts else Draft()
            return ()
        grouped = self._grouped(["".join(d.sentences) for d in drafts])
        if len(grouped) == len(drafts):
            # Two drafts do not fit into one window: there is nothing to gain from asking again.
            written.draft = drafts[0]
            written.warnings.append(f"模型输入上限过小，{len(drafts)}段摘要未能合并，只用了第一段")
            return ()
        return grouped

    def _grouped(self, lines: Sequence[str]) -> tuple[str, ...]:
        """`lines` in as few texts as fit a window each."""
        groups: list[str] = []
        for line in lines:
            joined = f"{groups[-1]}\n{line}" if groups else line
            if groups and self.writer.count(joined) <= self.writer.max_input_tokens:
                groups[-1] = joined
            else:
                groups.append(line)
        return tuple(groups)

    def _needs_writing(self, job: _Job, options: SummaryOptions) -> bool:
        return job.document.usable_chars > options.min_source_chars and not job.spare.insufficient

    def _summary(self, job: _Job, written: _Written, options: SummaryOptions) -> Summary:
        made = replace(job.spare, engine=f"{self.name}@{self.revision}")
        if not self._needs_writing(job, options):
            return made
        warnings = list(dict.fromkeys(written.warnings))
        if job.left_chars:
            warnings.append(f"原文过长，末尾{job.left_chars}字没有读入模型")
        if written.draft.dropped_chars:
            warnings.append(f"模型写得超出上限或没有写完，去掉了{written.draft.dropped_chars}字")
        if written.draft.sentences:
            tracer = Tracer(job.document.article)
            sentences = tuple(SummarySentence(s, tracer.sources(s)) for s in written.draft.sentences)
        else:
            warnings.append("模型没有给出可用的句子，本条改用原文摘取")
            sentences = tuple(replace(s, fallback=ENGINE_FAILED) for s in job.spare.sentences)
        return replace(made, prompt=self.writer.prompt, sentences=sentences, warnings=tuple(warnings))


def _batches(articles: Sequence[Article], size: int) -> Iterator[Sequence[Article]]:
    for start in range(0, len(articles), max(1, size)):
        yield articles[start : start + max(1, size)]

"""Results kept while a run goes on, so that the next one need not do the work again: articles, summaries."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from briefing import __version__, json_form, pipeline, resources
from briefing.editions.workplace import Observer
from briefing.parallel import ParallelEngine
from briefing.pipeline import Notes, Parts
from briefing.records import Article, RawDocument, SegmentedDocument, Skip, Summary
from briefing.store.database import Store
from briefing.store.documents import keep_segments, load_document, load_segments
from briefing.store.runs import keep_summaries, load_summary, mark_late
from briefing.summarise import Engine, SummaryOptions

# A power cut costs at most so much work: seconds for either.
_DOCUMENTS_AT_ONCE = 20
_SUMMARIES_AT_ONCE = 8
# With several processes more: they are started for each lot.
_SUMMARIES_IN_PARALLEL = 256

Pairs = list[tuple[RawDocument, SegmentedDocument]]


def splitter_revision() -> str:
    """Changes with the program and with the splitter's model files."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted(resources.find("models", "segment").glob("*.npz")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@dataclass(slots=True)
class Cutting:
    """Documents of one run cut into articles. `expired`: no further document once it says so."""

    store: Store
    run: int
    parts: Parts
    expired: Callable[[], bool]
    observe: Observer

    def cut(self, hashes: Sequence[str], notes: Notes) -> tuple[Pairs, list[str]]:
        """The documents of `hashes` with their articles, in order, and the hashes that are left for a later
        edition because the time was up. What cannot be cut becomes a skip."""
        revision = splitter_revision()
        pairs: Pairs = []
        done: list[tuple[str, SegmentedDocument]] = []
        taken: set[str] = set()
        late: list[str] = []
        for i, key in enumerate(hashes):
            # The first lot is always cut: an edition of something beats none.
            if i >= _DOCUMENTS_AT_ONCE and self.expired():
                late = list(hashes[i:])
                break
            self._cut_one(key, revision, notes, pairs, done)
            if len(done) >= _DOCUMENTS_AT_ONCE:
                self._keep(done, revision)
                done = []
        self._keep(done, revision)
        if late:
            mark_late(self.store, self.run, late)
        return [(d, pipeline.with_unique_ids(s, taken)) for d, s in pairs], late

    def _cut_one(
        self, key: str, revision: str, notes: Notes, pairs: Pairs, done: list[tuple[str, SegmentedDocument]]
    ) -> None:
        document = load_document(self.store, key)
        if document is None:
            zh, en = "原始材料已过保留期", "the raw document is past its time of keeping"
            notes.skips.append(Skip(key[:12], "ingest", zh, en))
            return
        notes.skips.extend(
            Skip(document.source, "partly read", zh, en, document.row_id) for zh, en in document.warnings
        )
        segmented = load_segments(self.store, key, revision)
        if segmented is None:
            found = pipeline.segment(document, self.parts.splitter)
            if isinstance(found, Skip):
                notes.skips.append(found)
                return
            segmented = found
            done.append((key, segmented))
        pairs.append((document, segmented))

    def _keep(self, done: list[tuple[str, SegmentedDocument]], revision: str) -> None:
        if done:
            keep_segments(self.store, done, revision)
            self.observe("cut", {"documents": len(done)})


@dataclass(frozen=True, slots=True)
class KeptEngine:
    """An engine whose summaries are kept until the run is finished: asked again, it only looks them up."""

    engine: Engine
    store: Store
    run: int
    observe: Observer

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
        keys = [self._key(article, options) for article in articles]
        found = {key: load_summary(self.store, self.run, key) for key in keys}
        missing = [(k, a) for k, a in zip(keys, articles, strict=True) if found[k] is None]
        if progress:
            progress(len(articles) - len(missing))
        shared = isinstance(self.engine, ParallelEngine) and len(missing) >= self.engine.least
        at_once = _SUMMARIES_IN_PARALLEL if shared else _SUMMARIES_AT_ONCE
        for start in range(0, len(missing), at_once):
            lot = missing[start : start + at_once]
            made = self.engine.summarise([a for _, a in lot], options, progress)
            done = [(k, s) for (k, _), s in zip(lot, made, strict=True)]
            keep_summaries(self.store, self.run, done)
            found.update(done)
            self.observe("summarised", {"articles": len(done)})
        return [s for k in keys if (s := found[k]) is not None]

    def _key(self, article: Article, options: SummaryOptions) -> str:
        body = json_form.to_json((self.name, self.revision, options, article))
        return hashlib.sha256(body).hexdigest()

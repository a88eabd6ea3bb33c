"""Raw documents by hash, what each source remembers, and the articles cut from each document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from briefing import json_form
from briefing.records import RawDocument, SegmentedDocument, SourceReport
from briefing.store.database import Store, pack, unpack


def document_hash(source: str, document: RawDocument) -> str:
    """Names one text as one source gave it; the time of fetching and the raw bytes (a page's changing
    advertisements) make no difference."""
    day = document.published_on.isoformat() if document.published_on else ""
    parts = (source, document.url, document.outlet, day, document.page_label, document.title, document.text)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Fetch:
    """What one source gave. `memory` None: it remembers what it did before (it could not be read)."""

    report: SourceReport
    documents: Sequence[RawDocument] = ()
    memory: Mapping[str, str] | None = None


def keep_fetched(store: Store, run: int, fetch: Fetch, now: datetime) -> int:
    """Store documents, memory and report of a source for `run`, in one transaction; how many texts are new."""
    source = fetch.report.name
    new = 0
    with store.write() as db:
        for document in fetch.documents:
            done = db.execute(
                "INSERT OR IGNORE INTO documents"
                " (hash, source, uri, title, published_on, fetched_on, chars, body)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    document_hash(source, document),
                    source,
                    document.source,
                    document.title,
                    _iso(document.published_on),
                    now.date().isoformat(),
                    len(document.text),
                    pack(document),
                ),
            )
            new += done.rowcount
        if fetch.memory is not None:
            memory = json.dumps(dict(fetch.memory), ensure_ascii=False, sort_keys=True)
            db.execute(
                "INSERT OR REPLACE INTO source_memory (source, memory, written_at) VALUES (?, ?, ?)",
                (source, memory, now.isoformat()),
            )
        db.execute(
            "INSERT OR REPLACE INTO run_sources VALUES (?, ?, ?)",
            (run, source, json_form.to_json(fetch.report).decode()),
        )
    return new


def source_memory(store: Store, source: str) -> dict[str, str]:
    """What `source` asked to remember; {} at first."""
    row = store.row("SELECT memory FROM source_memory WHERE source = ?", source)
    return dict(json.loads(row["memory"])) if row else {}


def pending_documents(
    store: Store, sources: Sequence[str], memory: str, since: date, until: date, *, undated: bool
) -> list[str]:
    """Hashes of documents that no edition of `memory` was made from, published in `since`..`until`.

    Those without a date count by the day they were fetched, and only with `undated`. In the order of
    `sources`, and within one in the order it gave them, however the fetching was interleaved.
    """
    found: list[str] = []
    for source in sources:
        rows = store.rows(
            "SELECT hash FROM documents WHERE source = ? AND body IS NOT NULL"
            " AND ((published_on IS NOT NULL AND published_on BETWEEN ? AND ?)"
            "   OR (published_on IS NULL AND ? AND fetched_on >= ?))"
            " AND hash NOT IN (SELECT d.hash FROM edition_documents d JOIN editions e ON e.id = d.edition"
            "   WHERE e.memory = ?)"
            " ORDER BY seq",
            source, since.isoformat(), until.isoformat(), undated, since.isoformat(), memory,
        )  # fmt: skip
        found += [row["hash"] for row in rows]
    return found


def load_document(store: Store, key: str) -> RawDocument | None:
    """The document of a hash; None once its body was pruned."""
    row = store.row("SELECT body FROM documents WHERE hash = ?", key)
    return unpack(row["body"], RawDocument, source=key) if row and row["body"] else None


def load_segments(store: Store, key: str, revision: str) -> SegmentedDocument | None:
    """The articles that `revision` of the splitter cut from a document, if it has been done."""
    row = store.row("SELECT body FROM segments WHERE hash = ? AND revision = ?", key, revision)
    return unpack(row["body"], SegmentedDocument, source=key) if row else None


def keep_segments(store: Store, done: Iterable[tuple[str, SegmentedDocument]], revision: str) -> None:
    """Store the articles of documents; what an earlier revision made of them is replaced."""
    with store.write() as db:
        for key, segmented in done:
            db.execute("DELETE FROM segments WHERE hash = ?", (key,))
            db.execute("INSERT INTO segments VALUES (?, ?, ?)", (key, revision, pack(segmented)))
            db.executemany(
                "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (key, i, a.id, a.title, a.outlet, _iso(a.published_on), len(a.text))
                    for i, a in enumerate(segmented.articles)
                ],
            )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def prune_documents(store: Store, before: date, max_bytes: int) -> int:
    """Drop bodies and articles of documents that editions were made from and that were fetched before
    `before`; then the oldest of the others used up until all bodies fit `max_bytes` (0: no limit).

    The hash stays: what was seen is not taken for new. Editions keep their own copy of every text they
    print. Returns how many bodies went.
    """
    used = "SELECT hash FROM edition_documents"
    with store.write() as db:
        gone = [
            row["hash"]
            for row in db.execute(
                f"SELECT hash FROM documents WHERE body IS NOT NULL AND fetched_on < ? AND hash IN ({used})",  # noqa: S608 - a constant
                (before.isoformat(),),
            )
        ]
        if max_bytes:
            gone = list(dict.fromkeys(gone + _oldest_over(store, max_bytes, set(gone))))
        for key in gone:
            db.execute("UPDATE documents SET body = NULL WHERE hash = ?", (key,))
            db.execute("DELETE FROM segments WHERE hash = ?", (key,))
    return len(gone)


def _oldest_over(store: Store, max_bytes: int, gone: set[str]) -> list[str]:
    rows = store.rows(
        "SELECT d.hash, length(d.body) + coalesce(length(s.body), 0) AS bytes,"
        " d.hash IN (SELECT hash FROM edition_documents) AS used"
        " FROM documents d LEFT JOIN segments s ON s.hash = d.hash WHERE d.body IS NOT NULL ORDER BY d.seq"
    )
    total = sum(row["bytes"] for row in rows if row["hash"] not in gone)
    found = []
    for row in rows:
        if total <= max_bytes:
            break
        if row["used"] and row["hash"] not in gone:
            found.append(row["hash"])
            total -= row["bytes"]
    return found

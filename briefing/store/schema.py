"""The store's tables, as numbered steps. A step that was released is never changed: add the next one.

Bodies are zlib-compressed JSON of the records. Days are ISO dates, times ISO 8601 with offset.
"""

from __future__ import annotations

STEPS: tuple[str, ...] = (
    # 1: everything a run needs.
    """
    -- One row for each different text of each source. body NULL: pruned; the hash still says "seen before".
    CREATE TABLE documents (
        seq INTEGER PRIMARY KEY,
        hash TEXT NOT NULL UNIQUE,
        source TEXT NOT NULL,
        uri TEXT NOT NULL,
        title TEXT NOT NULL,
        published_on TEXT,
        fetched_on TEXT NOT NULL,
        chars INTEGER NOT NULL,
        body BLOB
    ) STRICT;
    CREATE INDEX documents_by_source ON documents (source, published_on);

    -- What each source asked to remember; written together with its documents.
    CREATE TABLE source_memory (source TEXT PRIMARY KEY, memory TEXT NOT NULL, written_at TEXT NOT NULL) STRICT;

    -- Splitting is the slowest step over a night's documents, so its result is kept.
    CREATE TABLE segments (
        hash TEXT PRIMARY KEY REFERENCES documents (hash) ON DELETE CASCADE,
        revision TEXT NOT NULL,
        body BLOB NOT NULL
    ) STRICT;
    CREATE TABLE articles (
        hash TEXT NOT NULL REFERENCES segments (hash) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        article TEXT NOT NULL,
        title TEXT NOT NULL,
        outlet TEXT NOT NULL,
        published_on TEXT,
        chars INTEGER NOT NULL,
        PRIMARY KEY (hash, position)
    ) STRICT;
    CREATE INDEX articles_by_id ON articles (article);

    -- Summaries of a run that is not finished yet.
    CREATE TABLE summaries (key TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;

    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        edition TEXT NOT NULL,
        day TEXT NOT NULL,
        redo INTEGER NOT NULL,
        stage TEXT NOT NULL,
        status TEXT NOT NULL,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        resumed INTEGER NOT NULL DEFAULT 0,
        version INTEGER,
        report TEXT,
        message TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX runs_by_day ON runs (edition, day);
    CREATE TABLE run_sources (
        run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        source TEXT NOT NULL,
        report TEXT NOT NULL,
        PRIMARY KEY (run, source)
    ) STRICT;
    CREATE TABLE run_documents (
        run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        hash TEXT NOT NULL REFERENCES documents (hash),
        late INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (run, position)
    ) STRICT;

    CREATE TABLE editions (
        id INTEGER PRIMARY KEY,
        edition TEXT NOT NULL,
        day TEXT NOT NULL,
        version INTEGER NOT NULL,
        memory TEXT NOT NULL,
        run INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('made', 'held', 'published')),
        title TEXT NOT NULL,
        issue_number TEXT NOT NULL,
        items INTEGER NOT NULL,
        made_at TEXT NOT NULL,
        published_at TEXT,
        approved_by TEXT,
        approved_at TEXT,
        body BLOB NOT NULL,
        UNIQUE (edition, day, version)
    ) STRICT;
    -- What an edition was made from: no later edition of the same memory takes it again.
    CREATE TABLE edition_documents (
        edition INTEGER NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        hash TEXT NOT NULL,
        PRIMARY KEY (edition, hash)
    ) STRICT;
    CREATE INDEX edition_documents_by_hash ON edition_documents (hash);
    CREATE TABLE stories (
        edition INTEGER NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        lead TEXT NOT NULL,
        headline TEXT NOT NULL,
        area TEXT NOT NULL,
        score REAL NOT NULL,
        earlier TEXT,
        body BLOB NOT NULL,
        PRIMARY KEY (edition, position)
    ) STRICT;

    CREATE TABLE deliveries (
        edition INTEGER NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        channel TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'failed')),
        attempts INTEGER NOT NULL,
        changed_at TEXT NOT NULL,
        detail TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (edition, channel)
    ) STRICT;
    """,
    """
    -- One row for each issue that has a number. `total` is 0 for a supplement: it is not counted overall.
    CREATE TABLE issue_numbers (
        series TEXT NOT NULL,
        supplement INTEGER NOT NULL,
        occasion TEXT NOT NULL,
        year INTEGER NOT NULL,
        number INTEGER NOT NULL CHECK (number > 0),
        total INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('reserved', 'confirmed')),
        place TEXT NOT NULL,
        reserved_at TEXT NOT NULL,
        process TEXT NOT NULL,
        PRIMARY KEY (series, supplement, occasion),
        UNIQUE (series, supplement, year, number)
    ) STRICT;
    CREATE UNIQUE INDEX issue_numbers_by_total ON issue_numbers (series, total) WHERE total > 0;
    -- Numbers given back by a run that failed after a later one was given out: the next issue takes them.
    CREATE TABLE issue_gaps (
        series TEXT NOT NULL,
        supplement INTEGER NOT NULL,
        year INTEGER NOT NULL,
        number INTEGER NOT NULL,
        total INTEGER NOT NULL,
        PRIMARY KEY (series, supplement, year, number)
    ) STRICT;
    """,
    """
    -- Notices to those who look after the runs. `key`: what it is about, so that it is made once.
    CREATE TABLE notices (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        made_at TEXT NOT NULL,
        title TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT;
    -- What is to go out on a channel: one version of an edition, or a notice. 'unclear': the receiver may have
    -- it, and a person must say; 'superseded': a later version was made before this one went out.
    ALTER TABLE deliveries RENAME TO former_deliveries;
    CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY,
        edition INTEGER REFERENCES editions (id) ON DELETE CASCADE,
        notice INTEGER REFERENCES notices (id) ON DELETE CASCADE,
        channel TEXT NOT NULL,
        state TEXT NOT NULL
            CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'unclear', 'superseded')),
        attempts INTEGER NOT NULL DEFAULT 0,
        queued_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        next_at TEXT NOT NULL,
        receipt TEXT NOT NULL DEFAULT '',
        error_zh TEXT NOT NULL DEFAULT '',
        error_en TEXT NOT NULL DEFAULT '',
        UNIQUE (edition, channel),
        UNIQUE (notice, channel),
        CHECK ((edition IS NULL) <> (notice IS NULL))
    ) STRICT;
    INSERT INTO deliveries
        (edition, channel, state, attempts, queued_at, changed_at, next_at, receipt, error_en)
        SELECT edition, channel, CASE state WHEN 'sending' THEN 'unclear' ELSE state END, attempts, changed_at,
            changed_at, changed_at, iif(state = 'sent', detail, ''), iif(state = 'sent', '', detail)
        FROM former_deliveries;
    DROP TABLE former_deliveries;
    CREATE INDEX deliveries_by_state ON deliveries (state, next_at);
    -- The messages that a delivery is made of. `digest`: of what was begun with.
    CREATE TABLE delivery_parts (
        delivery INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
        part INTEGER NOT NULL,
        label TEXT NOT NULL,
        digest TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'refused', 'unclear')),
        changed_at TEXT NOT NULL,
        receipt TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (delivery, part)
    ) STRICT;
    """,
    """
    -- AUTOINCREMENT: editions and notices name runs by id after the run itself is pruned, and SQLite gives the
    -- largest id out again once its row is gone. Counted on from every id that was ever named.
    CREATE TABLE new_runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        edition TEXT NOT NULL,
        day TEXT NOT NULL,
        redo INTEGER NOT NULL,
        stage TEXT NOT NULL,
        status TEXT NOT NULL,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        resumed INTEGER NOT NULL DEFAULT 0,
        version INTEGER,
        report TEXT,
        message TEXT NOT NULL DEFAULT ''
    ) STRICT;
    INSERT INTO new_runs SELECT id, edition, day, redo, stage, status, started_at, finished_at, resumed,
        version, report, message
        FROM runs;
    CREATE TABLE new_run_sources (
        run INTEGER NOT NULL REFERENCES new_runs (id) ON DELETE CASCADE,
        source TEXT NOT NULL,
        report TEXT NOT NULL,
        PRIMARY KEY (run, source)
    ) STRICT;
    INSERT INTO new_run_sources SELECT run, source, report FROM run_sources;
    CREATE TABLE new_run_documents (
        run INTEGER NOT NULL REFERENCES new_runs (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        hash TEXT NOT NULL REFERENCES documents (hash),
        late INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (run, position)
    ) STRICT;
    INSERT INTO new_run_documents SELECT run, position, hash, late FROM run_documents;
    -- Summaries of one unfinished run: another run that ends does not take them away.
    CREATE TABLE new_summaries (
        run INTEGER NOT NULL REFERENCES new_runs (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (run, key)
    ) STRICT;
    INSERT INTO new_summaries SELECT r.id, s.key, s.body FROM summaries s
        JOIN (SELECT max(id) AS id FROM runs WHERE status = 'running') r ON r.id IS NOT NULL;
    DROP TABLE summaries;
    DROP TABLE run_sources;
    DROP TABLE run_documents;
    DROP TABLE runs;
    ALTER TABLE new_runs RENAME TO runs;
    ALTER TABLE new_run_sources RENAME TO run_sources;
    ALTER TABLE new_run_documents RENAME TO run_documents;
    ALTER TABLE new_summaries RENAME TO summaries;
    CREATE INDEX runs_by_day ON runs (edition, day);
    DELETE FROM sqlite_sequence WHERE name = 'runs';
    INSERT INTO sqlite_sequence (name, seq) SELECT 'runs', max(
        (SELECT coalesce(max(id), 0) FROM runs),
        (SELECT coalesce(max(run), 0) FROM editions),
        (SELECT coalesce(max(CAST(substr(key, instr(key, ':') + 1) AS INTEGER)), 0) FROM notices
            WHERE key GLOB 'run:*' OR key GLOB 'recovered:*'));
    """,
)

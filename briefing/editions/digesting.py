"""Makes the digest of a period from the stored editions, as an edition of its own series. No model is used."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

import briefing
from briefing import app
from briefing.assemble import assemble_briefing
from briefing.config import Config
from briefing.digest_records import Digest
from briefing.editions.digest_counts import (
    collect_figures,
    count_areas,
    count_sources,
    find_corrections,
    find_missed,
)
from briefing.editions.digest_items import Issue, best_of_areas, entries_of, find_chains, join_chain
from briefing.editions.lock import run_lock
from briefing.editions.numbering import confirm_number, take_number
from briefing.editions.periods import Period
from briefing.editions.publishing import Published, publish
from briefing.editions.workplace import Workplace
from briefing.errors import ConfigError, NothingToPrintError
from briefing.records import Briefing, RunReport, RunStatus, Section
from briefing.run_tables import EditionTable
from briefing.store.database import Store, open_store
from briefing.store.editions import (
    EditionRecord,
    EditionState,
    NewEdition,
    find_edition,
    keep_edition,
    list_editions,
    list_versions,
    load_edition,
)
from briefing.store.runs import Ending, RunState, record_run

CHAINS = "持续关注"


@dataclass(frozen=True, slots=True)
class DigestResult:
    """`new` False: the period has this digest already, and nothing was written."""

    record: EditionRecord
    published: Published
    new: bool


def make_digest(place: Workplace, period: Period, *, redo: bool = False) -> DigestResult:
    """Put a period together, keep it, and publish it unless drafts are held.

    Raises ConfigError for a period that is not over, NothingToPrintError when nothing was printed in it.
    """
    now = place.now()
    if period.until > now.date() or period.day > now.date():
        raise ConfigError(
            f"这一时段到 {period.until} 才结束；未结束的可用 --from、--to 汇编到今天",
            f"the period ends on {period.until} only: use --from and --to up to today",
            source=f"{period.since}..{period.until}",
        )
    office = replace(place, config=_digest_config(place.config, period))
    with run_lock(place.folder, now), open_store(place.store_path, create=False) as store:
        try:
            made = compose_digest(store, office, period)
        except NothingToPrintError as err:
            record_run(store, period.edition, period.day, Ending(RunState.EMPTY, message=str(err)), now)
            raise
        former = find_edition(store, period.edition, period.day)
        if former and not redo and _content(load_edition(store, former)) == _content(made):
            published = Published((), ())
            if former.state is EditionState.MADE:
                published = publish(store, office, former)
            return DigestResult(former, published, False)
        made = take_number(store, office, EditionTable(name=period.edition), made)
        run = record_run(store, period.edition, period.day, Ending(RunState.OK), now)
        held = office.config.run.draft
        new = NewEdition(period.edition, f"digest-{period.kind}", run, (), held)
        record = keep_edition(store, made, new, now)
        confirm_number(store, office, record)
        published = Published((), ())
        if not held:
            published = publish(store, office, record)
        current = find_edition(store, record.edition, record.day, record.version)
        return DigestResult(current or record, published, True)


def _content(made: Briefing) -> Briefing:
    return replace(made, issue_number="", generated_by=())


def _digest_config(config: Config, period: Period) -> Config:
    """The configuration with the digest's title and first number in the places of the daily's."""
    table = config.digest
    titles = {"week": table.weekly_title, "month": table.monthly_title, "range": table.range_title}
    numbers = {"week": table.weekly_number, "month": table.monthly_number}
    title, number = titles[period.kind], numbers.get(period.kind, "")
    own = msgspec.structs.replace(config.briefing, title=title, issue_number=number, lead_items=0)
    return msgspec.structs.replace(config, briefing=own)


def compose_digest(store: Store, place: Workplace, period: Period) -> Briefing:
    """The digest without its number. Raises NothingToPrintError when nothing was printed."""
    config = place.config
    names = config.digest.editions or tuple(e.name for e in config.editions)
    tables = [e for e in config.editions if e.name in names]
    issues = load_issues(store, period, names)
    before = load_issues(store, period.before, names)
    entries = entries_of(issues)
    if not entries:
        raise NothingToPrintError(
            f"{period.since} 至 {period.until} 没有已刊的条目，未作汇编",
            f"nothing was printed from {period.since} to {period.until}: no digest made",
            [],
        )
    chains = find_chains(store, entries)[: config.digest.stories]
    taken = {e.key for chain in chains for e in chain}
    items = best_of_areas(entries, config.digest.items_per_area, taken)
    engines = dict.fromkeys(e.item.summary.engine for e in entries)
    report = RunReport(RunStatus.OK, counts=(("editions", len(issues)), ("items", len(items) + len(chains))))
    made = assemble_briefing(
        items,
        (),
        (),
        report,
        app.assemble_options(config, period.day),
        [("program", briefing.__version__), *(("engine", e) for e in engines)],
    )
    sections = made.sections
    if chains:
        sections = (Section(CHAINS, tuple(join_chain(c) for c in chains)), *sections)
    digest = Digest(
        kind=period.kind,
        since=period.since,
        until=period.until,
        editions=len(issues),
        areas=count_areas(issues),
        before=count_areas(before),
        editions_before=len(before),
        figures=collect_figures(entries, config.digest.figures),
        corrections=find_corrections(store, issues),
        missed=find_missed(store, place, tables, issues, period),
        sources=count_sources(store, tables, issues, period),
    )
    return replace(made, sections=sections, digest=digest)


def load_issues(store: Store, period: Period, names: tuple[str, ...]) -> list[Issue]:
    """The editions that went out in a period, each in its latest version that did, oldest first."""
    found = []
    for latest in list_editions(store, period.since, period.until):
        if latest.edition not in names:
            continue
        versions = list_versions(store, latest.edition, latest.day)
        out = [v for v in versions if v.state is not EditionState.HELD]
        if out:
            found.append(Issue(out[-1], load_edition(store, out[-1])))
    return found

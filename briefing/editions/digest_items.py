"""The items of a digest: continuing stories put together from their items, and the best of each area.

Every sentence stands as it was printed, with its sources; nothing is written anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from briefing.digest_records import Printed
from briefing.records import HEADLINE, Article, Briefing, BriefingItem, Severity, Story, SummarySentence
from briefing.store.database import Store
from briefing.store.editions import EditionRecord, find_story

# A chain of half a year of working days; a pointer that leads in a circle ends here too.
_MAX_STEPS = 130
Key = tuple[str, date, str]


@dataclass(frozen=True, slots=True)
class Issue:
    """One edition of the period in its latest published version."""

    record: EditionRecord
    briefing: Briefing


@dataclass(frozen=True, slots=True)
class Entry:
    """Item `number` (from 1) of an edition."""

    record: EditionRecord
    number: int
    item: BriefingItem

    @property
    def key(self) -> Key:
        return self.record.edition, self.record.day, self.item.story.lead.id

    def printed(self, first_sentence: int = 0) -> Printed:
        r = self.record
        return Printed(r.day, r.edition, r.version, self.number, r.title, r.issue_number, first_sentence)


def entries_of(issues: Sequence[Issue]) -> list[Entry]:
    """All items, oldest first, that may be carried over: with sentences, and none that a check calls wrong."""
    return [
        Entry(issue.record, number, item)
        for issue in issues
        for number, item in enumerate(issue.briefing.items, 1)
        if item.summary.sentences and not _stands_wrong(item)
    ]


def _stands_wrong(item: BriefingItem) -> bool:
    sentences = item.summary.sentences
    return any(
        f.severity is Severity.ERROR
        and not (0 <= f.sentence < len(sentences) and sentences[f.sentence].fallback)
        for f in item.findings
    )


def find_chains(store: Store, entries: Sequence[Entry]) -> list[list[Entry]]:
    """Stories printed on more than one day, each oldest first and begun with its first item, which may be older
    than the period. The one that ran longest comes first."""
    parents: dict[Key, Key] = {}
    known = {e.key: e for e in entries}
    waiting = list(entries)
    for _ in range(_MAX_STEPS):
        asked: dict[Key, None] = {}
        for entry in waiting:
            earlier = entry.item.earlier
            if earlier is not None and entry.key not in parents:
                parent = (earlier.edition, earlier.printed_on, earlier.lead_id)
                if parent[1] <= entry.record.day and parent != entry.key:
                    parents[entry.key] = parent
                    asked[parent] = None
        waiting = []
        for key in asked:
            if key not in known and (found := find_story(store, *key)):
                known[key] = Entry(*found)
                waiting.append(known[key])
        if not waiting:
            break
    inside = {e.key for e in entries}
    groups: dict[Key, list[Entry]] = {}
    for key, entry in known.items():
        root = _root(key, parents, known)
        # Of what is older than the period only the first item is shown.
        if key in inside or key == root:
            groups.setdefault(root, []).append(entry)
    chains = [sorted(g, key=lambda e: (e.record.day, e.record.id)) for g in groups.values()]
    chains = [c for c in chains if len({e.record.day for e in c}) > 1]
    return sorted(chains, key=lambda c: (-_days(c), -max(e.item.score for e in c)))


def _root(key: Key, parents: dict[Key, Key], known: dict[Key, Entry]) -> Key:
    seen = {key}
    while (parent := parents.get(key)) in known and parent not in seen:
        assert parent is not None
        seen.add(parent)
        key = parent
    return key


def _days(chain: Sequence[Entry]) -> int:
    """On how many days the story was printed, as far as is known."""
    shown = len({e.record.day for e in chain})
    return max([shown, *(e.item.earlier.days + 1 for e in chain if e.item.earlier)])


def join_chain(chain: Sequence[Entry]) -> BriefingItem:
    """One item of the sentences of all, in order, under the latest headline."""
    articles: dict[str, Article] = {}
    sentences: list[SummarySentence] = []
    findings = []
    printed = []
    for entry in chain:
        own = {a.id: a for a in entry.item.story.articles}
        if any(i in articles and articles[i].text != a.text for i, a in own.items()):
            continue  # one id for two texts: the traces would lead astray
        articles |= own
        start = len(sentences)
        printed.append(entry.printed(start))
        sentences += entry.item.summary.sentences
        findings += [replace(f, sentence=f.sentence + start) for f in entry.item.findings if f.sentence >= 0]
    last = chain[-1].item
    articles |= {a.id: a for a in last.story.articles}
    findings += [f for f in last.findings if f.sentence == HEADLINE]
    best = max((e.item for e in chain), key=lambda i: i.score)
    others = tuple(a for i, a in articles.items() if i != last.story.lead.id)
    return replace(
        last,
        story=Story(last.story.lead, reports=others),
        summary=replace(last.summary, sentences=tuple(sentences)),
        findings=tuple(findings),
        importance=best.importance,
        score=best.score,
        score_parts=best.score_parts,
        earlier=None,
        printed=tuple(printed),
    )


def best_of_areas(entries: Sequence[Entry], each: int, taken: set[Key]) -> list[BriefingItem]:
    """At most `each` items of every area, best first; of a story printed twice the latest."""
    latest = {e.item.story.lead.id: e for e in entries if e.key not in taken}
    areas: dict[str, list[Entry]] = {}
    for entry in sorted(latest.values(), key=lambda e: (-e.item.score, e.record.day, e.number)):
        areas.setdefault(entry.item.area, []).append(entry)
    return [replace(e.item, printed=(e.printed(),)) for found in areas.values() for e in found[:each]]

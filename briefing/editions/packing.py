"""What a channel is handed: a notice, or an edition with its words and files, rendered once for all."""

from __future__ import annotations

from datetime import date

from briefing import app
from briefing.deliver.contract import Channel, Notice, Outlet, Parcel, Shipment
from briefing.editions.issue_text import issue_text
from briefing.editions.workplace import Workplace
from briefing.errors import BriefingError
from briefing.records import Briefing, Rendered
from briefing.render import RenderOptions
from briefing.store import deliveries as book
from briefing.store.database import Store
from briefing.store.deliveries import DeliveryRecord
from briefing.store.editions import EditionRecord, find_edition, load_edition


class Packer:
    """Shipments of one round of deliveries. `outlets`: the configured ways out, built anew for each round, so
    that a corrected secret counts."""

    def __init__(self, store: Store, place: Workplace) -> None:
        self.store = store
        self.place = place
        self.outlets: tuple[Outlet, ...] = place.outlets()
        self.channels: dict[str, Channel] = {o.channel.name: o.channel for o in self.outlets}
        self._briefings: dict[int, Briefing] = {}
        self._files: dict[tuple[int, str], Rendered | BriefingError] = {}

    def shipment(self, record: DeliveryRecord) -> Shipment:
        """Raises RenderError when the issue cannot be put into words; a format that cannot be made is left out,
        and the channel says so."""
        if record.notice is not None:
            notice = book.load_notice(self.store, record.notice)
            return Notice(notice.key, notice.title, notice.lines, notice.made_at)
        assert record.edition is not None
        edition = self._edition(record.edition)
        briefing = self._briefing(edition)
        channel = self.channels[record.channel]
        files = [self.render(edition, name) for name in channel.formats]
        former = book.former_versions_out(self.store, edition, record.channel)
        return Parcel(
            key=record.about,
            edition=edition.edition,
            day=edition.day,
            version=edition.version,
            text=issue_text(briefing, RenderOptions(clean=self.place.config.layout.clean)),
            queued_at=record.queued_at,
            mark=self._mark(edition, bool(former)),
            replaces=tuple(former),
            files=tuple(f for f in files if isinstance(f, Rendered)),
        )

    def render(self, edition: EditionRecord, name: str) -> Rendered | BriefingError:
        """The edition in a format, or why it cannot be made here."""
        known = self._files.get((edition.id, name))
        if known is not None:
            return known
        options = RenderOptions(clean=self.place.config.layout.clean)
        made: Rendered | BriefingError
        try:
            made = app.render(self._briefing(edition), [name], options)[0]
        except BriefingError as err:
            made = err
            self.place.observe("not rendered", {"format": name, "message": err.en})
        self._files[edition.id, name] = made
        return made

    def _briefing(self, edition: EditionRecord) -> Briefing:
        if edition.id not in self._briefings:
            self._briefings[edition.id] = load_edition(self.store, edition)
        return self._briefings[edition.id]

    def _edition(self, key: int) -> EditionRecord:
        row = self.store.row("SELECT edition, day, version FROM editions WHERE id = ?", key)
        assert row is not None
        found = find_edition(self.store, row["edition"], date.fromisoformat(row["day"]), row["version"])
        assert found is not None
        return found

    def _mark(self, edition: EditionRecord, former: bool) -> str:
        """A version that somebody asked for corrects the former one; one with newer material brings it up to
        date. Where the channel has no former one it only says which it is."""
        if edition.version == 1:
            return ""
        if not former:
            return f"第{edition.version}版"
        run = self.store.row("SELECT redo FROM runs WHERE id = ?", edition.run)
        return f"{'更正' if run and run['redo'] else '更新'}：第{edition.version}版"

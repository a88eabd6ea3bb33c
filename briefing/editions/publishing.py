"""An edition that is in the store goes out: files into its folder, then every channel, each once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from briefing import app
from briefing.deliver.folder import write_folder
from briefing.editions.delivering import send_queued
from briefing.editions.numbering import confirm_number
from briefing.editions.packing import Packer
from briefing.editions.workplace import Workplace
from briefing.errors import BriefingError, DeliveryError
from briefing.records import Briefing, Rendered
from briefing.render import RenderOptions
from briefing.store.database import Store
from briefing.store.deliveries import deliveries, queue_edition
from briefing.store.editions import EditionRecord, EditionState, list_editions, load_edition, set_published

# Old enough for any edition of a store, and a valid date of SQLite's text order.
_EVER = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Published:
    """`problems`: (zh, en) of formats that could not be rendered and channels that could not be reached."""

    paths: tuple[Path, ...]
    problems: tuple[tuple[str, str], ...]


def publish(store: Store, place: Workplace, record: EditionRecord) -> Published:
    """Files and deliveries of `record`; done again after a cut it does only what is not done yet."""
    briefing = load_edition(store, record)
    files, problems = render_all(briefing, place)
    place.observe("rendered", {"files": len(files)})
    paths: list[Path] = []
    if files:
        paths, moved = _write(files, place, record)
        problems += moved
        place.observe("written", {"files": len(paths)})
    packer = Packer(store, place)
    channels = [o.channel.name for o in packer.outlets if o.takes(record.edition)]
    queue_edition(store, record, channels, place.now())
    if channels:
        place.observe("queued", {"channels": len(channels)})
        own = {d.id for d in deliveries(store, record.id)}
        problems += send_queued(store, place, chosen=own, packer=packer)
    set_published(store, record, place.now())
    place.observe("published", {"version": record.version})
    return Published(tuple(paths), tuple(problems))


def publish_left_over(store: Store, place: Workplace, besides: tuple[str, date]) -> None:
    """Publish editions that a cut-off run made and nobody published; not `besides`, which its own run does."""
    for record in list_editions(store, _EVER, place.now().date()):
        if record.state is EditionState.MADE and (record.edition, record.day) != besides:
            place.observe("left over", {"edition": record.edition, "day": record.day.isoformat()})
            confirm_number(store, place, record)
            publish(store, place, record)


def render_all(briefing: Briefing, place: Workplace) -> tuple[list[Rendered], list[tuple[str, str]]]:
    """Every configured format that can be rendered, and what is wrong with the others."""
    files: list[Rendered] = []
    problems: list[tuple[str, str]] = []
    for name in dict.fromkeys(place.config.run.formats):
        try:
            files += app.render(briefing, [name], RenderOptions(clean=place.config.layout.clean))
        except BriefingError as err:
            problems.append((f"{name}：{err.zh}", f"{name}: {err.en}"))
    return files, problems


def _write(
    files: list[Rendered], place: Workplace, record: EditionRecord
) -> tuple[list[Path], list[tuple[str, str]]]:
    """Into the edition's folder; where somebody has edited the files there, into a folder of this version."""
    folder = place.edition_folder(record.edition, record.day)
    try:
        return write_folder(files, folder), []
    except DeliveryError as err:
        if not any((folder / f.filename).exists() for f in files):
            raise
        aside = folder / f"v{record.version}"
        paths = write_folder(files, aside)
        zh = f"{err.source} {err.zh.split('；')[0]}；第{record.version}版写在 {aside}"
        return paths, [(zh, f"{err.source}: {err.en}; version {record.version} is in {aside}")]

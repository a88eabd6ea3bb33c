"""Deliveries by hand and by the clock: what waits is tried again, what is unclear is settled by a person."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from briefing.deliver.contract import Fate, Notice, Part
from briefing.editions.delivering import Problem, delivery_lock, send_queued
from briefing.editions.notifying import queue_notices
from briefing.editions.packing import Packer
from briefing.editions.workplace import Workplace
from briefing.errors import ConfigError, DeliveryError, StoreError
from briefing.store import deliveries as book
from briefing.store.database import Store, open_store
from briefing.store.deliveries import OPEN, TROUBLED, DeliveryRecord, DeliveryState
from briefing.store.editions import EditionRecord, EditionState, find_edition

_SHOWN_DAYS = 7


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asks for. `day` None: whatever waits. `channel` "": all. `version` 0: the latest.

    `again`: also what was refused, given up or unclear, and unclear parts a second time; `received`: what is
    unclear has arrived; both name a channel.
    """

    edition: str = ""
    day: date | None = None
    version: int = 0
    channel: str = ""
    again: bool = False
    received: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """What a dry run shows: the parts that would go out now."""

    record: DeliveryRecord
    parts: tuple[Part, ...]


def deliver_waiting(place: Workplace) -> list[Problem]:
    """Notices that nobody was told yet, and every delivery whose time has come. For the scheduler: does nothing
    where there is no store."""
    if not place.store_path.is_file():
        return []
    with open_store(place.store_path) as store:
        queue_notices(store, place)
        return send_queued(store, place)


def deliver(place: Workplace, order: Order) -> tuple[list[DeliveryRecord], list[Problem]]:
    """Carry out `order`; where each delivery then stands, and what is wrong. Raises ConfigError, StoreError."""
    if (order.again or order.received) and not order.channel:
        raise ConfigError("--again、--received 须同时指明 --channel", "--again and --received need --channel")
    with open_store(place.store_path, create=False) as store:
        records = _chosen(store, place, order)
        with delivery_lock(place) as mine:
            if not mine:
                raise StoreError("另一进程正在发送，请稍后再试", "another process is sending: try again later")
            for record in records:
                _prepare(store, place, record, order)
        ids = [r.id for r in records]
        problems = [] if order.received else send_queued(store, place, chosen=set(ids))
        after = [book.find_delivery(store, i) for i in ids]
    known = {p[1].partition(":")[0] for p in problems}
    problems += [
        (f"{r.channel}：{r.error_zh}", f"{r.channel}: {r.error_en}")
        for r in after
        if r.state in TROUBLED and r.channel not in known
    ]
    return after, problems


def _prepare(store: Store, place: Workplace, record: DeliveryRecord, order: Order) -> None:
    now = place.now()
    if order.received and record.state is DeliveryState.UNCLEAR:
        receipt = f"confirmed by hand on {now:%Y-%m-%d %H:%M}"
        book.accept_parts(store, record.id, receipt, now)
        states = [p.state for p in book.parts_of(store, record.id)]
        done = all(s is book.PartState.SENT for s in states)
        state = DeliveryState.SENT if done else DeliveryState.WAITING
        book.settle(store, record.id, book.Standing(state, receipt, next_at=now), now)
    elif order.again and record.state in (*TROUBLED, DeliveryState.WAITING):
        book.try_again(store, record.id, now, unclear=True)


def plan(place: Workplace, order: Order) -> list[Planned]:
    """What would go out, part by part; nothing is sent and nothing noted. Raises BriefingError."""
    with open_store(place.store_path, create=False) as store:
        packer = Packer(store, place)
        found = []
        for record in _chosen(store, place, order, create=False):
            channel = packer.channels.get(record.channel)
            if channel is None:
                continue
            parts = channel.parts(packer.shipment(record))
            states = {p.part: p.state for p in book.parts_of(store, record.id)}
            out = (book.PartState.SENT, *(() if order.again else (book.PartState.UNCLEAR,)))
            left = tuple(p for i, p in enumerate(parts) if states.get(i) not in out)
            if record.state in OPEN or order.again or record.id == 0:
                found.append(Planned(record, left))
        return found


def _chosen(store: Store, place: Workplace, order: Order, *, create: bool = True) -> list[DeliveryRecord]:
    """The deliveries that `order` is about; with `create`, a channel that is new gets the edition queued."""
    names = [o.channel.name for o in place.outlets()]
    if order.channel and order.channel not in names:
        known = ", ".join(names) or "-"
        raise ConfigError(
            f"没有名为 {order.channel} 的送达渠道；可用：{known}",
            f"no channel {order.channel}; known: {known}",
            source="deliver",
        )
    if order.day is None:
        now = place.now()
        found = book.open_deliveries(store)
        if order.again or order.received:
            found += book.troubled_deliveries(store, now - timedelta(days=_SHOWN_DAYS))
        return [r for r in found if order.channel in ("", r.channel)]
    edition = _edition(store, place, order)
    records = book.deliveries(store, edition.id)
    wanted = [o.channel.name for o in place.outlets() if o.takes(edition.edition)]
    new = [n for n in wanted if n not in {r.channel for r in records} and order.channel in ("", n)]
    if new and create:
        book.queue_edition(store, edition, new, place.now())
        records = book.deliveries(store, edition.id)
    elif new:
        now = place.now()
        key = f"{edition.edition}-{edition.day}-v{edition.version}"
        state = DeliveryState.WAITING
        records += [
            DeliveryRecord(0, edition.id, None, key, n, state, 0, now, now, now, "", "", "") for n in new
        ]
    return [r for r in records if order.channel in ("", r.channel)]


def _edition(store: Store, place: Workplace, order: Order) -> EditionRecord:
    name = order.edition or place.edition("").name
    assert order.day is not None
    found = find_edition(store, name, order.day, order.version)
    if found is None:
        raise StoreError("没有这一期", "there is no such edition", source=f"{name} {order.day}")
    if found.state is EditionState.HELD:
        raise StoreError(
            f"这一期尚未核准，请用 briefing approve {order.day}",
            f"not approved yet: use briefing approve {order.day}",
            source=f"{name} {order.day}",
        )
    return found


def send_test(place: Workplace, channel: str) -> str:
    """A short test message on one channel, noted nowhere; what the receiver said. Raises BriefingError."""
    outlets = {o.channel.name: o.channel for o in place.outlets()}
    if channel not in outlets:
        known = ", ".join(outlets) or "-"
        raise ConfigError(
            f"没有名为 {channel} 的送达渠道；可用：{known}",
            f"no channel {channel}; known: {known}",
            source="deliver",
        )
    now = place.now()
    lines = (f"来自 {socket.gethostname()}，{now:%Y-%m-%d %H:%M:%S}。", "收到本条，说明该渠道可用。")
    notice = Notice(f"test:{now:%Y%m%d%H%M%S}", "政策简报送达测试", lines, now)
    parts = outlets[channel].parts(notice)
    said: list[str] = []
    for group in dict.fromkeys(p.group for p in parts):
        outcomes = outlets[channel].send(notice, [p for p in parts if p.group == group])
        for outcome in outcomes:
            if outcome.fate is not Fate.SENT:
                raise DeliveryError(outcome.zh, outcome.en, source=channel)
            said.append(outcome.receipt)
    return "; ".join(dict.fromkeys(said))


def unsettled(store: Store, place: Workplace) -> Sequence[DeliveryRecord]:
    """For `status`: what waits, was cut off, failed or is unclear, of the last week."""
    since = place.now() - timedelta(days=_SHOWN_DAYS)
    return [*book.open_deliveries(store), *book.troubled_deliveries(store, since)]


__all__ = ["Order", "Planned", "deliver", "deliver_waiting", "plan", "send_test", "unsettled"]

"""What is queued goes out: every step is noted before it is made, so that nothing is sent twice without
somebody knowing, and what was not received is tried again, by the next run or by the scheduler."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from filelock import FileLock, Timeout

from briefing.deliver.contract import Channel, Fate, Outcome, Part, Shipment
from briefing.editions.packing import Packer
from briefing.editions.workplace import Workplace
from briefing.errors import BriefingError
from briefing.store import deliveries as book
from briefing.store.database import Store
from briefing.store.deliveries import DeliveryRecord, DeliveryState, PartRecord, PartState, Standing

LOCK_NAME = "deliver.lock"
# Longer than the short waits of another process that is sending; a longer sender is left to it.
_LOCK_SECONDS = 20.0
# Most faults of a network are over within seconds. What is not waits for a later attempt, without a process.
_QUICK_WAITS = (2.0, 8.0)
# The robots' limits are counted by the minute: a wait that long is worth it inside a run, a longer one is not.
_MAX_WAIT_SECONDS = 65.0
_BACK_OFF_MINUTES = (1, 2, 5, 10, 20, 30, 60)
_PARTS = {
    Fate.SENT: PartState.SENT,
    Fate.LATER: PartState.WAITING,
    Fate.REFUSED: PartState.REFUSED,
    Fate.UNCLEAR: PartState.UNCLEAR,
}

Problem = tuple[str, str]


@contextlib.contextmanager
def delivery_lock(place: Workplace) -> Iterator[bool]:
    """One process sends at a time; False where another one goes on sending. Freed when its owner dies."""
    place.folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(place.folder / LOCK_NAME)
    try:
        lock.acquire(timeout=_LOCK_SECONDS)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def send_queued(
    store: Store, place: Workplace, *, chosen: Collection[int] | None = None, packer: Packer | None = None
) -> list[Problem]:
    """Try what is queued and due, or the `chosen` deliveries (ids) whatever their time.

    Gives (zh, en) of what is not there yet or never will be. Raises StoreError only.
    """
    with delivery_lock(place) as mine:
        if not mine:
            place.observe("not sent", {"message": "another process is sending"})
            return []
        packer = packer or Packer(store, place)
        now = place.now()
        due = [
            r for r in book.open_deliveries(store) if (r.id in chosen if chosen is not None else _due(r, now))
        ]
        return [problem for record in due for problem in _Attempt(store, place, packer, record).make()]


def _due(record: DeliveryRecord, now: datetime) -> bool:
    """Cut off, or its time has come. A clock that was set back holds nothing up."""
    if record.state is DeliveryState.SENDING or record.next_at <= now:
        return True
    return record.next_at - now > timedelta(minutes=_BACK_OFF_MINUTES[-1])


@dataclass(slots=True)
class _Attempt:
    """One attempt at one delivery."""

    store: Store
    place: Workplace
    packer: Packer
    record: DeliveryRecord
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    def make(self) -> list[Problem]:
        channel = self.packer.channels.get(self.record.channel)
        if channel is None:
            return [self._said("渠道已不在配置中", "no longer a configured channel")]
        if self.record.state is DeliveryState.SENDING:
            self._cut_off(channel)
        attempts = book.count_attempt(self.store, self.record.id, self.place.now())
        try:
            shipment = self.packer.shipment(self.record)
            parts = channel.parts(shipment)
            planned = self._plan(parts)
            if planned is None:
                return self._settle_changed()
            self._send(channel, shipment, parts, planned)
        except BriefingError as err:
            if type(err).__name__ == "StoreError":
                raise
            self.outcomes[-1] = Outcome(Fate.LATER, "", err.zh, err.en)
        return self._settle(attempts)

    def _cut_off(self, channel: Channel) -> None:
        """A process died over this delivery: parts that it was sending may have arrived."""
        state = PartState.WAITING if channel.repeatable else PartState.UNCLEAR
        cut = [p.part for p in self._parts() if p.state is PartState.SENDING]
        book.finish_parts(self.store, self.record.id, [(n, state, "") for n in cut], self.place.now())
        self.place.observe(
            "cut off", {"channel": self.record.channel, "about": self.record.about, "parts": len(cut)}
        )

    def _parts(self) -> list[PartRecord]:
        return book.parts_of(self.store, self.record.id)

    def _plan(self, parts: Sequence[Part]) -> list[PartRecord] | None:
        """The parts as noted; None when some have gone out and the others are no longer what they were."""
        known = self._parts()
        if [p.digest for p in known] != [p.digest for p in parts]:
            if any(p.state in (PartState.SENT, PartState.UNCLEAR) for p in known):
                return None
            plan = [(p.label, p.digest) for p in parts]
            book.plan_parts(self.store, self.record.id, plan, self.place.now())
        return self._parts()

    def _send(
        self, channel: Channel, shipment: Shipment, parts: Sequence[Part], planned: Sequence[PartRecord]
    ) -> None:
        """Group after group; a group that is not there stops what would come after it."""
        first = True
        for group in dict.fromkeys(p.group for p in parts):
            own = [i for i, p in enumerate(parts) if p.group == group]
            waiting = [i for i in own if planned[i].state is PartState.WAITING]
            if waiting:
                if not first:
                    self.place.clock.sleep(channel.pause_seconds)
                first = False
                self._send_group(channel, shipment, {i: parts[i] for i in waiting})
            states = {p.part: p.state for p in self._parts()}
            if len(own) == 1 and any(states[i] is not PartState.SENT for i in own):
                return

    def _send_group(self, channel: Channel, shipment: Shipment, parts: dict[int, Part]) -> None:
        left = dict(parts)
        for wait in (*_QUICK_WAITS, None):
            book.begin_parts(self.store, self.record.id, list(left), self.place.now())
            self.place.observe(
                "sending", {"channel": channel.name, "about": self.record.about, "parts": len(left)}
            )
            done = self._hand_over(channel, shipment, left)
            self.place.observe("handed over", {"channel": channel.name, "about": self.record.about})
            self.outcomes |= done
            book.finish_parts(
                self.store,
                self.record.id,
                [(i, _part_state(o, channel), o.receipt) for i, o in done.items()],
                self.place.now(),
            )
            left = {i: p for i, p in left.items() if done[i].fate is Fate.LATER}
            asked = max((done[i].retry_after_seconds for i in left), default=0.0)
            if not left or wait is None or max(asked, wait) > _MAX_WAIT_SECONDS:
                return
            self.place.clock.sleep(max(asked, wait))

    def _hand_over(self, channel: Channel, shipment: Shipment, parts: dict[int, Part]) -> dict[int, Outcome]:
        try:
            outcomes = channel.send(shipment, list(parts.values()))
        except BriefingError as err:
            outcomes = (Outcome(Fate.LATER, "", err.zh, err.en),) * len(parts)
        except Exception as err:  # a fault of ours in one channel must not cost the others, nor be sent over
            kind = type(err).__name__
            zh, en = f"程序内部错误（{kind}），请反馈", f"internal error ({kind}): please report"
            outcomes = (Outcome(Fate.UNCLEAR, "", zh, en),) * len(parts)
        return dict(zip(parts, outcomes, strict=True))

    def _settle_changed(self) -> list[Problem]:
        """Some parts are out, and the rest would no longer be the rest of the same text."""
        zh = "发出一部分之后内容或配置变了，其余部分未发；请人工补发或用 briefing deliver --again"
        en = "the text or the configuration changed after a part had gone out: the rest was not sent"
        standing = Standing(DeliveryState.FAILED, "", zh, en)
        book.settle(self.store, self.record.id, standing, self.place.now())
        return [self._said(zh, en)]

    def _settle(self, attempts: int) -> list[Problem]:
        now = self.place.now()
        states = [p.state for p in self._parts()]
        standing = self._standing(states, attempts, now)
        book.settle(self.store, self.record.id, standing, now)
        facts = {
            "channel": self.record.channel,
            "about": self.record.about,
            "state": standing.state.value,
            "attempts": attempts,
            "receipt": standing.receipt,
            "message": standing.error_en,
        }
        self.place.observe("sent" if standing.state is DeliveryState.SENT else "not sent", facts)
        return (
            [] if standing.state is DeliveryState.SENT else [self._said(standing.error_zh, standing.error_en)]
        )

    def _standing(self, states: Sequence[PartState], attempts: int, now: datetime) -> Standing:
        receipt = "; ".join(dict.fromkeys(p.receipt for p in self._parts() if p.receipt))[:500]
        if states and all(s is PartState.SENT for s in states):
            return Standing(DeliveryState.SENT, receipt)
        zh, en = self._why()
        count = sum(s is PartState.SENT for s in states)
        if count:
            zh, en = f"已发 {count}/{len(states)}，其余：{zh}", f"{count} of {len(states)} sent, the rest: {en}"
        if PartState.UNCLEAR in states:
            return Standing(DeliveryState.UNCLEAR, receipt, zh, en)
        waits = PartState.WAITING in states or not states
        if waits and PartState.REFUSED in states and -1 not in self.outcomes:
            # One of several messages in a row was refused: those after it wait in vain.
            waits = any(o.fate is Fate.LATER for o in self.outcomes.values())
        if not waits:
            return Standing(DeliveryState.FAILED, receipt, zh, en)
        if now - self.record.queued_at >= timedelta(hours=self.place.config.delivery.give_up_hours):
            hours = f"{self.place.config.delivery.give_up_hours:g}"
            zh, en = f"{hours} 小时内未送达，不再重试：{zh}", f"given up after {hours} hours: {en}"
            return Standing(DeliveryState.FAILED, receipt, zh, en)
        minutes = _BACK_OFF_MINUTES[min(attempts, len(_BACK_OFF_MINUTES)) - 1]
        asked = max((o.retry_after_seconds for o in self.outcomes.values()), default=0.0)
        next_at = now + max(timedelta(minutes=minutes), timedelta(seconds=min(asked, 3600.0)))
        return Standing(DeliveryState.WAITING, receipt, zh, en, next_at)

    def _why(self) -> Problem:
        """Why the parts that are not there are not, each reason once."""
        bad = [o for o in self.outcomes.values() if o.fate is not Fate.SENT]
        if not bad:  # a cut-off one, that was not tried again
            zh = "发送中途被打断，对方可能已收到；请核对后用 briefing deliver --received 或 --again"
            return (
                zh,
                "cut off while sending, it may have arrived: look, then briefing deliver --received or --again",
            )
        return "；".join(dict.fromkeys(o.zh for o in bad)), "; ".join(dict.fromkeys(o.en for o in bad))

    def _said(self, zh: str, en: str) -> Problem:
        about = "" if self.record.notice is None else "（通知）"
        return f"{self.record.channel}{about}：{zh}", f"{self.record.channel}: {en}"


def _part_state(outcome: Outcome, channel: Channel) -> PartState:
    if outcome.fate is Fate.UNCLEAR and channel.repeatable:
        return PartState.WAITING
    return _PARTS[outcome.fate]


__all__ = ["LOCK_NAME", "Problem", "delivery_lock", "send_queued"]

"""A mail folder on this machine in Maildir form. Messages are neither moved nor marked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from briefing.errors import BriefingError, SourceError
from briefing.ingest.limits import IngestLimits
from briefing.ingest.names import one_line
from briefing.ingest.sources.contract import FetchOutcome, FetchRequest
from briefing.ingest.sources.gather import Entry, Gathering
from briefing.ingest.sources.mail import is_from, message_address, message_day, message_of, read_message
from briefing.source_tables import MaildirTable


@dataclass(frozen=True, slots=True)
class Maildir:
    table: MaildirTable
    limits: IngestLimits

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def kind(self) -> str:
        return "maildir"

    def fetch(self, request: FetchRequest) -> FetchOutcome:
        gathering = Gathering(self.name, self.kind, request, self.table.outlet)
        try:
            paths = _messages(Path(self.table.path))
        except BriefingError as err:
            return gathering.failed(err)
        taken = 0
        for path in paths:
            # What follows ":" are flags, which change when somebody reads the mail.
            key = path.name.partition(":")[0]
            if gathering.is_known(key):
                continue
            if taken == self.table.max_items:
                zh = f"新邮件超过 {taken} 封，其余留待下次（max_items）"
                en = f"more than {taken} new messages: the rest is left for the next run (max_items)"
                gathering.skip(self.name, SourceError(zh, en, source=self.name))
                break
            try:
                taken += read_into(gathering, _bytes(path, self.limits), self.table.senders, self.limits)
            except BriefingError as err:
                gathering.skip(str(path), err)
                continue
            gathering.mark_read(key)
        return gathering.outcome()


def read_into(gathering: Gathering, body: bytes, senders: tuple[str, ...], limits: IngestLimits) -> bool:
    """Add what a message brings; whether it was wanted (its sender and date). Raises SourceError."""
    message = message_of(body, gathering.name)
    day = message_day(message, gathering.request)
    if not is_from(message, senders) or not gathering.in_time(day):
        return False
    address = message_address(message, body)
    gathering.add(read_message(message, address, limits, gathering.request), Entry(address, day=day))
    return True


def _messages(folder: Path) -> list[Path]:
    """Files of `new` and `cur`, oldest name first (names begin with the time of arrival)."""
    if not (folder / "cur").is_dir() and not (folder / "new").is_dir():
        raise SourceError(
            "不是 Maildir 邮件文件夹（没有 cur 与 new）",
            "not a Maildir (it has neither cur nor new)",
            source=one_line(str(folder)),
        )
    found = [p for part in ("new", "cur") if (folder / part).is_dir() for p in (folder / part).iterdir()]
    return sorted((p for p in found if p.is_file() and not p.name.startswith(".")), key=lambda p: p.name)


def _bytes(path: Path, limits: IngestLimits) -> bytes:
    try:
        if os.stat(path).st_size > limits.max_file_bytes:
            raise SourceError("邮件太大，未读", "the message is too large", source=one_line(str(path)))
        return path.read_bytes()
    except OSError as err:
        raise SourceError(
            f"无法读取（{err.strerror}）", f"cannot be read ({err.strerror})", source=one_line(str(path))
        ) from err

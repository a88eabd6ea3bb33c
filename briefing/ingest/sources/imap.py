"""A mail folder on an IMAP server, opened read-only: nothing is marked as read."""

from __future__ import annotations

import base64
import imaplib
import ipaddress
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from briefing.errors import BriefingError, SourceError
from briefing.ingest.limits import MEBIBYTE, IngestLimits
from briefing.ingest.names import one_line
from briefing.ingest.sources.contract import FetchOutcome, FetchRequest
from briefing.ingest.sources.gather import Gathering
from briefing.ingest.sources.maildir import read_into
from briefing.net.clock import Clock
from briefing.secret_values import read_secret
from briefing.source_tables import ImapTable

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class Imap:
    table: ImapTable
    limits: IngestLimits
    clock: Clock

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def kind(self) -> str:
        return "imap"

    def fetch(self, request: FetchRequest) -> FetchOutcome:
        gathering = Gathering(self.name, self.kind, request, self.table.outlet)
        deadline = self.clock.monotonic() + self.table.source_seconds
        try:
            with self._session() as server:
                self._read_all(server, gathering, deadline)
        except BriefingError as err:
            return gathering.failed(err)
        except (imaplib.IMAP4.error, OSError, ValueError) as err:
            reason = one_line(str(err))[:120]
            return gathering.failed(
                SourceError(
                    f"邮箱无法读取（{reason}）",
                    f"the mailbox cannot be read ({reason})",
                    source=self.table.host,
                )
            )
        return gathering.outcome()

    @contextmanager
    def _session(self) -> Iterator[imaplib.IMAP4]:
        table = self.table
        server: imaplib.IMAP4
        context = ssl.create_default_context()
        if table.security == "tls":
            server = _TlsServer(table.host, table.port, ssl_context=context, timeout=table.idle_seconds)
        else:
            _refuse_clear_text_abroad(table)
            server = _Server(table.host, table.port, timeout=table.idle_seconds)
        server.max_literal_bytes = int(table.max_megabytes * MEBIBYTE)
        try:
            if table.security == "starttls":
                server.starttls(context)
            server.login(table.user, read_password(table))
            yield server
        finally:
            try:
                server.logout()
            except (imaplib.IMAP4.error, OSError):
                server.shutdown()

    def _read_all(self, server: imaplib.IMAP4, gathering: Gathering, deadline: float) -> None:
        status, _ = server.select(encode_folder(self.table.folder), readonly=True)
        if status != "OK":
            raise SourceError(
                f"邮箱里没有文件夹 {self.table.folder}",
                f"the mailbox has no folder {self.table.folder}",
                source=self.table.host,
            )
        # Numbers of messages hold only as long as this value does (RFC 3501, 2.3.1.1).
        validity = (server.response("UIDVALIDITY")[1] or [b"0"])[0]
        _, found = server.uid("SEARCH", "SINCE", imap_date(gathering.request.since))
        taken = 0
        for uid in (found[0] or b"").split():
            key = f"{(validity or b'0').decode('ascii', 'replace')}.{uid.decode('ascii', 'replace')}"
            if gathering.is_known(key):
                continue
            if taken == self.table.max_items or self.clock.monotonic() >= deadline:
                zh, en = (
                    "条数或时间已到上限，其余邮件留待下次",
                    "limit of messages or time: the rest is left for the next run",
                )
                gathering.skip(self.name, SourceError(zh, en, source=self.name))
                return
            try:
                taken += read_into(gathering, self._message(server, uid), self.table.senders, self.limits)
            except SourceError as err:
                gathering.skip(f"{self.name} #{uid.decode('ascii', 'replace')}", err)
                continue
            gathering.mark_read(key)

    def _message(self, server: imaplib.IMAP4, uid: bytes) -> bytes:
        limit = self.table.max_megabytes * MEBIBYTE
        name = f"{self.name} #{uid.decode('ascii', 'replace')}"
        _, sizes = server.uid("FETCH", uid.decode("ascii"), "(RFC822.SIZE)")
        size = _SIZE.search(b" ".join(part for part in sizes if isinstance(part, bytes)))
        if size and int(size.group(1)) > limit:
            megabytes = f"{self.table.max_megabytes:g}"
            raise SourceError(
                f"邮件超过 {megabytes} MB，未读", f"the message is over {megabytes} MB: not read", source=name
            )
        # PEEK: reading must not mark the message as seen.
        _, parts = server.uid("FETCH", uid.decode("ascii"), "(BODY.PEEK[])")
        body = next((part[1] for part in parts if isinstance(part, tuple)), b"")
        if not body:
            raise SourceError("服务器没有给出邮件内容", "the server gave no content", source=name)
        return bytes(body)


class _Limited:
    """A server's answer may announce any size; nothing over the limit is read into memory."""

    max_literal_bytes = 50 * MEBIBYTE

    def read(self, size: int) -> bytes:
        if size > self.max_literal_bytes:
            raise imaplib.IMAP4.abort(f"the server announced {size} bytes, more than max_megabytes allows")
        return super().read(size)  # type: ignore[misc,no-any-return]


class _Server(_Limited, imaplib.IMAP4):
    pass


class _TlsServer(_Limited, imaplib.IMAP4_SSL):
    pass


def _refuse_clear_text_abroad(table: ImapTable) -> None:
    """A password goes unencrypted over a private network only. STARTTLS encrypts before the login."""
    if table.security == "starttls":
        return
    try:
        found = socket.getaddrinfo(table.host, table.port, type=socket.SOCK_STREAM)
    except OSError as err:
        raise SourceError(
            "邮件服务器域名无法解析", "the mail server does not resolve", source=table.host
        ) from err
    for *_, address in found:
        if ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global:
            raise SourceError(
                '公网邮箱必须加密：请把 security 设为 "tls" 或 "starttls"',
                'a public mail server needs encryption: set security to "tls" or "starttls"',
                source=table.host,
            )


def read_password(table: ImapTable) -> str:
    """The password from where the configuration says it is. Raises ConfigError."""
    return read_secret(table.password_env, table.password_file, table.name)


def imap_date(day: date) -> str:
    """RFC 3501 date, in English whatever the locale: 23-Nov-2026."""
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"


def encode_folder(name: str) -> str:
    """A folder's name as a quoted string in modified UTF-7 (RFC 3501, 5.1.3)."""

    def wide(match: re.Match[str]) -> str:
        packed = base64.b64encode(match.group().encode("utf-16-be")).decode().rstrip("=")
        return "&" + packed.replace("/", ",") + "-"

    encoded = re.sub(r"[^\x20-\x7e]+", wide, name.replace("&", "&-"))
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'

"""IMAP against a server on loopback that speaks the protocol, over TLS and in the clear, well and badly."""

from __future__ import annotations

import contextlib
import itertools
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import trustme

from briefing.ingest.limits import IngestLimits
from briefing.ingest.sources import FetchOutcome, SourceStatus
from briefing.ingest.sources.imap import Imap, encode_folder, imap_date
from briefing.net.clock import Clock
from briefing.source_tables import ImapTable
from tests.unit.sources.servers import request, speaking
from tests.unit.sources.test_mail import message
from tests.unit.sources.texts import BRIDGE, solid

PASSWORD = "correct horse"


@dataclass
class Mailbox:
    """A server's messages by UID, and what it was told. `announced`: sizes it lies about. `silent_at`: the command
    ("" the connection itself) after which it says nothing until it is `woken`."""

    messages: dict[int, bytes] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    validity: int = 7
    announced: int = 0
    context: ssl.SSLContext | None = None
    silent_at: str | None = None
    woken: threading.Event | None = None

    def is_silent(self, command: str) -> bool:
        if self.silent_at is None or self.woken is None or not command.startswith(self.silent_at):
            return False
        return self.woken.wait(30)

    def talk(self, raw: socket.socket) -> None:
        connection: Any = self.context.wrap_socket(raw, server_side=True) if self.context else raw
        file = connection.makefile("rwb", buffering=0)
        if self.is_silent(""):
            return
        file.write(b"* OK ready\r\n")
        while line := file.readline():
            tag, _, command = line.decode().strip().partition(" ")
            self.commands.append(command)
            if self.is_silent(command):
                return
            for answer in self.answers(command):
                file.write(answer)
            done = "NO wrong" if command.startswith("LOGIN") and PASSWORD not in command else "OK done"
            file.write(f"{tag} {done}\r\n".encode())
            if command == "LOGOUT":
                break
        connection.close()

    def answers(self, command: str) -> Iterator[bytes]:
        if command == "CAPABILITY":
            yield b"* CAPABILITY IMAP4rev1\r\n"
        elif command.startswith("EXAMINE"):
            yield f"* {len(self.messages)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] ok\r\n".encode()
        elif command.startswith("UID SEARCH"):
            yield f"* SEARCH {' '.join(map(str, self.messages))}\r\n".encode()
        elif match := re.match(r"UID FETCH (\d+) \((.*)\)", command):
            body = self.messages[int(match[1])]
            size = self.announced or len(body)
            if "SIZE" in match[2]:
                yield f"* 1 FETCH (UID {match[1]} RFC822.SIZE {len(body)})\r\n".encode()
            else:
                yield f"* 1 FETCH (UID {match[1]} BODY[] {{{size}}}\r\n".encode() + body + b")\r\n"


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_SECRET", PASSWORD)


def fetch(
    mailbox: Mailbox, earlier: FetchOutcome | None = None, clock: Clock | None = None, **table: Any
) -> FetchOutcome:
    with speaking(mailbox.talk) as port:
        settings: dict[str, Any] = {
            "name": "信息邮箱",
            "host": "127.0.0.1",
            "port": port,
            "user": "zwxx",
            "password_env": "MAIL_SECRET",
            "security": "none",
            "folder": "政务信息",
            "idle_seconds": 2.0,
        }
        made = ImapTable(**settings | table)
        return Imap(made, IngestLimits(), clock or Clock()).fetch(
            request(memory=earlier.memory if earlier else {})
        )


@pytest.mark.usefixtures("secret")
def test_new_messages_are_read_and_nothing_is_marked() -> None:
    mailbox = Mailbox({3: message().as_bytes()})
    found = fetch(mailbox)
    assert found.report.status is SourceStatus.FETCHED, found.report
    assert [solid(d.text) for d in found.documents] == [solid(BRIDGE)]
    assert any(c.startswith("EXAMINE") for c in mailbox.commands)
    assert not any(re.search(r"STORE|SELECT|EXPUNGE|DELETE|BODY\[", c) for c in mailbox.commands)
    assert "UID SEARCH SINCE 21-Nov-2026" in mailbox.commands


@pytest.mark.usefixtures("secret")
def test_a_message_is_read_once_until_the_numbers_change() -> None:
    mailbox = Mailbox({3: message().as_bytes()})
    first = fetch(mailbox)
    mailbox.commands.clear()
    again = fetch(mailbox, first)
    assert (again.documents, again.report.known) == ((), 1)
    assert not any("FETCH" in c for c in mailbox.commands)
    mailbox.validity = 8
    assert len(fetch(mailbox, again).documents) == 1


@pytest.mark.usefixtures("secret")
def test_a_message_over_the_limit_is_listed_and_not_read() -> None:
    mailbox = Mailbox({3: message("大" * 200_000).as_bytes(), 4: message().as_bytes()})
    found = fetch(mailbox, max_megabytes=0.2)
    assert len(found.documents) == 1
    assert [s.source for s in found.report.skips] == ["信息邮箱 #3"]


@pytest.mark.usefixtures("secret")
def test_a_size_that_would_fill_memory_is_refused() -> None:
    found = fetch(Mailbox({3: message().as_bytes()}, announced=60_000_000_000))
    assert found.report.status is SourceStatus.FAILED
    assert "max_megabytes" in found.report.zh


def test_a_wrong_password_is_a_failure_that_does_not_tell_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_SECRET", "hunter2")
    found = fetch(Mailbox())
    assert found.report.status is SourceStatus.FAILED
    assert "hunter2" not in found.report.zh + found.report.en


def test_a_password_file_must_be_private(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text(PASSWORD + "\n", "utf-8")
    path.chmod(0o644)
    mailbox = Mailbox({3: message().as_bytes()})
    open_to_all = fetch(mailbox, password_env="", password_file=str(path))
    assert "chmod 600" in open_to_all.report.zh
    assert not any(c.startswith("LOGIN") for c in mailbox.commands)
    path.chmod(0o600)
    assert len(fetch(mailbox, password_env="", password_file=str(path)).documents) == 1


def test_a_missing_variable_is_named() -> None:
    assert "MAIL_SECRET" in fetch(Mailbox(), password_env="MAIL_SECRET_NOT_SET").report.zh


@pytest.mark.usefixtures("secret")
def test_tls_is_checked_against_the_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authority = trustme.CA()
    roots = tmp_path / "roots.pem"
    authority.cert_pem.write_to_path(str(roots))

    def serve(name: str) -> Mailbox:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        return Mailbox({3: message().as_bytes()}, context=context)

    with contextlib.suppress(ssl.SSLError):
        assert fetch(serve("127.0.0.1"), security="tls").report.status is SourceStatus.FAILED
    monkeypatch.setenv("SSL_CERT_FILE", str(roots))
    assert len(fetch(serve("127.0.0.1"), security="tls").documents) == 1
    assert fetch(serve("mail.example"), security="tls").report.status is SourceStatus.FAILED


@pytest.mark.usefixtures("secret")
def test_a_password_never_goes_in_the_clear_to_a_public_server() -> None:
    table = ImapTable(
        name="信", host="93.184.216.34", user="u", password_env="MAIL_SECRET", security="none", idle_seconds=1.0
    )
    found = Imap(table, IngestLimits(), Clock()).fetch(request())
    assert found.report.status is SourceStatus.FAILED
    assert "tls" in found.report.zh


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize(
    "said", [b"", b"\x00garbage\r\n" * 9, b"* BYE no\r\n"], ids=["nothing", "garbage", "bye"]
)
def test_a_server_that_is_none_is_a_failure(said: bytes) -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(said)

    with speaking(talk) as port:
        table = ImapTable(
            name="信",
            host="127.0.0.1",
            port=port,
            user="u",
            password_env="MAIL_SECRET",
            security="none",
            idle_seconds=1.0,
        )
        found = Imap(table, IngestLimits(), Clock()).fetch(request())
    assert found.report.status is SourceStatus.FAILED
    assert "\n" not in found.report.zh


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("at", ["", "LOGIN", "UID FETCH"], ids=["greeting", "login", "message"])
def test_a_server_that_falls_silent_is_left_in_time(at: str) -> None:
    woken = threading.Event()
    mailbox = Mailbox({3: message().as_bytes()}, silent_at=at, woken=woken)
    began = time.monotonic()
    try:
        found = fetch(mailbox, idle_seconds=0.3)
    finally:
        woken.set()
    assert found.report.status is SourceStatus.FAILED
    assert "timed out" in found.report.en
    assert time.monotonic() - began < 5  # a login, a logout: each waits idle_seconds at most
    assert found.memory == {}  # the message is read by the next run


@pytest.mark.usefixtures("secret")
def test_a_mailbox_that_takes_too_long_is_gone_on_with_next_time() -> None:
    mailbox = Mailbox({n: message().as_bytes() for n in (3, 4, 5)})
    ticks = itertools.count(0.0, 10.0)  # each look at the clock is ten seconds later
    clock = Clock(monotonic=lambda: next(ticks))
    first = fetch(mailbox, clock=clock, source_seconds=25.0)
    assert len(first.documents) == 2
    assert ["下次" in s.zh for s in first.report.skips] == [True]
    second = fetch(mailbox, first)
    assert (len(second.documents), second.report.known) == (1, 2)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        pytest.param("INBOX", '"INBOX"', id="plain"),
        pytest.param("政务信息", '"&ZT9SoU,hYG8-"', id="Chinese"),
        pytest.param("A&B", '"A&-B"', id="ampersand"),
        pytest.param('x" (\\Seen)', '"x\\" (\\\\Seen)"', id="quoted"),
    ],
)
def test_folder_names_are_sent_as_the_protocol_has_them(name: str, sent: str) -> None:
    assert encode_folder(name) == sent


def test_dates_are_english_whatever_the_locale() -> None:
    assert imap_date(date(2026, 5, 3)) == "3-May-2026"

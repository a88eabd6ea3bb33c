"""Mail against a real SMTP server: what arrives, parsed back, and what is known when something breaks."""

from __future__ import annotations

import contextlib
import email
import email.policy
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from briefing.deliver.contract import Fate, Outcome
from briefing.deliver.email import Email
from briefing.deliver.letters import write_letter
from briefing.deliver_tables import convert_channels
from tests.unit.deliver.servers import notice, parcel

PASSWORD = "correct horse"


@dataclass
class Mailbox:
    """`refuse`: address -> answer to RCPT."""

    refuse: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[list[str], bytes]] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append((list(envelope.rcpt_tos), envelope.content))
        return "250 queued as A1"

    def message(self) -> EmailMessage:
        found = email.message_from_bytes(self.taken[0][1], policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found


class _Controller(Controller):
    def factory(self) -> SMTP:
        return SMTP(self.handler, **self.SMTP_kwargs)


@contextlib.contextmanager
def mail_server(box: Mailbox, **options: Any) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = _Controller(box, hostname="127.0.0.1", port=port, **options)
    server.start()
    try:
        yield port
    finally:
        server.stop()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A server's TLS context whose authority this process trusts."""
    import ssl

    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def channel(port: int, monkeypatch: pytest.MonkeyPatch, **keys: Any) -> Email:
    monkeypatch.setenv("MADE_PASSWORD", PASSWORD)
    values = {
        "kind": "email", "name": "邮件", "host": "127.0.0.1", "port": port, "security": "none", "idle_seconds": 2,
        "sender": "政策简报 <briefing@office.test>", "to": ["张三 <zhang@office.test>", "li@office.test"],
        "bcc": ["wang@office.test"], "attach": ["pdf"],
    } | keys  # fmt: skip
    return Email(convert_channels([values], lambda _: "test")[0])  # type: ignore[arg-type]


def send(made: Email, shipment: Any = None) -> tuple[Outcome, ...]:
    shipment = shipment or parcel()
    return made.send(shipment, made.parts(shipment))


def test_an_issue_arrives_with_subject_text_html_and_named_attachment(monkeypatch: pytest.MonkeyPatch) -> None:
    box = Mailbox()
    with mail_server(box) as port:
        outcomes = send(channel(port, monkeypatch))
    assert [o.fate for o in outcomes] == [Fate.SENT] * 3
    assert "queued as A1" in outcomes[0].receipt
    addresses, raw = box.taken[0]
    assert addresses == ["zhang@office.test", "li@office.test", "wang@office.test"]
    assert b"wang@office.test" not in raw
    message = box.message()
    assert message["Subject"] == "每日政策要情（2026年第25期）2026年3月5日"
    assert message["From"].addresses[0].display_name == "政策简报"
    html = message.get_body(("html",)).get_content()
    text = message.get_body(("plain",)).get_content()
    for item in parcel().text.items:
        assert item.headline in text
        assert item.text in text
        assert item.text in html
    assert not any(tag in html for tag in ("<script", "<style", "<link", "<img", "src="))
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "每日政策要情2026年3月5日.pdf"
    assert attached.get_content() == parcel().files[1].body
    assert raw.count(b"filename*=utf-8''") == 1
    assert b"filename*0" not in raw
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_hostile_text_stays_text(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    text = parcel().text
    item = replace(text.items[0], headline="<script>alert(1)</script>\r\nBcc: x@y.test", text='"><img src=x>')
    hostile = parcel(
        text=replace(text, title="要情\r\nBcc: x@y.test", sections=(replace(text.sections[0], items=(item,)),))
    )
    message = write_letter(hostile, channel(25, monkeypatch).table).message
    assert "Bcc" not in message
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<script>" not in html
    assert "<img" not in html


def test_a_correction_says_so_and_stands_under_the_first_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    table = channel(25, monkeypatch).table
    first = write_letter(parcel(), table).message
    second = parcel(key="daily-2026-03-05-v2", version=2, mark="更正：第2版", replaces=("daily-2026-03-05-v1",))
    letter = write_letter(second, table).message
    assert letter["Subject"].startswith("【更正：第2版】每日政策要情")
    assert letter["In-Reply-To"] == first["Message-ID"] != letter["Message-ID"]
    body = letter.get_body(("plain",))
    assert body is not None
    assert "取代此前发出的第1版" in body.get_content()
    assert write_letter(parcel(), table).message["Message-ID"] == first["Message-ID"]


def test_too_large_attachments_stay_behind_and_the_letter_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from briefing.records import Rendered

    big = parcel(files=(Rendered("application/pdf", "briefing.pdf", b"x" * 3_000_000),))
    for options, keys in (({}, {"max_megabytes": 2}), ({"data_size_limit": 1_000_000}, {})):
        box = Mailbox()
        with mail_server(box, **options) as port:  # type: ignore[arg-type]
            assert [o.fate for o in send(channel(port, monkeypatch, **keys), big)] == [Fate.SENT] * 3
        assert list(box.message().iter_attachments()) == []
        body = box.message().get_body(("plain",))
        assert body is not None
        assert "超过邮件大小上限" in body.get_content()


@pytest.mark.parametrize(
    "security", [pytest.param("tls", id="implicit TLS"), pytest.param("starttls", id="STARTTLS")]
)
def test_login_over_tls(security: str, trusted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    box, seen = Mailbox(), []

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        seen.append(data.password)
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)

    options: dict[str, Any] = {"authenticator": authenticate}
    options |= (
        {"ssl_context": trusted, "auth_require_tls": False}
        if security == "tls"
        else {"tls_context": trusted, "require_starttls": True, "auth_required": True}
    )
    with mail_server(box, **options) as port:
        keys = {"security": security, "user": "briefing", "password_env": "MADE_PASSWORD"}
        assert {o.fate for o in send(channel(port, monkeypatch, **keys))} == {Fate.SENT}
        made = channel(port, monkeypatch, **keys)
        monkeypatch.setenv("MADE_PASSWORD", "wrong secret")
        refusals = send(made)
    assert seen[0] == PASSWORD.encode()
    assert {o.fate for o in refusals} == {Fate.REFUSED}
    assert not any("wrong secret" in o.zh + o.en for o in refusals)


def test_a_certificate_of_nobody_is_not_sent_to(trusted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    box = Mailbox()
    with mail_server(box, ssl_context=trusted) as port:
        outcomes = send(channel(port, monkeypatch, security="tls"))
    assert {o.fate for o in outcomes} == {Fate.LATER}
    assert box.taken == []


def test_each_address_has_its_own_fate(monkeypatch: pytest.MonkeyPatch) -> None:
    box = Mailbox({"li@office.test": "450 greylisted", "wang@office.test": "550 no such user"})
    with mail_server(box) as port:
        outcomes = send(channel(port, monkeypatch))
    assert [o.fate for o in outcomes] == [Fate.SENT, Fate.LATER, Fate.REFUSED]
    assert "wang@office.test" in outcomes[2].zh


@contextlib.contextmanager
def talking(at_dot: Callable[[socket.socket], None], greet: bytes = b"220 made\r\n") -> Iterator[int]:
    """A server that takes a message and then does `at_dot`."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(greet)
                for line in lines:
                    if line.upper().startswith(b"DATA"):
                        connection.sendall(b"354 go\r\n")
                        while lines.readline() not in (b".\r\n", b""):
                            pass
                        at_dot(connection)
                        return
                    connection.sendall(b"250 made\r\n")

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(5)


@pytest.mark.parametrize(
    ("at_dot", "fate"),
    [
        pytest.param(lambda c: None, Fate.UNCLEAR, id="drops the connection"),
        pytest.param(lambda c: time.sleep(2.5), Fate.UNCLEAR, id="stalls"),
        pytest.param(lambda c: c.sendall(b"452 disk full\r\n"), Fate.LATER, id="refuses for now"),
        pytest.param(lambda c: c.sendall(b"554 spam\r\n"), Fate.REFUSED, id="refuses for good"),
    ],
)
def test_what_is_known_after_the_last_byte(at_dot: Any, fate: Fate, monkeypatch: pytest.MonkeyPatch) -> None:
    with talking(at_dot) as port:
        assert {o.fate for o in send(channel(port, monkeypatch, idle_seconds=1), notice())} == {fate}


def test_a_connection_lost_before_the_message_is_certainly_not_received(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with talking(lambda c: None, greet=b"421 busy\r\n") as port:
        assert {o.fate for o in send(channel(port, monkeypatch))} == {Fate.LATER}

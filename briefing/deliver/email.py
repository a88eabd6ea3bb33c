"""E-mail over SMTP, with TLS. What the server has taken is known address by address, and a connection that
breaks between the last byte and the server's answer is told from one that breaks before."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from briefing.deliver.contract import Outcome, Part, Shipment, later, refused, sent, unclear
from briefing.deliver.letters import POLICY, Letter, message_id, write_letter
from briefing.deliver_tables import EmailTable, parse_address
from briefing.errors import DeliveryError
from briefing.secret_values import read_secret, redact
from briefing.text.display import one_line

_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True)
class Email:
    table: EmailTable
    pause_seconds: float = 0.0

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def repeatable(self) -> bool:
        return self.table.unclear == "again"

    @property
    def formats(self) -> tuple[str, ...]:
        return self.table.attach

    def parts(self, shipment: Shipment) -> tuple[Part, ...]:
        """One for each address, all handed over in one go: the message is the same, and so is its id."""
        letter = write_letter(shipment, self.table)
        # The date in it is the time of queueing, which a person's new attempt moves.
        del letter.message["Date"]
        body = letter.message.as_bytes(policy=POLICY)
        digest = hashlib.sha256(_without_boundaries(letter.message, body)).hexdigest()
        return tuple(Part(address, digest, body) for address in self._addresses())

    def _addresses(self) -> list[str]:
        found = [parse_address(a) for a in (*self.table.to, *self.table.cc, *self.table.bcc)]
        return list(dict.fromkeys(f[1] for f in found if f))

    def send(self, shipment: Shipment, parts: Sequence[Part]) -> tuple[Outcome, ...]:
        table = self.table
        password = ""
        if table.user:
            password = read_secret(table.password_env, table.password_file, f"deliver.{table.name}")
        letter = write_letter(shipment, table)
        session = _Session(table, password)
        try:
            with session.open() as server:
                return session.hand_over(server, letter, [p.label for p in parts], shipment.key)
        except DeliveryError as err:
            return (later(err.zh, err.en),) * len(parts)
        except (smtplib.SMTPException, OSError, ValueError) as err:
            return (session.failure(err),) * len(parts)


def _without_boundaries(message: EmailMessage, body: bytes) -> bytes:
    """Boundaries are drawn by lot each time the message is written."""
    for part in message.walk():
        boundary = part.get_boundary()
        if boundary:
            body = body.replace(boundary.encode(), b"=")
    return body


@dataclass(slots=True)
class _Session:
    """One conversation with the server. `stage`: how far it came, for what a failure means."""

    table: EmailTable
    password: str
    stage: str = "connect"

    @contextmanager
    def open(self) -> Iterator[smtplib.SMTP]:
        table = self.table
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if table.security == "tls":
            server = smtplib.SMTP_SSL(table.host, table.port, timeout=table.idle_seconds, context=context)
        else:
            if table.security == "none" and table.user:
                _refuse_clear_text_abroad(table)
            server = smtplib.SMTP(table.host, table.port, timeout=table.idle_seconds)
        timer = threading.Timer(table.send_seconds, _cut, (server,))
        timer.daemon = True
        timer.start()
        try:
            if table.security == "starttls":
                server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
            self.stage = "login"
            if table.user:
                server.login(table.user, self.password)
            yield server
        finally:
            timer.cancel()
            server.close()

    def hand_over(
        self, server: smtplib.SMTP, letter: Letter, addresses: Sequence[str], key: str
    ) -> tuple[Outcome, ...]:
        self.stage = "send"
        message = letter.message
        body = message.as_bytes(policy=POLICY)
        announced = server.esmtp_features.get("size", "").strip()
        if announced.isdigit() and 0 < int(announced) < len(body):
            body = letter.light.as_bytes(policy=POLICY)
        sender = parse_address(self.table.sender)
        assert sender is not None
        options = [f"size={len(body)}"] if server.has_extn("size") else []
        code, said = server.mail(sender[1], options)
        if code != 250:
            return (self._answer(code, said),) * len(addresses)
        outcomes: dict[str, Outcome] = {}
        for address in addresses:
            code, said = server.rcpt(address)
            if code not in (250, 251):
                outcomes[address] = self._answer(code, said, address)
        if len(outcomes) < len(addresses):
            taken = self._data(server, body, key)
            outcomes = {a: outcomes.get(a, taken) for a in addresses}
        _leave(server)
        return tuple(outcomes[a] for a in addresses)

    def _data(self, server: smtplib.SMTP, body: bytes, key: str) -> Outcome:
        """RFC 5321, 4.1.1.4: the message is the server's once it has answered to the final dot."""
        code, said = server.docmd("DATA")
        if code != 354:
            return self._answer(code, said)
        lines = _DOT.sub(b"..", body)
        if not lines.endswith(b"\r\n"):
            lines += b"\r\n"
        server.send(lines)
        self.stage = "dot"
        server.send(b".\r\n")
        self.stage = "answer"
        code, said = server.getreply()
        self.stage = "done"
        if code == 250:
            return sent(f"{message_id(key, self.table)} {self._said(said)}".strip())
        if code == -1:
            return self._unclear("connection lost")
        return self._answer(code, said)

    def _answer(self, code: int, said: bytes, address: str = "") -> Outcome:
        """A refusal: 4xx may be another matter later (grey-listing, a full mailbox), 5xx will not."""
        text = self._said(said)
        to = f"{address} " if address else ""
        zh, en = f"{to}邮件服务器拒收（{code} {text}）", f"{to}refused by the mail server ({code} {text})"
        return later(zh, en) if code < 500 else refused(zh, en)

    def failure(self, err: Exception) -> Outcome:
        """Connection, TLS, login or protocol failed."""
        host = self.table.host
        kind = type(err).__name__
        if isinstance(err, smtplib.SMTPAuthenticationError) and err.smtp_code >= 500:
            text = self._said(err.smtp_error)
            return refused(
                f"{host} 不接受用户名或密码（{err.smtp_code} {text}）",
                f"{host} did not accept user or password ({err.smtp_code} {text})",
            )
        if isinstance(err, ssl.SSLCertVerificationError):
            return later(
                f"{host} 的证书无效，未发送", f"the certificate of {host} is not valid: nothing was sent"
            )
        if self.stage in ("dot", "answer"):
            return self._unclear(kind)
        if isinstance(err, smtplib.SMTPResponseException):
            return self._answer(err.smtp_code, _as_bytes(err.smtp_error))
        if isinstance(err, smtplib.SMTPNotSupportedError):
            return refused(
                f"{host} 不支持所配置的加密或登录方式，请检查 security 与 port",
                f"{host} does not offer the configured encryption or login: check security and port",
            )
        return later(
            f"邮件服务器 {host} 无法连接或中断（{kind}）", f"cannot reach {host}, or it broke off ({kind})"
        )

    def _unclear(self, kind: str) -> Outcome:
        host = self.table.host
        return unclear(
            f"邮件已交给 {host}，但没有等到确认（{kind}），可能已发出",
            f"handed to {host}, which did not confirm ({kind}): it may have gone out",
        )

    def _said(self, said: bytes | str) -> str:
        text = _as_bytes(said).decode("utf-8", "replace")
        coded = base64.b64encode(self.password.encode()).decode()
        both = base64.b64encode(f"\0{self.table.user}\0{self.password}".encode()).decode()
        return one_line(redact(text, (self.password, coded, both)), 160)


def _as_bytes(said: bytes | str) -> bytes:
    return said.encode() if isinstance(said, str) else said


def _leave(server: smtplib.SMTP) -> None:
    """The message is handed over whatever becomes of the farewell."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()


def _cut(server: smtplib.SMTP) -> None:
    """End the conversation now: a server that drips single bytes resets every other timeout."""
    handle = server.sock
    if handle is not None:
        try:
            handle.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has ended by itself


def _refuse_clear_text_abroad(table: EmailTable) -> None:
    """A password goes unencrypted over a private network only."""
    try:
        found = socket.getaddrinfo(table.host, table.port, type=socket.SOCK_STREAM)
    except OSError as err:
        raise DeliveryError(
            "邮件服务器域名无法解析", "the mail server does not resolve", source=table.host
        ) from err
    for *_, address in found:
        if ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global:
            raise DeliveryError(
                '公网邮件服务器必须加密：请把 security 设为 "tls" 或 "starttls"',
                'a public mail server needs encryption: set security to "tls" or "starttls"',
                source=table.host,
            )

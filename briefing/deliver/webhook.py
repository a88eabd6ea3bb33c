"""JSON to an address of one's own, with an idempotency key and an HMAC signature (docs/delivery.md)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from briefing.deliver.chat import encode
from briefing.deliver.contract import Notice, Outcome, Part, Shipment, sent
from briefing.deliver.posting import PostPolicy, judge_status, post
from briefing.deliver_tables import WebhookTable
from briefing.net.clock import Clock
from briefing.secret_values import read_secret, redact
from briefing.text.display import one_line

SCHEMA_VERSION = 1


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """`v1=` and the hexadecimal HMAC-SHA256 of "timestamp.body" under `secret`."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Webhook:
    """Repeatable as far as the receiver keeps to `Idempotency-Key`."""

    table: WebhookTable
    clock: Clock
    policy: PostPolicy
    pause_seconds: float = 0.0

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def repeatable(self) -> bool:
        return self.table.unclear == "again"

    @property
    def formats(self) -> tuple[str, ...]:
        return ()

    def parts(self, shipment: Shipment) -> tuple[Part, ...]:
        body = encode(_payload(shipment))
        return (Part(shipment.key, hashlib.sha256(body).hexdigest(), body),)

    def send(self, shipment: Shipment, parts: Sequence[Part]) -> tuple[Outcome, ...]:
        table, where = self.table, f"deliver.{self.name}"
        url = table.url or read_secret(table.url_env, table.url_file, where).strip()
        secret = token = ""
        if table.secret_env or table.secret_file:
            secret = read_secret(table.secret_env, table.secret_file, where)
        if table.token_env or table.token_file:
            token = read_secret(table.token_env, table.token_file, where).strip()
        return tuple(self._send(shipment, part, url, (secret, token)) for part in parts)

    def _send(self, shipment: Shipment, part: Part, url: str, secrets: tuple[str, str]) -> Outcome:
        secret, token = secrets
        timestamp = str(int(self.clock.now().timestamp()))
        headers = {"Idempotency-Key": f"{shipment.key}-{part.digest[:16]}", "X-Briefing-Timestamp": timestamp}
        if secret:
            headers["X-Briefing-Signature"] = sign(secret, timestamp, part.body)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        answer = post(url, part.body, headers, self.policy)
        if isinstance(answer, Outcome):
            return answer
        said = redact(one_line(answer.body.decode("utf-8", "replace"), 160), (*secrets, url))
        return judge_status(answer) or sent(f"{answer.status} {said}".strip())


def _payload(shipment: Shipment) -> dict[str, Any]:
    if isinstance(shipment, Notice):
        return {
            "schema_version": SCHEMA_VERSION,
            "kind": "notice",
            "key": shipment.key,
            "title": shipment.title,
            "lines": list(shipment.lines),
        }
    text = asdict(shipment.text)
    text["printed_date"] = text.pop("date")
    return text | {
        "schema_version": SCHEMA_VERSION,
        "kind": "edition",
        "key": shipment.key,
        "edition": shipment.edition,
        "date": shipment.day.isoformat(),
        "version": shipment.version,
        "mark": shipment.mark,
        "replaces": list(shipment.replaces),
        "heading": shipment.heading,
    }

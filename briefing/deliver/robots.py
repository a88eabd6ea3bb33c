"""The group robots of WeCom, DingTalk and Feishu: what each understands, signs, limits and answers.

Figures and codes from the platforms' own pages (work.weixin.qq.com document 91770, open.dingtalk.com
"custom robot", open.feishu.cn "add-custom-bot"); docs/delivery.md says what was tried against a real one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from briefing.deliver import chat
from briefing.deliver.chat import Block, Dialect
from briefing.deliver.contract import Outcome, Part, Shipment, later, refused, sent, unclear
from briefing.deliver.posting import Answer, PostPolicy, judge_status, post
from briefing.deliver_tables import DingtalkTable, FeishuTable, PostingTable, WecomTable
from briefing.net.clock import Clock
from briefing.secret_values import read_secret, redact
from briefing.text.display import one_line

# Twenty messages a minute at WeCom and DingTalk: one in 3.2 s never comes near it.
_TWENTY_A_MINUTE = 3.2
_FIVE_A_SECOND = 0.7  # Feishu: also a hundred a minute
_MINUTE, _TEN_MINUTES = 60.0, 600.0
WECOM_MAX_BYTES = 4096  # of markdown.content
# DingTalk and Feishu take 20,000 bytes and 20 kB of the whole request; the signature still comes to it.
DINGTALK_MAX_BYTES = FEISHU_MAX_BYTES = 19_000


@dataclass(frozen=True, slots=True)
class Codes:
    """What the code in a 200 answer means. `busy`: code -> seconds to wait. `doubtful`: may have arrived."""

    keys: tuple[str, ...]
    busy: Mapping[int, float]
    doubtful: frozenset[int]


@dataclass(frozen=True, slots=True)
class Signed:
    """Address and body as they go out."""

    url: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Robot:
    """One robot of a group. It knows no keys, so nothing is sent to it twice by itself."""

    table: PostingTable
    dialect: Dialect
    codes: Codes
    sign: Callable[[str, bytes, str, float], Signed]
    pause_seconds: float
    clock: Clock
    policy: PostPolicy
    keyword: str = ""

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
        return chat.messages(shipment, self.dialect, self.keyword)

    def send(self, shipment: Shipment, parts: Sequence[Part]) -> tuple[Outcome, ...]:
        where = f"deliver.{self.name}"
        url = read_secret(self.table.url_env, self.table.url_file, where).strip()
        secret = ""
        if isinstance(self.table, DingtalkTable) and (self.table.secret_env or self.table.secret_file):
            secret = read_secret(self.table.secret_env, self.table.secret_file, where).strip()
        return tuple(self._send(part, url, secret) for part in parts)

    def _send(self, part: Part, url: str, secret: str) -> Outcome:
        signed = self.sign(url, part.body, secret, self.clock.now().timestamp())
        answer = post(signed.url, signed.body, {}, self.policy)
        if isinstance(answer, Outcome):
            return answer
        return _judge(answer, self.codes, (url, secret, *url.split("=")[1:], url.rpartition("/")[2]))


def _judge(answer: Answer, codes: Codes, secrets: tuple[str, ...]) -> Outcome:
    """The platforms answer 200 to almost everything: the code inside counts."""
    status = judge_status(answer)
    if status is not None:
        return status
    try:
        found = json.loads(answer.body)
        code = next(found[key] for key in codes.keys if key in found)
        number = int(code)
    except (ValueError, TypeError, StopIteration, AttributeError):
        return unclear(
            "对方的答复无法辨认，可能已收到", "the answer cannot be understood: the message may have arrived"
        )
    if number == 0:
        return sent("code 0")
    message = redact(one_line(str(found.get("errmsg") or found.get("msg") or ""), 160), secrets)
    zh, en = f"对方拒收（错误码 {number}：{message}）", f"refused (code {number}: {message})"
    if number in codes.busy:
        wait = codes.busy[number]
        return later(f"对方限流或繁忙（错误码 {number}：{message}）", f"busy (code {number}: {message})", wait)
    if number in codes.doubtful:
        return unclear(
            f"对方内部错误（{number}：{message}），可能已收到", f"internal error ({number}: {message})"
        )
    return refused(zh, en)


def _marked(blocks: Sequence[Block], forms: Mapping[str, str], gap: str, between: str) -> str:
    return between.join(gap.join(forms[kind].format(text) for kind, text in b.lines) for b in blocks)


def _wecom_payload(title: str, blocks: Sequence[Block]) -> dict[str, Any]:
    forms = {
        "heading": "**{}**",
        "headline": "**{}**",
        "text": "{}",
        "source": '<font color="comment">{}</font>',
        "remark": "> {}",
    }
    return {
        "msgtype": "markdown",
        "markdown": {"content": f"### {title}\n" + _marked(blocks, forms, "\n", "\n\n")},
    }


def _dingtalk_payload(title: str, blocks: Sequence[Block]) -> dict[str, Any]:
    # A single line end does not break a line there.
    forms = {"heading": "#### {}", "headline": "**{}**", "text": "{}", "source": "{}", "remark": "> {}"}
    text = f"### {title}\n\n" + _marked(blocks, forms, "\n\n", "\n\n")
    return {"msgtype": "markdown", "markdown": {"title": title, "text": text}}


def _feishu_payload(title: str, blocks: Sequence[Block]) -> dict[str, Any]:
    forms = {
        "heading": "**{}**",
        "headline": "**{}**",
        "text": "{}",
        "source": "<font color='grey'>{}</font>",
        "remark": "{}",
    }
    elements = [{"tag": "markdown", "content": _marked([block], forms, "\n", "")} for block in blocks]
    card = {
        "config": {"wide_screen_mode": True},
        "header": {"template": "red", "title": {"tag": "plain_text", "content": title}},
        "elements": elements,
    }
    return {"msg_type": "interactive", "card": card}


def _unsigned(url: str, body: bytes, secret: str, now: float) -> Signed:
    return Signed(url, body)


def sign_dingtalk(url: str, body: bytes, secret: str, now: float) -> Signed:
    """加签: HMAC-SHA256 of "timestamp\\nsecret" under the secret, in the address; milliseconds."""
    if not secret:
        return Signed(url, body)
    timestamp = str(round(now * 1000))
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    joint = "&" if "?" in url else "?"
    return Signed(f"{url}{joint}timestamp={timestamp}&sign={quote_plus(base64.b64encode(digest))}", body)


def sign_feishu(url: str, body: bytes, secret: str, now: float) -> Signed:
    """签名校验: HMAC-SHA256 of nothing under the key "timestamp\\nsecret", in the body; seconds."""
    if not secret:
        return Signed(url, body)
    timestamp = str(round(now))
    digest = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    payload = json.loads(body) | {"timestamp": timestamp, "sign": base64.b64encode(digest).decode()}
    return Signed(url, chat.encode(payload))


# -1 is "system busy" at both; over twenty messages a minute DingTalk shuts the robot out for ten.
_WECOM = Codes(("errcode",), {45009: _MINUTE, 45033: _MINUTE, -1: 5.0}, frozenset())
_DINGTALK = Codes(("errcode",), {130101: _TEN_MINUTES, 130102: _TEN_MINUTES, -1: 5.0}, frozenset())
_FEISHU = Codes(("code", "StatusCode"), {11232: _MINUTE, 99991400: _MINUTE, 11233: _MINUTE}, frozenset({2200}))


def wecom(table: WecomTable, clock: Clock, policy: PostPolicy) -> Robot:
    def content(payload: Any) -> bytes:
        return bytes(payload["markdown"]["content"].encode())

    dialect = Dialect(_wecom_payload, content, WECOM_MAX_BYTES)
    return Robot(table, dialect, _WECOM, _unsigned, _TWENTY_A_MINUTE, clock, policy)


def dingtalk(table: DingtalkTable, clock: Clock, policy: PostPolicy) -> Robot:
    dialect = Dialect(_dingtalk_payload, chat.encode, DINGTALK_MAX_BYTES)
    return Robot(table, dialect, _DINGTALK, sign_dingtalk, _TWENTY_A_MINUTE, clock, policy, table.keyword)


def feishu(table: FeishuTable, clock: Clock, policy: PostPolicy) -> Robot:
    dialect = Dialect(_feishu_payload, chat.encode, FEISHU_MAX_BYTES)
    return Robot(table, dialect, _FEISHU, sign_feishu, _FIVE_A_SECOND, clock, policy, table.keyword)

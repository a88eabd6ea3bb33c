"""One message by HTTP POST to a checked address; what was certainly not received is told from what may have
been."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from briefing import __version__
from briefing.deliver.contract import Outcome, later, refused, unclear
from briefing.errors import DeliveryError, SourceError
from briefing.net import guard
from briefing.net.guard import Resolver

_MAX_ANSWER_BYTES = 1 << 16
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Loopback, RFC 1918, RFC 4193. Not link-local: 169.254.169.254 answers with the keys of a cloud machine.
_PRIVATE = tuple(
    ipaddress.ip_network(n)
    for n in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)


@dataclass(frozen=True, slots=True)
class PostPolicy:
    """`idle_seconds`: without a byte; `request_seconds`: all of it, however slowly it drips."""

    allow_private: bool = False
    idle_seconds: float = 15.0
    request_seconds: float = 60.0
    resolver: Resolver = guard.system_resolver


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` in lower case; `body` cut to 64 kB."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def post(url: str, body: bytes, headers: Mapping[str, str], policy: PostPolicy) -> Answer | Outcome:
    """The answer, or why there is none. Redirects are not followed: the body was meant for this address.

    Addresses are secrets here (a robot's key stands in them), so messages name the host alone. Raises
    DeliveryError when urllib3 is missing or the address is none.
    """
    connection_module = _library()
    scheme, host, port, target = _split(url, policy)
    try:
        addresses = guard.checked_addresses(
            host, port, _PRIVATE if policy.allow_private else (), policy.resolver
        )
    except guard.UnresolvedError as err:
        return later(f"{host}：{err.zh}", f"{host}: {err.en}")
    except SourceError:
        return refused(
            f"{host} 指向内网地址，未发送；确是本单位内网时请设 allow_private = true",
            f"{host} leads to a private address: nothing sent; set allow_private = true if it is meant",
        )
    connection = connection_module.open_to(scheme, host, port, addresses, policy.idle_seconds)
    watch = connection_module.Watch(connection, policy.request_seconds)
    stage = "connect"
    try:
        with watch:
            connection.connect()
            stage = "send"
            connection.request("POST", target, body=body, headers=_headers(headers), preload_content=False)
            stage = "read"
            response = connection.getresponse()
            try:
                found = {k.lower(): v for k, v in response.headers.items()}
                return Answer(
                    response.status, found, response.read(_MAX_ANSWER_BYTES, decode_content=True) or b""
                )
            finally:
                response.close()
    except Exception as err:
        if not _is_foreseen(err):
            raise
        return _failure(stage, host, err)


def _failure(stage: str, host: str, err: Exception) -> Outcome:
    """`err`, by how far the request had come: not whole before the answer was waited for."""
    causes = (err, err.__cause__, err.__context__)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return later(f"{host} 的证书无效，未发送", f"the certificate of {host} is not valid: nothing was sent")
    # The name of the error only: its text may hold the address.
    kind = type(err).__name__
    if stage == "connect":
        return later(f"无法连接 {host}（{kind}）", f"cannot connect to {host} ({kind})")
    if stage == "send":
        return later(f"向 {host} 发送时连接中断（{kind}）", f"{host} broke off while being sent to ({kind})")
    return unclear(
        f"已发给 {host}，但没有等到答复（{kind}），对方可能已收到",
        f"sent to {host}, but there was no answer ({kind}): it may have arrived",
    )


def _is_foreseen(err: Exception) -> bool:
    from http.client import HTTPException

    from urllib3 import exceptions

    return isinstance(err, exceptions.HTTPError | HTTPException | OSError)


def _headers(given: Mapping[str, str]) -> dict[str, str]:
    own = {
        "User-Agent": f"briefing/{__version__}",
        "Content-Type": "application/json; charset=utf-8",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    return own | dict(given)


def _library() -> Any:
    try:
        from briefing.net import connection
    except ModuleNotFoundError as err:
        raise DeliveryError(
            "发送需要另装组件：pip install 'briefing[deliver]'",
            "sending needs an extra: pip install 'briefing[deliver]'",
        ) from err
    return connection


def _split(url: str, policy: PostPolicy) -> tuple[str, str, int, str]:
    """Scheme, host, port and request target. Raises DeliveryError, without the address in it."""
    from urllib3 import exceptions
    from urllib3.util.url import parse_url

    try:
        parsed = parse_url(url.strip())
    except exceptions.LocationParseError as err:
        raise DeliveryError("推送地址不是有效的网址", "the address to send to is not valid") from err
    if parsed.scheme not in _DEFAULT_PORTS or not parsed.host or parsed.auth:
        raise DeliveryError(
            "推送地址应为 https:// 开头、不带用户名的网址",
            "the address to send to must begin with https:// and carry no user",
        )
    if parsed.scheme == "http" and not policy.allow_private:
        raise DeliveryError(
            "推送地址须用 https；仅内网（allow_private = true）可用 http",
            "the address to send to must be https; http only with allow_private = true",
        )
    port = parsed.port or _DEFAULT_PORTS[parsed.scheme]
    return parsed.scheme, str(parsed.host).strip("[]"), port, parsed.request_uri


def judge_status(answer: Answer) -> Outcome | None:
    """What an HTTP status alone says; None for 2xx."""
    status = answer.status
    if 200 <= status < 300:
        return None
    said = f"{status}"
    if status in (408, 425, 429, 503):
        wait = retry_after_seconds(answer.headers)
        return later(f"对方暂不接收（状态 {said}）", f"not taken now (status {said})", wait)
    if status >= 500:
        return unclear(
            f"对方出错（状态 {said}），可能已收到", f"the receiver failed (status {said}): it may have arrived"
        )
    return refused(
        f"对方拒收（状态 {said}），请检查地址与密钥", f"refused (status {said}): check address and key"
    )


def retry_after_seconds(headers: Mapping[str, str]) -> float:
    """What `Retry-After`, or Feishu's header of the same meaning, asks for; 0 where neither can be read."""
    from urllib3.exceptions import InvalidHeader
    from urllib3.util import Retry

    value = headers.get("retry-after") or headers.get("x-ogw-ratelimit-reset") or ""
    try:
        return max(0.0, float(Retry().parse_retry_after(value))) if value else 0.0
    except InvalidHeader:
        return 0.0

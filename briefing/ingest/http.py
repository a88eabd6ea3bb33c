"""Polite, bounded downloads over http and https: one `Fetcher` a source, one `Hosts` a run.

What it keeps to: checked addresses only (`net.guard`), robots.txt, an interval between requests to one host,
limits on size, time and redirects; no cookies, no credentials, nothing executed. Built on urllib3, with one
connection a request: a source reads few pages, and an address is checked each time one is opened.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, replace
from http.client import HTTPException, IncompleteRead
from typing import Any
from urllib.parse import urljoin

from urllib3 import exceptions as urllib3_errors
from urllib3.util import Retry
from urllib3.util.url import Url, parse_url

from briefing.errors import SourceError
from briefing.ingest.http_hosts import Hosts, Robots
from briefing.ingest.limits import MEBIBYTE
from briefing.ingest.names import one_line
from briefing.net import guard
from briefing.net.clock import Clock
from briefing.net.connection import Watch, open_to
from briefing.net.guard import Network, Resolver, UnresolvedError

_CHUNK_BYTES = 1 << 16
_REDIRECTS = (301, 302, 303, 307, 308)
# What a later try may cure: too many requests, and faults of a server or of what stands before it.
_TRANSIENT = (408, 425, 429, 500, 502, 503, 504)
_BACK_OFF_SECONDS = 2.0
# A site that asks for more patience than this is asked again in the next run.
_MAX_WAIT_SECONDS = 60.0
_MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much of it must be read
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.8,*/*;q=0.5"


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """How one source may download. `allowed`: networks beside the public ones that it may connect to.

    `idle_seconds`: without a byte; `request_seconds`: one request, however slowly it drips; `source_seconds`:
    everything that one `Fetcher` does, its waiting included. `max_bytes` counts after decompression.
    """

    user_agent: str
    idle_seconds: float = 20.0
    request_seconds: float = 120.0
    source_seconds: float = 900.0
    max_bytes: int = 50 * MEBIBYTE
    max_redirects: int = 5
    retries: int = 3
    interval_seconds: float = 1.0
    respect_robots: bool = True
    allowed: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of a version of a page, to be asked "has it changed?"; "" where it said nothing."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A downloaded page. `url`: its own address, after redirects; `unchanged`: the server answered 304.

    `media_type`: as the server says, in lower case, "" where it says nothing.
    """

    url: str
    body: bytes
    media_type: str
    validators: Validators
    unchanged: bool = False


class TransientError(SourceError):
    """A download failed in a way that a later try may cure."""

    retry_after_seconds = 0.0


class StatusError(SourceError):
    """The server answered with an error that no later try will cure."""


class Fetcher:
    """Downloads of one source, for one thread. `hosts` may be shared by the fetchers of many threads."""

    def __init__(
        self,
        policy: FetchPolicy,
        hosts: Hosts | None = None,
        clock: Clock | None = None,
        resolver: Resolver = guard.system_resolver,
    ) -> None:
        self.policy = policy
        self._clock = clock or Clock()
        self._hosts = hosts or Hosts()
        self._resolver = resolver
        self._deadline = self._clock.monotonic() + policy.source_seconds

    def get(self, url: str, known: Validators | None = None) -> Fetched:
        """The page at `url`; `unchanged` when it is still the version that `known` describes.

        Raises SourceError (after retries, where a retry may help): bad address, refused by robots.txt or by the
        address check, no answer, an error status, too large, too slow.
        """
        host = str(_parse(url).host)
        retries = 0 if self._hosts.is_failing(host) else self.policy.retries
        failures = 0
        while True:
            try:
                found = self._follow(url, known or Validators(), robots=self.policy.respect_robots)
            except TransientError as err:
                failures += 1
                wait = max(err.retry_after_seconds, _BACK_OFF_SECONDS * 2 ** (failures - 1))
                too_late = self._clock.monotonic() + wait >= self._deadline
                if failures > retries or wait > _MAX_WAIT_SECONDS or too_late:
                    self._hosts.note(host, failing=True)
                    raise
                self._clock.sleep(wait)
            else:
                self._hosts.note(host, failing=False)
                return found

    def _follow(self, url: str, known: Validators, *, robots: bool) -> Fetched:
        here = url
        for _ in range(self.policy.max_redirects + 1):
            target = _parse(here)
            interval = self.policy.interval_seconds
            if robots:
                interval = max(interval, self._ask_robots(target, here))
            self._await_turn(str(target.host), interval, here)
            # Validators belong to the address that gave them.
            answer = self._request(target, here, known if here == url else Validators())
            if isinstance(answer, Fetched):
                return answer
            here = _join(here, answer)
        limit = self.policy.max_redirects
        raise SourceError(
            f"转向次数太多（上限 {limit} 次）", f"too many redirects (the limit is {limit})", source=_shown(url)
        )

    def _await_turn(self, host: str, interval: float, url: str) -> None:
        now = self._clock.monotonic()
        wait = self._hosts.reserve(host, interval, now)
        if now + wait >= self._deadline:
            limit = self.policy.source_seconds
            raise SourceError(
                f"本来源的时间（{limit:g} 秒）已用完，其余留待下次",
                f"the time of this source ({limit:g} s) is used up: the rest is left for the next run",
                source=_shown(url),
            )
        if wait > 0:
            self._clock.sleep(wait)

    def _ask_robots(self, target: Url, url: str) -> float:
        """Seconds that the site wants between requests. Raises SourceError when it wants none of them."""
        site = f"{target.scheme}://{target.netloc}"
        rules = self._hosts.robots(site, lambda: self._read_robots(site))
        if not rules.allows(url, self.policy.user_agent):
            raise SourceError(
                "网站的 robots.txt 不允许访问；如已获许可，可设 respect_robots = false",
                "robots.txt does not allow this; set respect_robots = false if you have leave",
                source=_shown(url),
            )
        return rules.crawl_delay_seconds(self.policy.user_agent)

    def _read_robots(self, site: str) -> Robots:
        """RFC 9309, 2.3.1: missing allows everything, out of reach nothing (TransientError)."""
        limited = Fetcher(
            replace(self.policy, max_bytes=_MAX_ROBOTS_BYTES), self._hosts, self._clock, self._resolver
        )
        limited._deadline = self._deadline
        try:
            return Robots.parse(limited._follow(f"{site}/robots.txt", Validators(), robots=False).body)
        except StatusError:
            return Robots()
        except TransientError as err:
            unread = TransientError(
                f"robots.txt 取不到，按惯例暂不访问（{err.zh}）",
                f"robots.txt cannot be read, so nothing is ({err.en})",
                source=err.source,
            )
            unread.retry_after_seconds = err.retry_after_seconds
            raise unread from err

    def _request(self, target: Url, url: str, known: Validators) -> Fetched | str:
        """The page, or the address that it has moved to. Raises SourceError."""
        scheme, host = str(target.scheme), str(target.host).strip("[]")
        port = target.port or _DEFAULT_PORTS[scheme]
        try:
            addresses = guard.checked_addresses(host, port, self.policy.allowed, self._resolver)
        except UnresolvedError as err:
            raise TransientError(err.zh, err.en, source=_shown(url)) from err
        except SourceError as err:
            raise SourceError(err.zh, err.en, source=_shown(url)) from err
        connection = open_to(scheme, host, port, addresses, self.policy.idle_seconds)
        seconds = max(0.0, min(self.policy.request_seconds, self._deadline - self._clock.monotonic()))
        watch = Watch(connection, seconds)
        try:
            with watch:
                connection.request(
                    "GET", target.request_uri, headers=self._headers(known), preload_content=False
                )
                response = connection.getresponse()
                try:
                    answer = self._read(response, url, known)
                finally:
                    response.close()
        except (urllib3_errors.HTTPError, HTTPException, OSError, ValueError) as err:
            raise (_too_slow(url, seconds) if watch.fired else _failed(url, err)) from err
        # A connection that was cut may look like one that ended in good order.
        if watch.fired:
            raise _too_slow(url, seconds)
        return answer

    def _headers(self, known: Validators) -> dict[str, str]:
        headers = {
            "User-Agent": self.policy.user_agent,
            "Accept": _ACCEPT,
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        }
        if known.etag:
            headers["If-None-Match"] = known.etag
        if known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        return headers

    def _read(self, response: Any, url: str, known: Validators) -> Fetched | str:
        status = response.status
        headers = response.headers
        if status == 304 and known != Validators():
            return Fetched(url, b"", "", known, unchanged=True)
        if status in _REDIRECTS and headers.get("Location"):
            return _location(headers["Location"])
        if status in _TRANSIENT:
            transient = TransientError(
                f"网站暂时不可用（状态 {status}）",
                f"the site is not available now (status {status})",
                source=_shown(url),
            )
            transient.retry_after_seconds = _retry_after(headers.get("Retry-After", ""))
            raise transient
        if status != 200:
            raise StatusError(
                f"网站回答状态 {status}，请检查网址",
                f"the site answered with status {status}: check the address",
                source=_shown(url),
            )
        body = self._body(response, url)
        return Fetched(
            url,
            body,
            str(headers.get("Content-Type", "")).partition(";")[0].strip().lower(),
            Validators(_header(headers.get("ETag", "")), _header(headers.get("Last-Modified", ""))),
        )

    def _body(self, response: Any, url: str) -> bytes:
        """The body, unpacked. Reading stops as soon as it grows over the limit, whatever was announced."""
        limit = self.policy.max_bytes
        chunks: list[bytes] = []
        size = 0
        while chunk := response.read1(_CHUNK_BYTES, decode_content=True):
            size += len(chunk)
            if size > limit:
                raise SourceError(
                    f"内容太大（解压后超过 {limit / MEBIBYTE:g} MB），已停止下载",
                    f"too large (over {limit / MEBIBYTE:g} MB unpacked): the download was stopped",
                    source=_shown(url),
                )
            chunks.append(chunk)
        return b"".join(chunks)


def _parse(url: str) -> Url:
    """The address, normalised and percent-encoded. Raises SourceError for what is no plain web address."""
    try:
        target = parse_url(url)
    except urllib3_errors.LocationParseError as err:
        raise SourceError("不是有效的网址", "not a valid address", source=_shown(url)) from err
    if target.scheme not in _DEFAULT_PORTS or not target.host:
        raise SourceError(
            "只支持 http 与 https 网址", "only http and https addresses are read", source=_shown(url)
        )
    if target.auth:
        raise SourceError(
            "网址中不得带用户名或密码",
            "an address must not carry a user name or password",
            source=_shown(target.host),
        )
    return target


def _location(value: str) -> str:
    """A Location header, which http.client hands over as Latin-1 whatever the server meant."""
    try:
        return value.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return value.strip()


def _join(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError as err:
        raise SourceError("转向的网址无效", "redirected to what is no address", source=_shown(base)) from err


def _header(value: str) -> str:
    """A header value that can be sent back: one line of ASCII, else ""."""
    return value if value.isascii() and value.isprintable() and len(value) <= 1024 else ""


def _retry_after(value: str) -> float:
    try:
        return float(Retry().parse_retry_after(value)) if value else 0.0
    except urllib3_errors.InvalidHeader:
        return 0.0


def _shown(url: str) -> str:
    return one_line(url)[:200]


def _too_slow(url: str, seconds: float) -> TransientError:
    return TransientError(
        f"下载超过 {seconds:.0f} 秒仍未完成，已停止",
        f"not finished after {seconds:.0f} s: stopped",
        source=_shown(url),
    )


def _failed(url: str, err: Exception) -> SourceError:
    """`err` of the network, TLS or HTTP, in words."""
    causes = (err, err.__cause__, err.__context__, getattr(err, "reason", None))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return SourceError(
            "网站证书无效，未读取；请核对网址，或请网站修复证书",
            "the site's certificate is not valid: nothing was read",
            source=_shown(url),
        )
    if any(isinstance(cause, TimeoutError | urllib3_errors.TimeoutError) for cause in causes):
        return TransientError("网站没有在限定时间内回答", "the site did not answer in time", source=_shown(url))
    if isinstance(err, urllib3_errors.DecodeError):
        return SourceError("压缩内容已损坏", "the compressed content is damaged", source=_shown(url))
    if any(isinstance(cause, urllib3_errors.IncompleteRead | IncompleteRead) for cause in causes):
        return TransientError(
            "下载中断，内容不完整", "the download broke off: the content is incomplete", source=_shown(url)
        )
    kind = type(err).__name__
    return TransientError(f"无法连接或读取（{kind}）", f"cannot connect or read ({kind})", source=_shown(url))

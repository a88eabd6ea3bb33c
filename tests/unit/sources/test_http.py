"""Downloads against servers that fail, stall, lie, repeat, redirect and pack bombs."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
import zlib
from pathlib import Path
from typing import Any

import pytest
import trustme

from briefing.errors import SourceError
from briefing.ingest.http import Fetcher, TransientError, Validators
from briefing.ingest.http_hosts import Hosts
from tests.unit.sources.servers import Answer, Site, Waits, fetcher, policy, speaking

MEGABYTE = 1 << 20


def test_a_page_comes_with_its_type_and_validators(site: Site) -> None:
    site.html("/", "<p>江城</p>", etag='"a1"')
    found = fetcher().get(site.url + "/")
    assert found.body.decode() == "<p>江城</p>"
    assert (found.media_type, found.validators.etag) == ("text/html", '"a1"')


def test_every_request_says_who_asks(site: Site) -> None:
    site.html("/", "x")
    fetcher().get(site.url + "/")
    assert {headers["user-agent"] for _, headers in site.asked} == {"briefing/test (+desk@example.org)"}
    assert all("cookie" not in headers and "authorization" not in headers for _, headers in site.asked)


def test_a_known_version_is_not_sent_again(site: Site) -> None:
    site.html("/", "x", etag='"a1"')
    assert fetcher().get(site.url + "/", Validators(etag='"a1"')).unchanged
    assert not fetcher().get(site.url + "/", Validators(etag='"old"')).unchanged


def test_last_modified_is_sent_back_as_given(site: Site) -> None:
    stamp = "Mon, 23 Nov 2026 01:00:00 GMT"
    site.pages["/"] = lambda h: Answer(status=304) if h.get("if-modified-since") == stamp else Answer(b"x")
    assert fetcher().get(site.url + "/", Validators(last_modified=stamp)).unchanged


def test_304_without_having_asked_is_no_page(site: Site) -> None:
    site.pages["/"] = Answer(status=304)
    with pytest.raises(SourceError, match="304"):
        fetcher().get(site.url + "/")


@pytest.mark.parametrize(
    ("status", "tries"),
    [
        pytest.param(404, 1, id="404 is final"),
        pytest.param(403, 1, id="403 is final"),
        pytest.param(503, 4, id="503 may pass"),
        pytest.param(429, 4, id="429 may pass"),
    ],
)
def test_only_what_may_pass_is_tried_again_with_back_off(site: Site, status: int, tries: int) -> None:
    site.pages["/x"] = Answer(status=status)
    waits = Waits()
    with pytest.raises(SourceError, match=str(status)):
        fetcher(waits, retries=3).get(site.url + "/x")
    assert site.paths() == ["/x"] * tries
    assert waits.slept == [2.0, 4.0, 8.0][: tries - 1]


def test_a_site_that_recovers_is_read(site: Site) -> None:
    answers = iter([Answer(status=502), Answer(b"good")])
    site.pages["/x"] = lambda _: next(answers)
    assert fetcher(Waits(), retries=1).get(site.url + "/x").body == b"good"


def test_retry_after_is_kept_to(site: Site) -> None:
    answers = iter([Answer(status=503, headers={"Retry-After": "17"}), Answer(b"good")])
    site.pages["/x"] = lambda _: next(answers)
    waits = Waits()
    fetcher(waits, retries=1).get(site.url + "/x")
    assert waits.slept == [17.0]


def test_a_site_that_asks_for_an_hour_is_left_for_the_next_run(site: Site) -> None:
    site.pages["/x"] = Answer(status=429, headers={"Retry-After": "3600"})
    waits = Waits()
    with pytest.raises(TransientError):
        fetcher(waits, retries=3).get(site.url + "/x")
    assert waits.slept == []


def test_requests_to_one_host_keep_their_distance(site: Site) -> None:
    site.html("/", "x")
    waits, hosts = Waits(), Hosts()
    for _ in range(2):  # two sources on one host share it
        fetcher(waits, hosts, interval_seconds=3.0).get(site.url + "/")
    # robots.txt, then the page, then the page for the second source
    assert waits.slept == [3.0, 3.0]


def test_the_delay_that_robots_txt_asks_for_is_kept(site: Site) -> None:
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 9\n")
    site.html("/", "x")
    waits, hosts = Waits(), Hosts()
    one = fetcher(waits, hosts)
    one.get(site.url + "/")
    one.get(site.url + "/")
    assert waits.slept == [9.0]


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        pytest.param(Answer(b"User-agent: *\nDisallow: /inner/\n"), "/inner/a", False, id="forbidden"),
        pytest.param(Answer(b"User-agent: *\nDisallow: /inner/\n"), "/a", True, id="elsewhere"),
        pytest.param(Answer(b"User-agent: briefing\nDisallow: /\n"), "/a", False, id="by our name"),
        pytest.param(Answer(b"User-agent: other\nDisallow: /\n"), "/a", True, id="for another"),
        pytest.param(Answer(b"User-agent: *\nDisallow: /*.pdf$\n"), "/a.pdf", False, id="wildcard"),
        pytest.param(Answer(status=404), "/a", True, id="no robots.txt"),
        pytest.param(Answer(status=500), "/a", False, id="robots.txt out of reach"),
        pytest.param(Answer("User-agent: *\nDisallow: /新闻/\n".encode("gbk")), "/a", True, id="not UTF-8"),
    ],
)
def test_robots_txt_is_obeyed(site: Site, robots: Answer, path: str, allowed: bool) -> None:
    site.pages |= {"/robots.txt": robots, path: Answer(b"page")}
    if allowed:
        assert fetcher().get(site.url + path).body == b"page"
    else:
        with pytest.raises(SourceError, match=r"robots\.txt"):
            fetcher().get(site.url + path)
        assert site.paths() == []


def test_robots_txt_is_read_once_a_run_and_not_at_all_when_told_so(site: Site) -> None:
    site.pages |= {"/robots.txt": Answer(b"User-agent: *\nDisallow: /\n"), "/a": Answer(b"page")}
    hosts = Hosts()
    for _ in range(2):
        with pytest.raises(SourceError):
            fetcher(hosts=hosts).get(site.url + "/a")
    assert [path for path, _ in site.asked] == ["/robots.txt"]
    assert fetcher(respect_robots=False).get(site.url + "/a").body == b"page"


def test_a_redirect_is_followed_and_the_new_address_told(site: Site) -> None:
    site.pages["/old"] = Answer(status=301, headers={"Location": "new?a=1"})
    site.html("/new?a=1", "moved")
    assert fetcher().get(site.url + "/old").url == site.url + "/new?a=1"


def test_a_redirect_written_in_chinese_is_followed(site: Site) -> None:
    # http.server writes headers as Latin-1, so the bytes on the wire are the UTF-8 that careless sites send.
    site.pages["/old"] = Answer(status=302, headers={"Location": "/新闻".encode().decode("latin-1")})
    site.html("/%E6%96%B0%E9%97%BB", "moved")
    assert fetcher().get(site.url + "/old").body == b"moved"


def test_redirects_in_a_circle_end(site: Site) -> None:
    site.pages["/a"] = Answer(status=302, headers={"Location": "/a"})
    with pytest.raises(SourceError, match="redirects"):
        fetcher().get(site.url + "/a")
    assert len(site.paths()) == 6


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("http://169.254.169.254/latest/meta-data/", id="metadata"),
        pytest.param("http://127.0.0.2/", id="loopback"),
        pytest.param("http://2130706434/", id="decimal"),
        pytest.param("http://0177.0.0.2/", id="octal"),
        pytest.param("http://[::ffff:127.0.0.2]/", id="mapped"),
        pytest.param("http://10.0.0.8/", id="private"),
        pytest.param("file:///etc/passwd", id="file"),
        pytest.param("ftp://127.0.0.1/", id="ftp"),
        pytest.param("gopher://127.0.0.1/", id="gopher"),
    ],
)
def test_a_redirect_inwards_is_refused(site: Site, target: str) -> None:
    site.pages["/a"] = Answer(status=302, headers={"Location": target})
    # Only the made site's own address is allowed: everything else inside stays refused.
    from briefing.net.guard import parse_networks

    with pytest.raises(SourceError) as caught:
        fetcher(allowed=parse_networks(["127.0.0.1"])).get(site.url + "/a")
    assert not isinstance(caught.value, TransientError)


def test_nothing_inside_is_read_unless_allowed(site: Site) -> None:
    site.html("/", "secret")
    with pytest.raises(SourceError, match="allow_addresses"):
        fetcher(allowed=()).get(site.url + "/")
    assert site.asked == []


def test_a_name_that_changes_its_answer_gains_nothing(site: Site) -> None:
    """DNS rebinding: public at the check, loopback at the connection. There is only one look-up, so the
    connection goes to the address that was judged."""
    site.html("/", "secret")
    port = int(site.url.rpartition(":")[2])
    asked: list[str] = []

    def resolver(host: str, port: int) -> Any:
        asked.append(host)
        address = "203.0.113.9" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    from briefing.net.guard import parse_networks

    # 203.0.113.0/24 is set aside for examples, so nothing answers there; it is allowed to pass the check.
    allowed = parse_networks(["203.0.113.0/24"])
    rules = policy(allowed=allowed, idle_seconds=0.3, request_seconds=1.0, respect_robots=False)
    with pytest.raises(SourceError):
        Fetcher(rules, resolver=resolver).get(f"http://rebind.example:{port}/")
    assert asked == ["rebind.example"]
    with pytest.raises(SourceError, match="no public address"):
        Fetcher(rules, resolver=resolver).get(f"http://rebind.example:{port}/")
    assert site.asked == []


def test_a_name_with_one_private_address_is_refused_whole(site: Site) -> None:
    def resolver(host: str, port: int) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in ("93.184.216.34", "10.0.0.1")]

    with pytest.raises(SourceError, match=r"10\.0\.0\.1"):
        Fetcher(policy(), resolver=resolver).get("http://mixed.example/")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://user:secret@127.0.0.1/", id="credentials"),
        pytest.param("http:///a", id="no host"),
        pytest.param("http://[::1/", id="broken"),
        pytest.param("javascript:alert(1)", id="script"),
        pytest.param("新闻", id="no address"),
    ],
)
def test_what_is_no_plain_web_address_is_refused_without_telling_secrets(url: str) -> None:
    with pytest.raises(SourceError) as caught:
        fetcher().get(url)
    assert "secret" not in str(caught.value) + caught.value.zh


def test_a_body_over_the_limit_is_not_read_to_its_end(site: Site) -> None:
    site.pages["/"] = Answer(b"x" * (3 * MEGABYTE))
    with pytest.raises(SourceError, match="too large"):
        fetcher(max_bytes=MEGABYTE).get(site.url + "/")


def bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    block = bytes(MEGABYTE)
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip"])
def test_a_bomb_is_stopped_at_the_limit_with_little_memory(site: Site, encoding: str) -> None:
    import tracemalloc

    packed = bomb(300)
    body = gzip.compress(packed) if "," in encoding else packed
    assert len(body) < MEGABYTE
    site.pages["/"] = Answer(body, headers={"Content-Encoding": encoding})
    one = fetcher(max_bytes=5 * MEGABYTE)
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match="too large"):
            one.get(site.url + "/")
        assert tracemalloc.get_traced_memory()[1] < 30 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_a_packed_page_is_unpacked(site: Site) -> None:
    body = gzip.compress("江城".encode() * 50_000)
    site.pages["/"] = Answer(body, headers={"Content-Encoding": "gzip"})
    assert fetcher().get(site.url + "/").body.decode() == "江城" * 50_000


def test_a_false_packing_is_an_error(site: Site) -> None:
    site.pages["/"] = Answer(b"not packed at all", headers={"Content-Encoding": "gzip"})
    with pytest.raises(SourceError, match="damaged"):
        fetcher().get(site.url + "/")


def test_less_than_announced_is_an_error_and_tried_again(site: Site) -> None:
    site.pages["/"] = Answer(b"half", headers={"Content-Length": "4000"})
    with pytest.raises(TransientError, match="incomplete"):
        fetcher().get(site.url + "/")


def test_more_than_announced_is_cut_there(site: Site) -> None:
    site.pages["/"] = Answer(b"wholeEVIL", headers={"Content-Length": "5"})
    assert fetcher().get(site.url + "/").body == b"whole"


def _head(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")


def test_a_server_that_says_nothing_is_given_up() -> None:
    with speaking(lambda c: time.sleep(3)) as port:
        start = time.monotonic()
        with pytest.raises(TransientError, match="in time"):
            fetcher(idle_seconds=0.3, respect_robots=False).get(f"http://127.0.0.1:{port}/")
        assert time.monotonic() - start < 2


@pytest.mark.parametrize("part", ["headers", "body", "endless body"])
def test_a_drip_of_bytes_is_cut_after_the_time_for_one_request(part: str) -> None:
    """Each byte comes well within `idle_seconds`, so only the whole request's limit ends it."""

    def drip(connection: socket.socket) -> None:
        _head(connection)
        if part != "headers":
            # Without a length, a body that is cut looks like one that has ended.
            connection.sendall(b"\r\n" if part == "endless body" else b"Content-Length: 9999\r\n\r\n")
        for _ in range(60):
            connection.sendall(b"x")
            time.sleep(0.05)

    with speaking(drip) as port:
        start = time.monotonic()
        with pytest.raises(TransientError, match="not finished"):
            fetcher(idle_seconds=1, request_seconds=0.5, respect_robots=False).get(f"http://127.0.0.1:{port}/")
        assert time.monotonic() - start < 2.5


def test_a_handshake_that_never_ends_is_cut() -> None:
    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        # A TLS record of 16,000 bytes, a byte at a time.
        connection.sendall(b"\x16\x03\x03\x3e\x80")
        for _ in range(60):
            connection.sendall(b"\x02")
            time.sleep(0.05)

    with speaking(drip) as port:
        start = time.monotonic()
        with pytest.raises(TransientError):
            fetcher(idle_seconds=1, request_seconds=0.5, respect_robots=False).get(f"https://127.0.0.1:{port}/")
        assert time.monotonic() - start < 2.5


def test_endless_headers_are_refused() -> None:
    def many(connection: socket.socket) -> None:
        _head(connection)
        for i in range(100_000):
            connection.sendall(b"X-%d: y\r\n" % i)

    with speaking(many) as port, pytest.raises(SourceError):
        fetcher(respect_robots=False).get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00\xff\xfe garbage", id="garbage"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="bad chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nshort", id="cut chunk"),
        pytest.param(b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n", id="broken redirect"),
    ],
)
def test_what_is_no_http_is_our_error(said: bytes) -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(said)

    with speaking(talk) as port, pytest.raises(SourceError) as caught:
        fetcher(respect_robots=False).get(f"http://127.0.0.1:{port}/")
    assert caught.value.zh
    assert "\n" not in caught.value.zh + caught.value.en


def test_a_closed_port_and_an_unknown_name_are_told_apart() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(TransientError, match="connect"):
        fetcher(respect_robots=False).get(f"http://127.0.0.1:{port}/")
    with pytest.raises(TransientError, match="resolve"):
        fetcher().get("http://no-such-host.invalid/")


def test_a_source_has_only_its_time(site: Site) -> None:
    site.html("/", "x")
    waits = Waits()
    one = fetcher(waits, interval_seconds=4.0, source_seconds=10.0, respect_robots=False)
    one.get(site.url + "/")
    one.get(site.url + "/")
    one.get(site.url + "/")
    with pytest.raises(SourceError, match="used up"):
        one.get(site.url + "/")
    assert len(site.paths()) == 3


def test_a_certificate_must_be_valid_for_the_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The connection goes to a checked address, and the certificate is still the name's."""
    authority = trustme.CA()
    roots = tmp_path / "roots.pem"
    authority.cert_pem.write_to_path(str(roots))
    monkeypatch.setenv("SSL_CERT_FILE", str(roots))

    def serve(connection: socket.socket) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("news.example").configure_cert(context)
        try:
            with context.wrap_socket(connection, server_side=True) as safe:
                safe.recv(65536)
                safe.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsafe")
        except ssl.SSLError:
            return

    with speaking(serve) as port:

        def resolver(host: str, asked_port: int) -> Any:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        rules = policy(respect_robots=False)
        assert Fetcher(rules, resolver=resolver).get(f"https://news.example:{port}/").body == b"safe"
        with pytest.raises(SourceError, match="certificate"):
            Fetcher(rules, resolver=resolver).get(f"https://other.example:{port}/")


def test_many_threads_share_a_host_in_turns(site: Site) -> None:
    from concurrent.futures import ThreadPoolExecutor

    site.html("/", "x")
    hosts = Hosts()
    start = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda _: fetcher(hosts=hosts, interval_seconds=0.1, respect_robots=False).get(site.url + "/"),
                range(5),
            )
        )
    assert time.monotonic() - start >= 0.4

"""Which addresses count as public, however they are written or wrapped."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

from briefing.errors import SourceError
from briefing.net.guard import checked_addresses, may_connect, parse_networks

REFUSED = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "100.100.100.200",  # metadata of Aliyun
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:db8::1",
    "::127.0.0.1",
]


@pytest.mark.parametrize("address", REFUSED)
def test_inner_addresses_are_refused(address: str) -> None:
    assert not may_connect(ipaddress.ip_address(address), ())


@pytest.mark.parametrize("address", ["93.184.216.34", "223.5.5.5", "2400:3200::1", "64:ff9b::5db8:d822"])
def test_public_addresses_pass(address: str) -> None:
    assert may_connect(ipaddress.ip_address(address), ())


@pytest.mark.parametrize(
    ("allowed", "address", "passes"),
    [
        pytest.param(["192.168.7.0/24"], "192.168.7.9", True, id="network"),
        pytest.param(["192.168.7.0/24"], "192.168.8.9", False, id="next network"),
        pytest.param(["192.168.7.9"], "192.168.7.9", True, id="one address"),
        pytest.param(["192.168.7.9"], "::ffff:192.168.7.9", True, id="the same, mapped"),
        pytest.param(["fd00::/8"], "fd00::1", True, id="version 6"),
        pytest.param(["192.168.7.0/24"], "127.0.0.1", False, id="loopback is another"),
    ],
)
def test_what_the_file_allows_is_all_that_is_allowed(allowed: list[str], address: str, passes: bool) -> None:
    assert may_connect(ipaddress.ip_address(address), parse_networks(allowed)) is passes


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "::1", "localhost", "::ffff:7f00:1"],
)
def test_spellings_of_loopback_are_seen_through(host: str) -> None:
    """The real resolver of this machine answers."""
    with pytest.raises(SourceError):
        checked_addresses(host, 80, ())


def test_link_local_with_a_zone_is_refused() -> None:
    def resolver(host: str, port: int) -> Any:
        return [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fe80::1%eth0", port, 0, 2))]

    with pytest.raises(SourceError, match="fe80::1"):
        checked_addresses("printer.example", 80, (), resolver)

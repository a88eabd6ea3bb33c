"""Which addresses a download may connect to: public ones, and those that the configuration names.

A name is resolved once, every address it has is judged, and the connection goes to a judged address, so a name
that changes its answer between check and use (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence

from briefing.errors import SourceError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# (host, port) -> what socket.getaddrinfo gives. A parameter so that a test can answer like a hostile server.
Resolver = Callable[[str, int], Sequence[tuple[int, int, int, str, tuple[object, ...]]]]

# Prefixes whose addresses carry an IPv4 address that the packet is in the end sent to (RFC 6052, RFC 8215).
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


class UnresolvedError(SourceError):
    """A host name has no address at present."""


def system_resolver(host: str, port: int) -> Sequence[tuple[int, int, int, str, tuple[object, ...]]]:
    """Every TCP address of `host`, as the operating system answers.

    It understands 127.1, 0x7f000001 and 017700000001 too, which is why answers are judged, never spellings.
    """
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def parse_networks(values: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and networks ("10.1.2.3", "192.168.0.0/16"). Raises ValueError naming the one that is none."""
    return tuple(ipaddress.ip_network(value, strict=False) for value in values)


def may_connect(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether `address` is public, or lies in one of the `allowed` networks."""
    inner = _inner(address)
    if any(a in network for network in allowed for a in {address, inner} if a.version == network.version):
        return True
    # A NAT64 address stands in a reserved block whatever it leads to; of the other kinds both must be public.
    judged = {inner} if any(address in n for n in _NAT64 if n.version == address.version) else {address, inner}
    return all(a.is_global and not a.is_multicast and not a.is_reserved for a in judged)


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for (mapped, 6to4, NAT64), else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if inner is None and any(address in network for network in _NAT64):
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address


def checked_addresses(
    host: str, port: int, allowed: Sequence[Network], resolver: Resolver = system_resolver
) -> list[tuple[int, tuple[object, ...]]]:
    """(family, socket address) of each address of `host`, in the resolver's order.

    Raises SourceError when the host does not resolve or when any of its addresses is refused: a name with a
    public and a private address is what a rebinding attack looks like.
    """
    try:
        found = resolver(host, port)
    except (OSError, UnicodeError) as err:
        raise UnresolvedError(
            f"域名 {host} 无法解析，请检查网址与网络", f"{host} does not resolve: check address and network"
        ) from err
    checked: list[tuple[int, tuple[object, ...]]] = []
    for family, _, _, _, sockaddr in found:
        # A scope ("fe80::1%eth0") belongs to link-local addresses, which are refused whatever it says.
        address = ipaddress.ip_address(str(sockaddr[0]).partition("%")[0])
        if not may_connect(address, allowed):
            raise SourceError(
                f"{host} 指向 {address}，不是公网地址，已拒绝；确需访问内网时请在 allow_addresses 中列出",
                f"{host} leads to {address}, which is no public address: refused; "
                "list it in allow_addresses if it is meant",
            )
        checked.append((family, sockaddr))
    if not checked:
        raise SourceError(f"域名 {host} 没有地址", f"{host} has no address")
    return checked

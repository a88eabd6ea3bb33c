"""One HTTP connection to an address that was checked before, which a watch can cut from another thread."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Sequence
from types import TracebackType

from urllib3.connection import HTTPConnection, HTTPSConnection

SocketAddress = tuple[int, tuple[object, ...]]


class _Checked:
    """Connects to given socket addresses; the host name serves for Host, SNI and the certificate only.

    `_new_conn` is where urllib3 lets a connection be opened otherwise (its own SOCKS support does it there).
    """

    addresses: Sequence[SocketAddress]
    connect_seconds: float
    # A second handle of the open socket: TLS takes the first one over, and this one can still cut it.
    handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        failure: OSError | None = None
        for family, address in self.addresses:
            opened = socket.socket(family, socket.SOCK_STREAM)
            try:
                opened.settimeout(self.connect_seconds)
                opened.connect(address)
            except OSError as err:
                opened.close()
                failure = err
                continue
            self.handle = opened.dup()
            return opened
        raise failure or OSError("no address to connect to")

    def cut(self) -> None:
        """End the connection now, from any thread, whatever it is waiting for."""
        if self.handle is not None:
            try:
                self.handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended by itself


class CheckedHttp(_Checked, HTTPConnection):
    """http to checked addresses."""


class CheckedHttps(_Checked, HTTPSConnection):
    """https to checked addresses; the certificate must be valid for the host name."""


def open_to(
    scheme: str, host: str, port: int, addresses: Sequence[SocketAddress], seconds: float
) -> CheckedHttp | CheckedHttps:
    """A connection not yet opened. `seconds`: without progress, while connecting and while reading."""
    connection: CheckedHttp | CheckedHttps
    if scheme == "https":
        connection = CheckedHttps(host, port, timeout=seconds, ssl_context=ssl.create_default_context())
    else:
        connection = CheckedHttp(host, port, timeout=seconds)
    connection.addresses = addresses
    connection.connect_seconds = seconds
    return connection


class Watch:
    """Cuts a connection still at work after `seconds`: a drip of single bytes resets every other timeout."""

    def __init__(self, connection: CheckedHttp | CheckedHttps, seconds: float) -> None:
        self._connection = connection
        self._timer = threading.Timer(seconds, self._fire)
        self._timer.daemon = True
        self.fired = False

    def _fire(self) -> None:
        self.fired = True
        self._connection.cut()

    def __enter__(self) -> Watch:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._connection.close()
        if self._connection.handle is not None:
            self._connection.handle.close()


__all__ = ["CheckedHttp", "CheckedHttps", "SocketAddress", "Watch", "open_to"]

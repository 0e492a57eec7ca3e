"""The one door to the outside: every connection that Baton opens by itself is resolved, checked and pinned here.

A name that somebody typed may lead inside the network: to this machine, to a neighbor's database, to the address at
which a cloud hands out keys. So the name is resolved once, every address it leads to is checked, and the connection is
made to the very address that was checked, on each redirect again. Hosts of one's own network are named by the operator
in `BATON_INSIDE` (`host` or `host:port`, with commas between); nothing that a page takes can add to them.
"""

from __future__ import annotations

import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2
from django.conf import settings
from django.utils.translation import gettext as _

from baton.kernel.texts import writable
from baton.kernel.verdict import Refusal

SECONDS = 15.0
MOST_REDIRECTS = 5
USER_AGENT = "Baton"
NOT_OUTSIDE = tuple(
    ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "100.64.0.0/10")
)
"""Networks that carry or hide an address of another kind (RFC 6052, 8215, 3056, 4380, 6598)."""


class Unreachable(Refusal):
    """The other side can't be reached or isn't one that Baton connects to; the sentence says which."""


class NoAddress(Unreachable):
    """What was typed, or told by the other side, is no address at all."""


def connect(host: str, port: int, *, seconds: float = SECONDS) -> socket.socket:
    """Open a TCP connection to a host outside, or to one that the operator named.

    Raises `Unreachable` where the name leads nowhere, leads inside the network, or nobody answers within `seconds`.
    """
    last: OSError | None = None
    for address in addresses(host, port):
        try:
            return socket.create_connection((address, port), timeout=seconds)
        except OSError as why:
            last = why
    raise Unreachable(
        _("%(host)s doesn’t answer at port %(port)s: %(why)s.") % {"host": host, "port": port, "why": last}
    ) from last


def addresses(host: str, port: int) -> list[str]:
    """Return the addresses that a name leads to. One that lies inside refuses them all."""
    if settings.BATON_PRACTICE:
        raise Unreachable(_("This is the practice business: it connects to nothing."))
    if not host or not 0 < port < 65536:
        raise Unreachable(_("“%(host)s” is no address to connect to.") % {"host": host})
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as why:
        raise Unreachable(_("There is no host called “%(host)s”.") % {"host": host}) from why
    numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not is_named(host, port) and any(not is_outside(number) for number in numbers):
        raise Unreachable(
            _(
                "“%(host)s” lies inside this network, where Baton connects to nothing by itself. "
                "Whoever runs Baton can name it in BATON_INSIDE."
            )
            % {"host": host}
        )
    return numbers


def is_outside(number: str) -> bool:
    """Return whether an IP address is one of the open internet, also where it hides in another one."""
    try:
        address = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in net for net in NOT_OUTSIDE if net.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def is_named(host: str, port: int) -> bool:
    """Return whether the operator named this host; by its name as typed, never by where it leads."""
    name = host.lower().rstrip(".")
    return bool({name, f"{name}:{port}"} & {one.strip().lower() for one in settings.BATON_INSIDE})


class _Backend(httpcore2.NetworkBackend):
    """Opens the connections of `http()`; asked again for every redirect and every new host."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        from httpcore2._backends.sync import SyncStream

        line = connect(host, port, seconds=timeout or SECONDS)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return SyncStream(line)


class _Client(httpx2.Client):
    """A client that refuses in words what it can't ask: an address that is none, a key with letters of another kind."""

    def build_request(self, method: str, url: Any, **more: Any) -> httpx2.Request:
        try:
            place = httpx2.URL(url)
        except (httpx2.InvalidURL, UnicodeError) as why:
            told = writable(str(url))[:200]
            raise NoAddress(_("“%(host)s” is no address to connect to.") % {"host": told}) from why
        try:
            return super().build_request(method, place, **more)
        except UnicodeError as why:
            raise Unreachable(_("A name or a key that goes along has letters that can’t be sent.")) from why


def http(*, seconds: float = SECONDS, redirects: bool = True) -> httpx2.Client:
    """Return an HTTP client whose every connection goes through `connect`; no proxy and no cookie of the machine's.

    Raises `Unreachable` while connecting. Close it, or use it in a `with` block.
    """
    transport = httpx2.HTTPTransport(trust_env=False)
    transport._pool = httpcore2.ConnectionPool(
        ssl_context=ssl.create_default_context(), network_backend=_Backend(), max_connections=10
    )
    return _Client(
        transport=transport,
        timeout=seconds,
        follow_redirects=redirects,
        max_redirects=MOST_REDIRECTS,
        trust_env=False,
        headers={"User-Agent": USER_AGENT},
    )


class Smtp(smtplib.SMTP):
    """SMTP over a checked connection; `starttls()` as usual."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect(host, port, seconds=timeout)


class SmtpOverTls(smtplib.SMTP_SSL):
    """SMTP inside TLS from the first byte (RFC 8314), over a checked connection."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self.context.wrap_socket(connect(host, port, seconds=timeout), server_hostname=host)

"""Decides which IP addresses a document may be fetched from: those that any stranger could reach as well."""

import ipaddress
import socket
from collections.abc import Callable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str], list[str]]
"""Gives the addresses of a host name; raises OSError if it has none."""

# A public address that answers for the machine itself: Azure's platform channel, reachable from inside only.
_PLATFORM = frozenset({ipaddress.ip_address("168.63.129.16")})

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

# Where IPv6 carries an IPv4 address within it, and the byte at which that begins. A translating network
# delivers such a packet to the IPv4 host, so that host decides. RFC 6052, 8215 (NAT64), 3056 (6to4).
_CARRIERS = (
    (_NAT64, 12),
    (ipaddress.IPv6Network("64:ff9b:1::/48"), 12),
    (ipaddress.IPv6Network("2002::/16"), 2),
    (ipaddress.IPv6Network("::/96"), 12),
)
_ISATAP = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")


def resolve(host: str) -> list[str]:
    """The host's addresses as the system resolves them, in its order."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(text: str) -> bool:
    """Whether `text` is an address of the open internet; private, local and reserved ones are not, in any disguise.

    >>> is_public("93.184.215.14"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    carried = _carried(address)
    # A NAT64 address is nothing but its IPv4 address, as an IPv6-only network sees it.
    meant = carried if address in _NAT64 else [address, *carried]
    return all(_plainly_public(each) for each in meant)


def _plainly_public(address: Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved and address not in _PLATFORM


def _carried(address: Address) -> list[Address]:
    """The IPv4 addresses that an IPv6 address may lead to."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    starts = [start for network, start in _CARRIERS if address in network]
    if address.packed[8:12] in _ISATAP:
        starts.append(12)
    carried: list[Address] = [ipaddress.IPv4Address(address.packed[start : start + 4]) for start in starts]
    if address.ipv4_mapped is not None:
        carried.append(address.ipv4_mapped)
    return carried

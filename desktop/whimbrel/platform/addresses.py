"""Which addresses of the network are for everybody: only those are asked for what strangers name (C3)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TUNNELS = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))  # Teredo and 6to4 lead to addresses of any kind
_TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: how networks without IPv4 name the rest of the world
_HOME = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))  # RFC 1918, RFC 4193
_ASSIGNMENTS = 192 << 16  # 192.0.0.0/24, of protocols' own (RFC 6890)


def is_public(text: str) -> bool:
    """Whether an address belongs neither to this machine nor to its network, nor leads there by another spelling."""
    try:
        address = ip_address(text)
    except ValueError:  # a zone ("fe80::1%eth0"), or no address
        return False
    return _is_public_6(address) if isinstance(address, IPv6Address) else _is_public_4(address)


def is_home(text: str) -> bool:
    """Whether an address belongs to a private network: of a house or company, not of this machine or its link."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in _HOME)


def _is_public_4(address: IPv4Address) -> bool:
    special = address.is_multicast or address.is_reserved or int(address) >> 8 == _ASSIGNMENTS
    return address.is_global and not special


def _is_public_6(address: IPv6Address) -> bool:
    if address.ipv4_mapped is not None:
        return _is_public_4(address.ipv4_mapped)
    if address in _TRANSLATED:
        return _is_public_4(IPv4Address(int(address) & 0xFFFFFFFF))
    in_tunnel = any(address in tunnel for tunnel in _TUNNELS)
    return address in _GLOBAL_UNICAST and address.is_global and not in_tunnel

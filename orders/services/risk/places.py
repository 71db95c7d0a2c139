"""Where orders come from and go to, as digests: enough to meet them again, not to read them."""

import ipaddress

from promotions.services import Footprint, digest

__all__ = ["Footprint", "doorstep", "network", "public_ip"]


def doorstep(region_code: str, detail: str) -> str:
    """One delivery address, however it was spaced."""
    return digest(f"{region_code}:{''.join(detail.split()).casefold()}")


def public_ip(text: str) -> str:
    """A network address that says something; those of private networks are nobody's place."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return ""
    return "" if found.is_private else str(found)


def network(text: str) -> str:
    """The neighbourhood of a public address: the first half of IPv4, the first quarter of IPv6."""
    ip = public_ip(text)
    if not ip:
        return ""
    version = ipaddress.ip_address(ip).version
    return str(ipaddress.ip_network(f"{ip}/{16 if version == 4 else 32}", strict=False))

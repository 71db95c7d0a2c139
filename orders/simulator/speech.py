"""Requests and answers as the simulators see them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that came in; the names of its headers are in small letters."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """An answer, or (status 0) a notice to be posted."""

    status: int
    headers: Mapping[str, str]
    body: bytes

"""What one request asks many times and reads once: its pages' head, navigation and foot all look at
the same words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import update_wrapper
from threading import local
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class _Memory(local):
    """What the request of this thread has read; None where no request is being answered."""

    found: dict[object, Any] | None = None


_memory = _Memory()


class OnceARequest(Generic[T]):
    """A read without arguments, as a decorator. Outside of a request it reads each time."""

    def __init__(self, read: Callable[[], T]) -> None:
        update_wrapper(self, read)
        self._read = read

    def __call__(self) -> T:
        """What was read. Queries: those of the read, once a request."""
        if _memory.found is None:
            return self._read()
        if self not in _memory.found:
            _memory.found[self] = self._read()
        found: T = _memory.found[self]
        return found

    def forget(self) -> None:
        """Let this request read it again: it has changed what is read."""
        if _memory.found is not None:
            _memory.found.pop(self, None)


@contextmanager
def one_request() -> Iterator[None]:
    """What is asked inside is asked for one request."""
    before, _memory.found = _memory.found, {}
    try:
        yield
    finally:
        _memory.found = before

"""Where shared answers are kept: this process for a moment, Redis for a minute, one maker at a time
(F-16)."""

import gzip
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

from django.core.cache import cache

from mall.kernel import clock
from mall.kernel.caching.changes import is_older_than_change

YOUNG_SECONDS = 0.4
"""A copy so young is shown whatever changed: a storm of changes has it made only so often."""
NEAR_SECONDS = 0.2
"""So long this process shows its own copy without asking Redis whether something changed."""
NEAR_COPIES = 256
EARLY_SECONDS = 5
"""So long before its end, a tenth of its life at most, a copy is made anew by one, while the others
still get the old one."""
MAKER_SECONDS = 2
"""How long one maker is waited for; then the next one makes it too."""
WAIT_SECONDS = 0.02
GZIP_LEVEL = 5


@dataclass(frozen=True, slots=True)
class Copy:
    """One kept answer: its text pressed, its headers, the marks it leaves in a browser, when its
    making began and when it ends."""

    pressed: bytes
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    tags: tuple[str, ...]
    etag: str
    began_at: float
    ends_at: float

    @classmethod
    def of(
        cls,
        body: bytes,
        *,
        headers: tuple[tuple[str, str], ...],
        cookies: tuple[str, ...] = (),
        tags: tuple[str, ...],
        began_at: float,
        ends_at: float,
    ) -> "Copy":
        """Press a text and name it by what is in it."""
        etag = f'W/"{blake2b(body, digest_size=12).hexdigest()}"'
        pressed = gzip.compress(body, GZIP_LEVEL, mtime=0)
        return cls(pressed, headers, cookies, tags, etag, began_at, ends_at)

    @property
    def body(self) -> bytes:
        return gzip.decompress(self.pressed)


class Keeper:
    """Finds copies, or lets one caller make them."""

    def __init__(self) -> None:
        self._near: OrderedDict[str, tuple[float, Copy]] = OrderedDict()

    def get(self, key: str, make: Callable[[], Copy | None]) -> Copy | None:
        """The copy of ``key``; made by one caller when it is old, while others get the old one.

        A copy past its end is never shown: then the others wait for the maker. None when what
        ``make`` made is not to be kept; it has answered by itself then.
        """
        near = self._near_copy(key)
        if near is not None:
            return near
        known = self._alive(cache.get(key))
        if known is not None and self._is_fresh(known):
            return self._stay_near(key, known)
        return self._made_by_one(key, make, known)

    def forget_near(self) -> None:
        """Drop what this process holds of its own."""
        self._near.clear()

    def _made_by_one(
        self, key: str, make: Callable[[], Copy | None], known: Copy | None
    ) -> Copy | None:
        is_maker = cache.add(f"{key}:maker", 1, MAKER_SECONDS)
        if not is_maker:
            known = known or self._awaited(key)
            if known is not None:
                return known
        try:
            meanwhile = self._alive(cache.get(key))  # of who was at it when this one looked
            if meanwhile is not None and self._is_fresh(meanwhile):
                return meanwhile
            made = make()
            if made is not None:
                self._keep(key, made)
            return made
        finally:
            if is_maker:
                cache.delete(f"{key}:maker")

    def _near_copy(self, key: str) -> Copy | None:
        until, copy = self._near.get(key, (0.0, None))
        return self._alive(copy) if until > time.monotonic() else None

    def _stay_near(self, key: str, copy: Copy) -> Copy:
        self._near[key] = (time.monotonic() + NEAR_SECONDS, copy)
        while len(self._near) > NEAR_COPIES:
            self._near.popitem(last=False)
        return copy

    def _keep(self, key: str, copy: Copy) -> None:
        left = copy.ends_at - clock.now().timestamp()
        if left > 0:
            cache.set(key, copy, left + 1)

    def _alive(self, copy: Copy | None) -> Copy | None:
        now = clock.now().timestamp()
        return copy if copy is not None and copy.began_at <= now < copy.ends_at else None

    def _is_fresh(self, copy: Copy) -> bool:
        now = clock.now().timestamp()
        if now - copy.began_at < YOUNG_SECONDS:
            return True
        early = min(EARLY_SECONDS, (copy.ends_at - copy.began_at) / 10)
        if copy.ends_at - now < early:
            return False
        return not is_older_than_change(copy.began_at, copy.tags)

    def _awaited(self, key: str) -> Copy | None:
        """What the maker makes meanwhile; None when it takes too long."""
        give_up = time.monotonic() + MAKER_SECONDS
        while time.monotonic() < give_up:
            time.sleep(WAIT_SECONDS)
            found = self._alive(cache.get(key))
            if found is not None:
                return found
            if not cache.has_key(f"{key}:maker"):
                return None
        return None

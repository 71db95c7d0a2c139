"""Something that does not answer is left alone for a while: one caller waits for it, not everyone.

Of a black hole the time-out is paid once a rest, whatever the number of requests (F-14).
"""

import time
from dataclasses import dataclass


@dataclass(slots=True)
class Rest:
    """A pause of ``seconds`` that begins with a failure. One per process and thing."""

    seconds: float
    until: float = 0.0

    @property
    def is_on(self) -> bool:
        """True while it is not to be asked."""
        return time.monotonic() < self.until

    def begin(self) -> None:
        """It has failed just now."""
        self.until = time.monotonic() + self.seconds

    def end(self) -> None:
        """Ask it again at once."""
        self.until = 0.0

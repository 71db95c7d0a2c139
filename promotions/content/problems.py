"""What is wrong with a value, where: a path and a code; the doors make words of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """``path`` leads to the value: (2, "settings", "tiles", 0, "link")."""

    path: Path
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class Problems:
    """Collects what is found on the way through a page, so that all of it is said at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, path: Path, code: str, **facts: object) -> None:
        """Note one."""
        self.found.append(Problem(path, code, facts))


class BlocksRefused(ValueError):
    """These blocks cannot be drawn; ``problems`` says which fields are wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(problem.code for problem in problems))

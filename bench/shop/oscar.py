"""The same pages of django-oscar 4.2, from PyPI in a virtual environment of its own.

When PyPI is away, or oscar cannot be set up here, that is said instead of a figure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from bench.shop.plan import Plan


def beside(plan: Plan, var: Path, say: Callable[[str], None]) -> Mapping[str, object]:
    """What oscar does with the same catalogue: ``said`` in words, ``rows`` where it ran."""
    return {"said": "not run"}

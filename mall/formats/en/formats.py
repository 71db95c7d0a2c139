"""Both languages write one form."""

from mall.formats.short import *  # noqa: F403 - Django asks each language for the same names

"""What somebody may have typed so far of a phrase: beginnings of its words, sounds and initials."""

import hashlib

from catalog.search.sounds import initials, sounds
from catalog.search.words import is_han
from catalog.tokens import normalize, runs

LONGEST_BEGINNING = 12
KEY_BYTES = 6


def query_key(text: str) -> str:
    """What stands for a query in links and clicks: the same for all ways to write it."""
    return hashlib.blake2s(normalize(text).encode(), digest_size=KEY_BYTES).hexdigest()


def beginnings(*phrases: str) -> list[str]:
    """防晒 begins with 防, 防晒, f, fa .. fangshai, fs; its second word has beginnings as well."""
    forms: set[str] = set()
    for phrase in phrases:
        text = normalize(phrase)
        forms.add(text)
        for run in runs(text):
            forms.add(run.text)
            if is_han(run.text):
                forms |= {sounds(run.text), initials(run.text)}
    return sorted(
        {form[:end] for form in forms for end in range(1, min(len(form), LONGEST_BEGINNING) + 1)}
    )


def beginning(typed: str) -> str:
    """What is typed so far, as ``beginnings`` has it: at most twelve characters."""
    return normalize(typed)[:LONGEST_BEGINNING]

"""How well the screen of words finds what it must, and what it stops by mistake.

Run: python bench/screening.py [-v]. Holds the sentences of bench/data against the house's own
lexicon: recall on the sentences with a hit, false alarms on clean and on exempt ones, apart. Exits
with 1 under the goal: every hit found, and at most 1 sentence in 50 stopped by mistake; of the
sentences drawn from the law none at all. Longer texts are judged, not titles.
"""

import csv
import sys
from pathlib import Path
from time import perf_counter_ns

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from catalog.screening import base_lexicon, fold, screen  # noqa: E402 - the path comes first

SUITES = {"law": ("screening_ad_law.csv", 0), "own": ("screening_own.csv", 2)}
"""File of each suite, and how many in a hundred may be stopped by mistake."""
LABELS = ("hit", "clean", "exempt")


def cases(name: str) -> list[dict[str, str]]:
    """The sentences of a suite."""
    with (HERE / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def judge(name: str) -> dict[str, list[str]]:
    """The sentences that went wrong, by label: hits not found, others where something was."""
    wrong: dict[str, list[str]] = {label: [] for label in LABELS}
    for case in cases(name):
        found = screen(case["text"], base_lexicon())
        if bool(found) != (case["label"] == "hit"):
            words = ", ".join(row.word for row in found)
            wrong[case["label"]].append(f"{case['text']} ({words or case['note']})")
    return wrong


def report(suite: str, *, is_verbose: bool) -> bool:
    """Print a suite's lines; True when it reaches its goal."""
    name, limit = SUITES[suite]
    wrong = judge(name)
    totals = {label: sum(case["label"] == label for case in cases(name)) for label in LABELS}
    found = totals["hit"] - len(wrong["hit"])
    sys.stdout.write(f"{suite:6} hits found    {found:4} of {totals['hit']:4}\n")
    for label in ("clean", "exempt"):
        stopped = len(wrong[label])
        sys.stdout.write(f"{suite:6} {label:6} stopped {stopped:3} of {totals[label]:4}\n")
    if is_verbose:
        for label, rows in wrong.items():
            for row in rows:
                sys.stdout.write(f"       {label}: {row}\n")
    alarms = len(wrong["clean"]) + len(wrong["exempt"])
    return not wrong["hit"] and alarms * 100 <= limit * (totals["clean"] + totals["exempt"])


def speed() -> str:
    """How long a detail text of 2,000 characters takes."""
    text = "".join(case["text"] for name, _limit in SUITES.values() for case in cases(name))
    text = (text * 2)[:2000]
    screen(text, base_lexicon())
    started = perf_counter_ns()
    for _round in range(20):
        screen(text, base_lexicon())
    spent = (perf_counter_ns() - started) // 20 // 1000
    return f"{spent} microseconds for {len(fold(text).text)} folded characters"


def main() -> int:
    """Print the table; 1 when a suite misses its goal."""
    reached = [report(suite, is_verbose="-v" in sys.argv) for suite in SUITES]
    sys.stdout.write(f"{speed()}\n")
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())

"""The messages of a plan as its verbs judge them: what was approved, what went out and stays, and
which words may not be sent. Source: requirements P-42, P-43, C-37.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalog.errors import TextsRefused
from catalog.services import Text, blocking_words
from mall.kernel.words import label_of
from promotions.errors import PlanMessageSent
from promotions.models import CampaignPlan, PlanPhase

WORDED = ("text_zh", "text_en")
TITLED = ("title_zh", "title_en")
SAID = (
    "stage", "channel", "tier_codes", "segment_id", "text_zh", "text_en", "campaign_id",
)  # fmt: skip
Row = Mapping[str, Any]


def messages_of(plan: CampaignPlan) -> list[dict[str, Any]]:
    """Who hears what, where and when, as plain values: what an approval is of. Queries: 1."""
    if plan.pk is None:
        return []
    return [
        {"send_at": phase.send_at.isoformat(), **{name: getattr(phase, name) for name in SAID}}
        for phase in plan.phases.order_by("send_at", "pk")
    ]


def check_messages(plan: CampaignPlan, rows: Sequence[Row]) -> None:
    """Hold the messages to be written against those there are. What went out stays as it is.

    Locks: the plan's messages, so that none of them goes out while it is rewritten. Queries: 3.
    Raises: PlanMessageSent, TextsRefused.
    """
    held = PlanPhase.objects.filter(plan=plan.pk).locked()
    sent = {phase.pk: phase for phase in held if phase.sent_at is not None}
    kept = {row["pk"]: row for row in rows if row.get("pk") in sent}
    for pk, phase in sent.items():
        if pk not in kept or _differs(phase, kept[pk]):
            raise PlanMessageSent(message=phase.text_zh)
    unsent = [row for row in rows if row.get("pk") not in sent]
    _refuse(plan, (text for row in unsent for text in texts_of_message(row).values()))


def check_titles(plan: CampaignPlan) -> None:
    """A plan's title heads each message that goes out. Raises: TextsRefused. Queries: 2."""
    _refuse(plan, texts_of_titles({name: getattr(plan, name) for name in TITLED}).values())


def _refuse(plan: CampaignPlan, texts: Iterable[Text]) -> None:
    if words := blocking_words(texts):
        raise TextsRefused(title=plan.title_zh, findings="; ".join(words))


def texts_of_titles(row: Row) -> dict[str, Text]:
    """A plan's title in both languages by column."""
    return {
        name: Text(label_of(CampaignPlan(), name), row.get(name) or "", is_title=True)
        for name in TITLED
    }


def texts_of_message(row: Row) -> dict[str, Text]:
    """Its words in both languages by column. A message is all that its reader sees, so it is judged
    as a title is."""
    return {
        name: Text(label_of(PlanPhase(), name), row.get(name) or "", is_title=True)
        for name in WORDED
    }


def _differs(phase: PlanPhase, row: Row) -> bool:
    return any(getattr(phase, name) != value for name, value in row.items() if name != "pk")

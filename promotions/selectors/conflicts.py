"""With what else a campaign would meet on a line: said when it is saved. Source: O-07, C-49."""

from promotions import engine
from promotions.loading_campaigns import rules_of
from promotions.models import Campaign
from promotions.words import conflict_text

MOST_TOLD = 5
MEETS = (Campaign.Status.LIVE, Campaign.Status.APPROVED, Campaign.Status.IN_REVIEW)


def conflicts_of(campaign: Campaign) -> list[str]:
    """Sentences about campaigns that share a moment with it and clash, at most a few. Queries: 2.

    Drafts of others are left out: they may come to nothing.
    """
    if campaign.is_activity:
        return []
    beside = Campaign.objects.filter(
        status__in=MEETS, starts_at__lt=campaign.ends_at, ends_at__gt=campaign.starts_at
    )
    rules = rules_of(beside | Campaign.objects.filter(pk=campaign.pk))
    found = [one for one in engine.conflicts(rules) if campaign.pk in one.rule_ids]
    titles = dict(
        Campaign.objects.filter(
            pk__in={rule_id for one in found for rule_id in one.rule_ids}
        ).values_list("pk", "title_zh")
    )
    return [conflict_text(one, campaign.pk, titles) for one in found[:MOST_TOLD]]

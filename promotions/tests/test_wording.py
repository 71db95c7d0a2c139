"""Campaigns and coupons with words that may not be published."""

import pytest
from django.utils import translation

from catalog.errors import TextsRefused
from promotions.errors import CampaignNotReady
from promotions.models import Campaign, Coupon
from promotions.services import publish_campaign, publish_coupon
from promotions.testing import AT, make_campaign, make_coupon

pytestmark = pytest.mark.django_db


def test_C_37_a_coupon_with_a_forbidden_word_cannot_be_published():
    coupon = make_coupon(title_zh="全网最好的券", status=Coupon.Status.DRAFT)

    with translation.override("en"), pytest.raises(TextsRefused) as refusal:
        publish_coupon(coupon_id=coupon.pk, at=AT)

    assert "最好 (superlative)" in refusal.value.facts["findings"]
    assert Coupon.objects.get().status == Coupon.Status.DRAFT


def test_C_37_a_campaign_with_a_forbidden_word_does_not_go_live():
    campaign = make_campaign(
        Campaign.Kind.THRESHOLD_OFF, title_zh="根治痛风专场", status=Campaign.Status.APPROVED
    )

    with pytest.raises(CampaignNotReady) as refusal:
        publish_campaign(campaign_id=campaign.pk, at=AT)

    assert "根治" in refusal.value.facts["reason"]
    assert Campaign.objects.get().status == Campaign.Status.APPROVED

"""One form a kind of campaign. A further kind is one more form here."""

from collections.abc import Mapping

from promotions.admin.campaign_form import CampaignForm
from promotions.admin.kinds.activities import BargainForm, FlashForm, GroupForm, PresaleForm
from promotions.admin.kinds.people import LoyalRateForm, MemberDayForm
from promotions.admin.kinds.pieces import (
    BundlePriceForm,
    GiftForm,
    PiecesRateForm,
    SecondHalfPriceForm,
)
from promotions.admin.kinds.prices import MemberPriceForm, QuantityPriceForm, SaleForm
from promotions.admin.kinds.spending import (
    EveryOffForm,
    FreeFreightForm,
    ThresholdOffForm,
    ThresholdRateForm,
)
from promotions.models import Campaign

Kind = Campaign.Kind
FORMS: Mapping[str, type[CampaignForm]] = {
    Kind.SALE: SaleForm,
    Kind.QUANTITY_PRICE: QuantityPriceForm,
    Kind.MEMBER_PRICE: MemberPriceForm,
    Kind.SECOND_HALF_PRICE: SecondHalfPriceForm,
    Kind.PIECES_RATE: PiecesRateForm,
    Kind.BUNDLE_PRICE: BundlePriceForm,
    Kind.GIFT: GiftForm,
    Kind.THRESHOLD_OFF: ThresholdOffForm,
    Kind.THRESHOLD_RATE: ThresholdRateForm,
    Kind.EVERY_OFF: EveryOffForm,
    Kind.MEMBER_DAY: MemberDayForm,
    Kind.LOYAL_RATE: LoyalRateForm,
    Kind.FREE_FREIGHT: FreeFreightForm,
    Kind.FLASH: FlashForm,
    Kind.GROUP: GroupForm,
    Kind.BARGAIN: BargainForm,
    Kind.PRESALE: PresaleForm,
}

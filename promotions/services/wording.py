"""The texts of campaigns and coupons before shoppers read them. Source: requirement C-37."""

from datetime import datetime

from django.utils.translation import gettext as _

from catalog.errors import TextsRefused
from catalog.services import Text, TextFinding, blocking_words, screen_texts
from promotions.models import Campaign, Coupon


def texts_of(offer: Campaign | Coupon) -> list[Text]:
    """What shoppers read of a campaign or coupon. Queries: 0."""
    return [
        Text(_("title (Chinese)"), offer.title_zh, is_title=True),
        Text(_("title (English)"), offer.title_en, is_title=True),
        Text(_("what it is for (Chinese)"), offer.scope_text_zh),
        Text(_("what it is for (English)"), offer.scope_text_en),
    ]


def word_findings(offer: Campaign | Coupon) -> list[TextFinding]:
    """Everything the screen of words finds in its texts, blocking or not. Queries: 2."""
    return screen_texts(texts_of(offer))


def check_wording(offer: Campaign | Coupon) -> None:
    """Raises: TextsRefused, naming every word that blocks. Queries: 2."""
    words = blocking_words(texts_of(offer))
    if words:
        raise TextsRefused(title=offer.title_zh, findings="; ".join(words))


def words_gate(campaign: Campaign, at: datetime) -> list[str]:
    """Words that keep a campaign from going live. Queries: 2."""
    return [
        _("forbidden words: %(finding)s") % {"finding": words}
        for words in blocking_words(texts_of(campaign))
    ]

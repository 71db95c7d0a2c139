"""What buyers say, once per received line (INV-29)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import refuse_unsafe_text


class Review(models.Model):
    """A buyer's words on one order line."""

    line = models.OneToOneField(
        "orders.OrderLine", models.PROTECT, related_name="review", verbose_name=_("order line")
    )
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, related_name="+", verbose_name=_("product")
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="reviews", verbose_name=_("member")
    )
    rating = models.PositiveSmallIntegerField(_("rating"))
    text = models.CharField(_("text"), max_length=500, validators=[refuse_unsafe_text])
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    is_shown = models.BooleanField(_("shown"), default=True)
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = [models.Index(fields=["product", "-written_at", "-id"], name="review_of_product")]
        constraints = [
            models.CheckConstraint(condition=Q(rating__range=(1, 5)), name="review_rating_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.rating}: {self.text[:20]}"

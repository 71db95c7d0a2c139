"""What buyers say, once per received line (INV-29)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import refuse_unsafe_text


class Review(models.Model):
    """A buyer's words on one order line; its rating counts while it is shown."""

    class Suspicion(models.TextChoices):
        WORDS = "words", _("a banned word")
        DUPLICATE = "duplicate", _("the same text on many products")

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
    is_pending = models.BooleanField(
        _("waits for a person"),
        default=False,
        help_text=_("Unseen until somebody lets it through."),
    )
    suspicions = ArrayField(
        models.CharField(max_length=20, choices=Suspicion),
        verbose_name=_("held because of"),
        default=list,
        blank=True,
    )
    hidden_reason = models.CharField(
        _("hidden because"), max_length=200, blank=True, validators=[refuse_unsafe_text]
    )
    text_digest = models.CharField(_("digest"), max_length=64, default="", editable=False)
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = [
            models.Index(fields=["product", "-written_at", "-id"], name="review_of_product"),
            models.Index(fields=["member", "text_digest"], name="review_same_text"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(rating__range=(1, 5)), name="review_rating_1_to_5"),
            models.CheckConstraint(
                condition=Q(is_pending=False) | Q(is_shown=False), name="review_pending_is_unseen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating}: {self.text[:20]}"

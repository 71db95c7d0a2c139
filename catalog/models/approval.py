"""Who let which texts of a product through, and what the shop asks of its listings.

Source: C-35, C-38, C-39, C-41 to C-43.
"""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import BpField, SafeJSONField, refuse_unsafe_text

MOST_ALERT_DAYS = 365
FULL_BP = 10_000
LONGEST_SECONDS = 300


def _seconds(label: Any, usual: int) -> Any:
    """How long a video lasts, least or most."""
    bounds = [MinValueValidator(1), MaxValueValidator(LONGEST_SECONDS)]
    return models.PositiveSmallIntegerField(
        label, default=usual, db_default=usual, validators=bounds
    )


class ProductApproval(models.Model):
    """One round of approval: what the screen found in the texts, who asked, who answered."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="approvals", verbose_name=_("product")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    digest = models.CharField(
        _("digest"), max_length=64, editable=False, help_text=_("Of the texts that were judged.")
    )
    findings = SafeJSONField(_("findings"), default=list, blank=True)
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"))
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    checked_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    reason = models.CharField(
        _("reason"), max_length=200, blank=True, validators=[refuse_unsafe_text]
    )

    class Meta:
        verbose_name = _("product approval")
        verbose_name_plural = _("product approvals")
        permissions = [("decide_approval", _("Can let products through or reject them"))]
        indexes = [models.Index(fields=["product", "-asked_at"], name="approval_of_product")]
        constraints = [
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(status="waiting"),
                name="approval_waits_once_per_product",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected", reason=""), name="approval_rejected_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.status}"


class PublishingPolicy(models.Model):
    """Which products wait for a person before they go on sale, and what a listing is held to: one
    row."""

    class Approval(models.TextChoices):
        NEVER = "never", _("never")
        WARNED = "warned", _("when the screen of words warns")
        ALWAYS = "always", _("always")

    approval = models.CharField(
        _("approval needed"), max_length=10, choices=Approval, default=Approval.ALWAYS
    )
    needs_second_person = models.BooleanField(
        _("by a second person"),
        default=False,
        help_text=_("Who asks for approval may not give it."),
    )
    alert_days = models.PositiveSmallIntegerField(
        _("days of warning"),
        default=30,
        validators=[MaxValueValidator(MOST_ALERT_DAYS)],
        help_text=_("How long before its last day a qualification document is warned of."),
    )
    most_empty_bp = BpField(
        _("attributes that may be empty"),
        default=2_000,
        db_default=2_000,
        validators=[MaxValueValidator(FULL_BP)],
        help_text=_("Of those that the category asks for; above, the listing is marked."),
    )
    main_least_seconds = _seconds(_("main video: at least (seconds)"), 9)
    main_most_seconds = _seconds(_("main video: at most (seconds)"), 30)
    detail_most_seconds = _seconds(_("detail video: at most (seconds)"), 30)
    short_least_seconds = _seconds(_("short video: at least (seconds)"), 5)
    short_most_seconds = _seconds(_("short video: at most (seconds)"), 20)

    class Meta:
        verbose_name = _("publishing policy")
        verbose_name_plural = _("publishing policy")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="publishing_policy_one_row"),
            models.CheckConstraint(
                condition=Q(main_least_seconds__lte=F("main_most_seconds"))
                & Q(short_least_seconds__lte=F("short_most_seconds")),
                name="publishing_policy_lengths_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(_("publishing policy"))

"""Complaints about goods that infringe somebody's right: 侵权投诉. Source: requirement C-63.

received -> taken_down (the product is off sale) -> countered -> closed; a complaint that does not
hold goes from received to closed. What people sent in is kept with the case, not among the public
files.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import LockableQuerySet, refuse_unsafe_text

TEXT_LENGTH = 2000


class ComplaintQuerySet(LockableQuerySet):
    def holding(self) -> "ComplaintQuerySet":
        """The cases that keep their product off sale."""
        return self.filter(state__in=(Complaint.State.TAKEN_DOWN, Complaint.State.COUNTERED))

    def open(self) -> "ComplaintQuerySet":
        """The cases that are not closed."""
        return self.exclude(state=Complaint.State.CLOSED)


class Complaint(models.Model):
    """One case: who claims which right against which product, and where it stands."""

    class Right(models.TextChoices):
        TRADEMARK = "trademark", _("trademark")
        COPYRIGHT = "copyright", _("copyright")
        PATENT = "patent", _("patent")
        OTHER = "other", _("another right")

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("complaint", "received")
        TAKEN_DOWN = "taken_down", pgettext_lazy("complaint", "taken down")
        COUNTERED = "countered", pgettext_lazy("complaint", "counter notice sent")
        CLOSED = "closed", pgettext_lazy("complaint", "closed")

    class Outcome(models.TextChoices):
        OPEN = "", pgettext_lazy("complaint", "open")
        REJECTED = "rejected", pgettext_lazy("complaint", "does not hold")
        UPHELD = "upheld", pgettext_lazy("complaint", "holds: the product stays off sale")
        RESTORED = "restored", pgettext_lazy("complaint", "countered: the product may come back")
        WITHDRAWN = "withdrawn", pgettext_lazy("complaint", "withdrawn")

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, related_name="complaints", verbose_name=_("product")
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
    )
    right = models.CharField(_("right"), max_length=10, choices=Right)
    right_number = models.CharField(
        _("number of the right"), max_length=80, validators=[refuse_unsafe_text]
    )
    holder = models.CharField(
        _("holder of the right"), max_length=80, validators=[refuse_unsafe_text]
    )
    contact = models.CharField(_("contact person"), max_length=40, validators=[refuse_unsafe_text])
    phone = models.CharField(_("phone"), max_length=20, validators=[refuse_unsafe_text])
    email = models.EmailField(_("e-mail"), max_length=120)
    text = models.TextField(
        _("what infringes it"), max_length=TEXT_LENGTH, validators=[refuse_unsafe_text]
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True
    )
    received_at = models.DateTimeField(_("received at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("infringement complaint")
        verbose_name_plural = _("infringement complaints")
        ordering = ["-received_at", "-pk"]
        permissions = [
            ("decide_complaint", _("Can decide infringement complaints and is told of them"))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="closed") & Q(closed_at=None, outcome=""),
                name="complaint_closed_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ComplaintPaper(models.Model):
    """A file of a case, its bytes beside it: only operators who decide cases may read it."""

    class Kind(models.TextChoices):
        RIGHTS = "rights", _("proof of the right")
        EVIDENCE = "evidence", _("evidence")
        COUNTER = "counter", _("counter notice")

    complaint = models.ForeignKey(
        Complaint, models.CASCADE, related_name="papers", verbose_name=_("complaint")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=40, help_text=_("A name of ours."))
    content = models.BinaryField(_("content"))
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("paper of a complaint")
        verbose_name_plural = _("papers of complaints")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ComplaintEntry(models.Model):
    """What happened in a case, in order; never changed, never deleted."""

    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="entries", verbose_name=_("complaint")
    )
    state = models.CharField(_("state"), max_length=10, choices=Complaint.State)
    note = models.TextField(_("note"), blank=True, max_length=TEXT_LENGTH)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("entry of a complaint")
        verbose_name_plural = _("entries of complaints")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.state}"

"""A talk between a shopper and the shop, with what it is about. Source: requirement X-61.

What it is about is kept as a kind and an id: members knows no products and no orders; the doors
put the card beside it.
"""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import LockableQuerySet, refuse_unsafe_text


def new_ticket_number() -> str:
    """Letters and digits that cannot be guessed."""
    return "T" + "".join(secrets.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _n in range(15))


class Ticket(models.Model):
    """One talk; ``agent`` is who answered first and has it from then on."""

    class Kind(models.TextChoices):
        PRODUCT = "product", _("question before buying")
        ORDER = "order", pgettext_lazy("ticket", "about an order")
        OTHER = "other", pgettext_lazy("ticket", "something else")

    class State(models.TextChoices):
        OPEN = "open", _("waits for the shop")
        ANSWERED = "answered", _("waits for the shopper")
        CLOSED = "closed", pgettext_lazy("ticket", "closed")

    number = models.CharField(
        pgettext_lazy("code", "number"), max_length=20, unique=True, default=new_ticket_number
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="tickets", verbose_name=_("member")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    subject = models.CharField(
        _("about"), max_length=40, blank=True, help_text=_("A product's id, an order's number.")
    )
    title = models.CharField(
        _("title"), max_length=120, blank=True, help_text=_("As it was called when they asked.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agent"),
    )
    opened_at = models.DateTimeField(_("opened at"))
    answered_at = models.DateTimeField(_("first answered at"), null=True)
    spoken_at = models.DateTimeField(_("last word at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            models.Index(fields=["member", "-spoken_at", "-id"], name="ticket_of_member"),
            models.Index(fields=["state", "-spoken_at", "-id"], name="ticket_by_state"),
            models.Index(fields=["kind", "-opened_at"], name="ticket_by_kind"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "subject"],
                condition=~Q(state="closed"),
                name="ticket_open_once_per_subject",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class TicketMessage(models.Model):
    """One thing that was said; who speaks for the shop is its author."""

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="messages", verbose_name=_("ticket")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who")
    )
    is_staff = models.BooleanField(_("by the shop"), default=False)
    text = models.CharField(_("text"), max_length=1000, validators=[refuse_unsafe_text])
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("ticket message")
        verbose_name_plural = _("ticket messages")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:20]

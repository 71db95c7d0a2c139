"""Where parcels go. Source: requirement O-05."""

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import refuse_unsafe_text
from members.models.account import PHONE


class AddressQuerySet(models.QuerySet["Address"]):
    def of_member(self, member_id: int) -> "AddressQuerySet":
        return self.filter(member_id=member_id)


class Address(models.Model):
    """One address of a member; at most one is the default (INV-34)."""

    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="addresses", verbose_name=_("member")
    )
    name = models.CharField(
        _("name"), max_length=40, validators=[MinLengthValidator(1), refuse_unsafe_text]
    )
    phone = models.CharField(_("phone"), max_length=11, validators=[PHONE])
    region_code = models.CharField(
        _("region"),
        max_length=9,
        help_text=_("The deepest level: street, or area where there are no streets."),
    )
    detail = models.CharField(
        _("street and number"), max_length=120, validators=[refuse_unsafe_text]
    )
    tag = models.CharField(_("label"), max_length=10, blank=True, validators=[refuse_unsafe_text])
    is_default = models.BooleanField(_("default"), default=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["-is_default", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(is_default=True), name="address_one_default"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.detail}"

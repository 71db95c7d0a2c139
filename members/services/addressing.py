"""The address book: whole regions only, one default, never another's. Source: O-05, INV-34."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mall.kernel import regions
from mall.kernel.db import unsafe_reason
from mall.kernel.errors import InvalidInput, NotFound
from members.errors import TooManyAddresses
from members.models import Address, Member
from members.phone import normal_phone

LIMIT = 50
LENGTHS = {"name": (1, 40), "detail": (1, 120), "tag": (0, 10)}


@transaction.atomic
def save_address(
    *,
    member: Member,
    address_id: int | None = None,
    name: str,
    phone: str,
    region_code: str,
    detail: str,
    tag: str = "",
    is_default: bool = False,
    at: datetime,
) -> Address:
    """Write a new address, or change one of the member's own; the first one is the default.

    Locks: the member, so that a book has one default. Raises: InvalidInput, NotFound,
    TooManyAddresses. Queries: 5 at most.
    """
    address = Address(member=member)
    address.name, address.detail, address.tag = (
        _text("name", name),
        _text("detail", detail),
        _text("tag", tag),
    )
    address.phone = normal_phone(phone)
    address.region_code = _region(region_code)
    own = _locked_book(member)
    if address_id is not None:
        address.pk = _own(own, address_id).pk
        address.is_default = own[address.pk].is_default
    elif len(own) >= LIMIT:
        raise TooManyAddresses(limit=LIMIT)
    if is_default or not any(other.is_default for other in own.values()):
        _clear_default(member)
        address.is_default = True
    address.save()
    return address


@transaction.atomic
def set_default_address(*, member: Member, address_id: int, at: datetime) -> None:
    """Make one address the default and the old one not. Locks: the member. Raises: NotFound."""
    address = _own(_locked_book(member), address_id)
    _clear_default(member)
    Address.objects.filter(pk=address.pk).update(is_default=True, updated_at=at)


@transaction.atomic
def delete_address(*, member: Member, address_id: int) -> None:
    """Delete one address; the newest one left becomes the default when the default goes.

    Locks: the member. Raises: NotFound.
    """
    own = _locked_book(member)
    address = _own(own, address_id)
    address.delete()
    left = [pk for pk in sorted(own) if pk != address_id]
    if address.is_default and left:
        Address.objects.filter(pk=left[-1]).update(is_default=True)


def _locked_book(member: Member) -> dict[int, Address]:
    Member.objects.locked().get(pk=member.pk)
    return {address.pk: address for address in Address.objects.of_member(member.pk)}


def _own(book: dict[int, Address], address_id: int) -> Address:
    if address_id not in book:
        raise NotFound
    return book[address_id]


def _clear_default(member: Member) -> None:
    Address.objects.of_member(member.pk).filter(is_default=True).update(is_default=False)


def _region(code: str) -> str:
    if not regions.is_deepest(code):
        raise InvalidInput(field="region_code", allowed=_("a region chosen down to its last level"))
    return code


def _text(field: str, value: str) -> str:
    shortest, longest = LENGTHS[field]
    plain = value.strip()
    if not shortest <= len(plain) <= longest or unsafe_reason(plain):
        allowed = _("%(shortest)s to %(longest)s characters") % {
            "shortest": shortest,
            "longest": longest,
        }
        raise InvalidInput(field=field, allowed=allowed)
    return plain

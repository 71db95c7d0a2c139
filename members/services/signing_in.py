"""Proving who one is: password, SMS code, WeChat. Source: requirement M-01, ATK-54 to ATK-60.

Opening the session is the door's next step (``holding.open_sign_in``).
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from mall.kernel.notify import notify
from members.errors import AlreadyBound, NotRegistered, PhoneNeeded, WrongCredentials
from members.messages import PASSWORD_CHANGED
from members.models import Account, Member, WechatIdentity
from members.phone import normal_phone
from members.services.coding import check_code
from members.services.guarding import count_try, forgive
from members.services.holding import end_sessions
from members.services.joining import CONSENT_VERSION, MAX_PASSWORD, check_new_password, join
from members.wechat import wechat_client


def sign_in_password(*, phone: str, password: str, client_ip: str, at: datetime) -> Member:
    """The member whose phone and password these are; a wrong try counts, also when this raises.

    Raises: WrongCredentials (whatever was wrong), TooManyTries, InvalidInput. Queries: 5.
    """
    phone = normal_phone(phone)
    count_try(phone=phone, client_ip=client_ip, at=at)
    member = _members().filter(account__phone=phone).first()
    right = _has_password(member, password)
    if member is None or not right or not member.account.is_active:
        raise WrongCredentials
    forgive(phone=phone, client_ip=client_ip)
    return member


def sign_in_code(*, phone: str, code: str, at: datetime) -> Member:
    """The member of a phone that has just been proved by a code sent for signing in.

    Raises: CodeWrong, CodeExpired, TooManyTries, NotRegistered, WrongCredentials (closed account).
    """
    phone = normal_phone(phone)
    check_code(phone=phone, purpose="login", code=code, at=at)
    return _known(phone)


def register(
    *,
    phone: str,
    code: str,
    password: str | None = None,
    invite_code: str | None = None,
    consent_version: str,
    at: datetime,
) -> Member:
    """Join with a phone proved by a code; the password is judged before the code is used up.

    Raises: as check_code() and join().
    """
    phone = normal_phone(phone)
    if password:
        check_new_password(password, Account(phone=phone))
    check_code(phone=phone, purpose="register", code=code, at=at)
    return join(
        phone=phone,
        password=password,
        invite_code=invite_code,
        consent_version=consent_version,
        at=at,
    )


def sign_in_wechat(*, code: str, phone_code: str | None = None, at: datetime) -> Member:
    """The member bound to the WeChat user who made ``code``; a first visit binds or joins.

    Both are proved by WeChat's own server: openid and phone never come from the client (ATK-56,
    ATK-58). Raises: PhoneNeeded, WechatRefused, WechatAway, AlreadyBound, WrongCredentials.
    """
    client = wechat_client()
    visitor = client.exchange(code)
    member = (
        _members()
        .filter(
            account__wechat_identities__appid=visitor.appid,
            account__wechat_identities__openid=visitor.openid,
        )
        .first()
    )
    if member is None:
        phone = visitor.phone or (client.phone_of(phone_code) if phone_code else None)
        if phone is None:
            raise PhoneNeeded
        member = _bind_or_join(normal_phone(phone), visitor.appid, visitor.openid, at)
    if not member.account.is_active:
        raise WrongCredentials
    return member


@transaction.atomic
def bind_wechat(*, account: Account, appid: str, openid: str) -> None:
    """Bind a proved WeChat identity to a proved account. Raises: AlreadyBound."""
    if account.wechat_identities.filter(appid=appid).exclude(openid=openid).exists():
        raise AlreadyBound
    try:
        with transaction.atomic():
            identity, _created = WechatIdentity.objects.get_or_create(
                appid=appid, openid=openid, defaults={"account": account}
            )
    except IntegrityError as error:
        raise AlreadyBound from error
    if identity.account_id != account.pk:
        raise AlreadyBound


def set_password(
    *, account: Account, old_password: str, new_password: str, client_ip: str = "", at: datetime
) -> Account:
    """Change a password; ends every session and token. Locks: the account.

    A wrong old one counts like a wrong sign-in: a stolen phone left open is no place to guess at.
    Raises: WrongCredentials, TooManyTries, PasswordRefused. Returns the account as it is now.
    """
    name = account.phone or str(account.pk)
    count_try(phone=name, client_ip=client_ip, at=at)
    with transaction.atomic():
        account = Account.objects.locked().get(pk=account.pk)
        if not account.check_password(old_password[: MAX_PASSWORD + 1]):
            raise WrongCredentials
        account = _change(account, new_password, at)
    forgive(phone=name, client_ip=client_ip)
    return account


def reset_password(*, phone: str, code: str, new_password: str, at: datetime) -> Member:
    """Set a password by a code sent for it; ends every session and token.

    Raises: as check_code(), PasswordRefused, NotRegistered, WrongCredentials (closed account).
    """
    phone = normal_phone(phone)
    check_new_password(new_password, Account(phone=phone))
    check_code(phone=phone, purpose="reset", code=code, at=at)
    member = _known(phone)
    with transaction.atomic():
        member.account = _change(
            Account.objects.locked().get(pk=member.account_id), new_password, at
        )
    return member


def _change(account: Account, password: str, at: datetime) -> Account:
    check_new_password(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])
    account.token_version = end_sessions(account, at=at)
    notify([account.pk], PASSWORD_CHANGED, {}, at=at)
    return account


def _bind_or_join(phone: str, appid: str, openid: str, at: datetime) -> Member:
    with transaction.atomic():
        member = _members().filter(account__phone=phone).first()
        if member is None:
            member = join(phone=phone, consent_version=CONSENT_VERSION, at=at)
        bind_wechat(account=member.account, appid=appid, openid=openid)
    return member


def _known(phone: str) -> Member:
    member = _members().filter(account__phone=phone).first()
    if member is None:
        raise NotRegistered
    if not member.account.is_active:
        raise WrongCredentials
    return member


def _has_password(member: Member | None, password: str) -> bool:
    """Costs one hash in any case, so that time tells nothing (ATK-60)."""
    password = password[: MAX_PASSWORD + 1]
    if member is not None:
        return member.account.check_password(password)
    Account().set_password(password)
    return False


def _members() -> QuerySet[Member]:
    return Member.objects.select_related("account", "tier", "points_account")

"""The second factor: who is about to do something grave shows a code first.

A code by text message, or of an authenticator app, becomes a `Proof`: good for ten minutes, for
one deed of one account. Source: requirement O-40.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from mall.kernel import audit
from mall.kernel.notify import notify
from members import totp
from members.errors import (
    AppKnown,
    CodeExpired,
    CodeWrong,
    NeedVerification,
    PhoneNeeded,
    PhoneTaken,
    TooManyTries,
)
from members.messages import APP_ADDED, APP_REMOVED, PHONE_CHANGED
from members.models import Account, Authenticator, Proof, SmsCode
from members.phone import normal_phone
from members.services.coding import check_code, match_code, use_code
from members.services.holding import end_sessions

LIVES = timedelta(minutes=10)
KEPT = timedelta(days=90)
WRONG_CODES = 5
LOCKED_FOR = timedelta(minutes=15)
ISSUER = "Mall"
Method = Proof.Method


@dataclass(frozen=True, slots=True)
class NewSecret:
    """What an authenticator app is told: once, and never again."""

    text: str
    uri: str


def prove(
    *, account: Account, deed: str, code: str, at: datetime, subject: str = "", method: str = "sms"
) -> Proof:
    """Show a code for a deed; it is spent, and the deed may be done within ten minutes.

    Tries commit by themselves, so this runs in no other transaction. Raises: PhoneNeeded,
    CodeExpired, CodeWrong, TooManyTries.
    """
    if method == Method.TOTP:
        count_try(account, code, at, is_confirmed=True)
    else:
        if not account.phone:
            raise PhoneNeeded
        check_code(phone=account.phone, purpose=SmsCode.Purpose.VERIFY, code=code, at=at)
    return Proof.objects.create(
        account=account,
        deed=deed,
        subject=subject,
        method=method,
        proved_at=at,
        expires_at=at + LIVES,
    )


def is_proved(*, account_id: int, deed: str, at: datetime, subject: str = "") -> bool:
    """True while a proof for this deed, and this subject of it, is good. Queries: 1."""
    return bool(Proof.objects.good_for(account_id, deed, at, subject).exists())


def spend_proof(*, account: Account, deed: str, at: datetime, subject: str = "") -> None:
    """Use up the proof of a deed in the deed's own transaction; two deeds at once use it once.

    Locks: the proof. Raises: NeedVerification when there is none. Queries: 2.
    """
    good = Proof.objects.good_for(account.pk, deed, at, subject)
    newest = good.locked().order_by("-pk").first()
    if newest is None:
        raise need_verification(account, deed, subject)
    Proof.objects.filter(pk=newest.pk).update(used_at=at)


def need_verification(account: Account, deed: str, subject: str = "") -> NeedVerification:
    """The refusal that says what to do. Queries: 1."""
    apps = Authenticator.objects.filter(account=account, confirmed_at__isnull=False)
    methods = [str(Method.SMS)] if account.phone else []
    if apps.exists():
        methods.append(str(Method.TOTP))
    return NeedVerification(
        deed=str(deed), subject=subject, methods=methods, phone=account.phone_masked
    )


def change_phone(*, account: Account, phone: str, code: str, at: datetime) -> Account:
    """Sign in with another number from now on: the old one proved by the second factor, the new
    one by a code sent to it. Ends every session and token; the old number is told.

    Runs in no other transaction. Locks: the account. Raises: NeedVerification, PhoneTaken,
    CodeExpired, CodeWrong, TooManyTries, InvalidInput.
    """
    phone = normal_phone(phone)
    if not is_proved(account_id=account.pk, deed=Proof.Deed.CHANGE_PHONE, at=at):
        raise need_verification(account, Proof.Deed.CHANGE_PHONE)
    code_id = match_code(phone=phone, purpose=SmsCode.Purpose.BIND, code=code, at=at)
    try:
        with transaction.atomic():
            return _change_phone(account, phone, code_id, at)
    except IntegrityError as error:
        raise PhoneTaken from error


def _change_phone(account: Account, phone: str, code_id: int, at: datetime) -> Account:
    row = Account.objects.locked().get(pk=account.pk)
    if Account.objects.filter(phone=phone).exclude(pk=row.pk).exists():
        raise PhoneTaken
    spend_proof(account=row, deed=Proof.Deed.CHANGE_PHONE, at=at)
    use_code(code_id, at=at)
    before, row.phone = row.phone_masked, phone
    row.save(update_fields=["phone"])
    row.token_version = end_sessions(row, at=at)
    audit.record(
        actor=row,
        verb="members.change_phone",
        target=row,
        at=at,
        before={"phone": before},
        after={"phone": row.phone_masked},
    )
    notify([row.pk], PHONE_CHANGED, {"phone": row.phone_masked}, at=at)
    return row


@transaction.atomic
def add_authenticator(*, account: Account, at: datetime) -> NewSecret:
    """Give an app a secret; it counts once a code of it was shown. A new one replaces the old.

    Locks: the proof. Raises: NeedVerification.
    """
    spend_proof(account=account, deed=Proof.Deed.ADD_APP, at=at)
    return new_app(account, at)


def new_app(account: Account, at: datetime) -> NewSecret:
    """A fresh secret that waits for its first code; it replaces what there was."""
    secret = totp.new_secret()
    fresh = {"sealed_secret": totp.seal(secret), "added_at": at, "confirmed_at": None}
    Authenticator.objects.update_or_create(
        account=account, defaults={**fresh, "last_step": 0, "tries": 0, "locked_until": None}
    )
    name = account.phone_masked or str(account)
    return NewSecret(totp.text_of(secret), totp.uri_of(secret, account=name, issuer=ISSUER))


def confirm_authenticator(*, account: Account, code: str, at: datetime) -> None:
    """The app shows the right code: from now on it is a second factor. Locks: the app.

    Raises: AppKnown, CodeWrong, TooManyTries.
    """
    waiting = Authenticator.objects.filter(account=account, confirmed_at=None)
    if not waiting.exists():
        raise AppKnown
    count_try(account, code, at, is_confirmed=False)
    if waiting.update(confirmed_at=at):
        notify([account.pk], APP_ADDED, {}, at=at)


@transaction.atomic
def remove_authenticator(*, account: Account, at: datetime) -> None:
    """Codes come by text message only from now on; the member is told. It is as grave as adding an
    app and asks for the same proof.

    Locks: the proof. Raises: NeedVerification.
    """
    spend_proof(account=account, deed=Proof.Deed.ADD_APP, at=at)
    gone, _rows = Authenticator.objects.filter(account=account).delete()
    if gone:
        audit.record(actor=account, verb="members.remove_authenticator", target=account, at=at)
        notify([account.pk], APP_REMOVED, {}, at=at)


def forget_old_proofs(*, at: datetime) -> int:
    """Delete proofs that nobody asks about any more; returns how many."""
    return Proof.objects.filter(expires_at__lt=at - KEPT).delete()[0]


def count_try(account: Account, code: str, at: datetime, *, is_confirmed: bool) -> None:
    """Judge a code of the app and commit the try. Raises: CodeExpired, CodeWrong, TooManyTries."""
    with transaction.atomic(durable=True):
        verdict = _judge(account, code, at, is_confirmed)
    if verdict is not None:
        raise verdict


def _judge(
    account: Account, code: str, at: datetime, is_confirmed: bool
) -> CodeWrong | CodeExpired | TooManyTries | None:
    """Count the try; what is wrong with it. Five wrong ones in a row lock the app for a while."""
    app = Authenticator.objects.filter(
        account=account, confirmed_at__isnull=not is_confirmed
    ).locked().first()  # fmt: skip
    if app is None:
        return CodeExpired()
    if app.locked_until is not None and app.locked_until > at:
        wait = int((app.locked_until - at).total_seconds()) + 1
        return TooManyTries(retry_after_seconds=wait)
    step = totp.step_of(totp.unseal(app.sealed_secret), code, at)
    if step is None or step <= app.last_step:
        app.tries += 1
        if app.tries >= WRONG_CODES:
            app.tries, app.locked_until = 0, at + LOCKED_FOR
        app.save(update_fields=["tries", "locked_until"])
        return CodeWrong()
    app.tries, app.last_step = 0, step
    app.save(update_fields=["tries", "last_step"])
    return None

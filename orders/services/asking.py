"""Questions about products: who may ask and answer, which of them are the FAQ. Source: C-62."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from catalog.selectors import check_on_sale
from mall.kernel import audit
from mall.kernel.errors import NotFound, TooMany
from mall.kernel.notify import notify
from members.models import Account
from orders.errors import AlreadyAnswered, NotABuyer, NotAnswered
from orders.messages import QUESTION_ANSWERED
from orders.models import Answer, ProductBuyer, Question
from orders.services.moderating import given_reason, has_banned_words

MOST_A_DAY = 20
"""Questions one member asks within a day."""


@transaction.atomic
def ask_question(*, member_id: int, product_id: int, text: str, at: datetime) -> Question:
    """Ask about a product on sale; a question with a banned word waits for a person.

    Raises: NotFound, TooMany. Queries: 5.
    """
    check_on_sale(product_id, at)
    day_ago = at - timedelta(days=1)
    asked = Question.objects.filter(member_id=member_id, asked_at__gt=day_ago).count()
    if asked >= MOST_A_DAY:
        raise TooMany(retry_after_seconds=3600)
    waits = has_banned_words(text)
    return Question.objects.create(
        product_id=product_id,
        member_id=member_id,
        text=text,
        is_shown=not waits,
        is_pending=waits,
        asked_at=at,
    )


@transaction.atomic
def answer_as_buyer(*, member_id: int, question_id: int, text: str, at: datetime) -> Answer:
    """Answer a shown question about something one has bought, once.

    Locks: the question. Raises: NotFound, NotABuyer, AlreadyAnswered.
    """
    question = Question.objects.filter(pk=question_id, is_shown=True).locked().first()
    if question is None:
        raise NotFound
    bought = ProductBuyer.objects.filter(
        product_id=question.product_id, member_id=member_id, is_counted=True
    )
    if not bought.exists():
        raise NotABuyer
    waits = has_banned_words(text)
    try:
        with transaction.atomic():
            answer = Answer.objects.create(
                question=question,
                member_id=member_id,
                text=text,
                is_shown=not waits,
                is_pending=waits,
                answered_at=at,
            )
    except IntegrityError as error:
        raise AlreadyAnswered from error
    if answer.is_shown:
        _tell(answer, at)
    return answer


@transaction.atomic
def answer_as_shop(*, question: Question, text: str, actor: Account, at: datetime) -> Answer:
    """Answer for the shop; a waiting question is let through by it.

    Locks: the question. The asker is told.
    """
    row = Question.objects.locked().get(pk=question.pk)
    if row.is_pending:
        row.is_shown, row.is_pending = True, False
        row.save(update_fields=["is_shown", "is_pending"])
    answer = Answer.objects.create(question=row, actor=actor, text=text, answered_at=at)
    _note("orders.answer_question", row, {"answer": text}, actor=actor, at=at)
    _tell(answer, at)
    return answer


@transaction.atomic
def set_faq(*, question: Question, is_faq: bool, actor: Account, at: datetime) -> None:
    """Put a question and its answers into the product's FAQ, or take it out.

    Locks: the question. Raises: NotAnswered for one that nobody sees or answered.
    """
    row = Question.objects.locked().get(pk=question.pk)
    if is_faq and not (row.is_shown and row.answers_count):
        raise NotAnswered
    if row.is_faq == is_faq:
        return
    row.is_faq = is_faq
    row.save(update_fields=["is_faq"])
    _note("orders.set_faq", row, {"is_faq": is_faq}, actor=actor, at=at)


@transaction.atomic
def show_words(*, words: Question | Answer, actor: Account, at: datetime) -> None:
    """Let a waiting question or answer through, or put a hidden one back. Locks: it. Doing it
    twice changes nothing."""
    row = type(words).objects.locked().get(pk=words.pk)
    if row.is_shown:
        return
    row.is_shown, row.is_pending, row.hidden_reason = True, False, ""
    row.save(update_fields=["is_shown", "is_pending", "hidden_reason"])
    _note("orders.show_words", row, {"state": "shown"}, actor=actor, at=at)
    if isinstance(row, Answer):
        _tell(row, at)


@transaction.atomic
def hide_words(*, words: Question | Answer, reason: str, actor: Account, at: datetime) -> None:
    """Take a question or an answer off the pages for a reason; a hidden question is no FAQ.

    Locks: it. Raises: ReviewReasonMissing. Doing it twice changes nothing.
    """
    reason = given_reason(reason)
    row = type(words).objects.locked().get(pk=words.pk)
    if not (row.is_shown or row.is_pending):
        return
    counted, row.is_shown, row.is_pending, row.hidden_reason = row.is_shown, False, False, reason
    row.save(update_fields=["is_shown", "is_pending", "hidden_reason"])
    if isinstance(row, Question):
        Question.objects.filter(pk=row.pk).update(is_faq=False)
    elif counted:
        Question.objects.filter(pk=row.question_id).update(answers_count=F("answers_count") - 1)
    _note("orders.hide_words", row, {"state": "hidden", "reason": reason}, actor=actor, at=at)


def _tell(answer: Answer, at: datetime) -> None:
    """Count an answer that shoppers see, and tell who asked; the own answer is no news."""
    Question.objects.filter(pk=answer.question_id).update(answers_count=F("answers_count") + 1)
    asked = Question.objects.select_related("member", "product").get(pk=answer.question_id)
    if answer.member_id != asked.member_id:
        notify(
            [asked.member.account_id],
            QUESTION_ANSWERED,
            {"title": asked.product.title_zh},
            at=at,
            route=("storefront:product", (asked.product_id,)),
            source=f"answer:{answer.pk}",
        )


def _note(
    verb: str, target: Question | Answer, after: dict[str, object], *, actor: Account, at: datetime
) -> None:
    audit.record(actor=actor, verb=verb, target=target, at=at, before={}, after=after)

"""/sandbox/cashier/{payment_no}/: the demo's own cashier page. Mounted in the demo only; no CSRF
(api.md).

It plays the provider's side: whoever knows the payment's number may pay it, with play money.
"""

import json
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from mall.api.problems import CONTENT_TYPE, problem
from mall.kernel import clock
from mall.kernel.errors import InvalidInput, ShopError
from orders import services
from orders.services import Fault, Refusal

Word = TypeVar("Word", Fault, Refusal)
RESULTS = ("success", "fail")
MAX_BYTES = 4096


@method_decorator(csrf_exempt, name="dispatch")
class Cashier(View):
    """GET the page; POST a form or JSON {result, fault?, reason?} -> {notice_sent}."""

    http_method_names = ["get", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Speaks the language of ``?lang=``, as a real cashier does."""
        if request.GET.get("lang") in dict(settings.LANGUAGES):
            translation.activate(request.GET["lang"])
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]
        except ShopError as error:
            if not wants_json(request):
                raise
            body = problem(error.code, str(error), error.http_status)
            return JsonResponse(body, status=error.http_status, content_type=CONTENT_TYPE)

    def get(self, request: HttpRequest, payment_no: str) -> HttpResponse:
        return self.page(request, payment_no)

    def post(self, request: HttpRequest, payment_no: str) -> HttpResponse:
        result, fault, refusal = _choice(request)
        answers = services.pay_at_cashier(
            payment_no=payment_no,
            succeed=result == "success",
            fault=fault,
            refusal=refusal,
            at=clock.now(),
        )
        if wants_json(request):
            return JsonResponse({"notice_sent": bool(answers)})
        return self.page(request, payment_no, sent=_said(result, fault))

    def page(self, request: HttpRequest, payment_no: str, sent: str | None = None) -> HttpResponse:
        """The cashier's page: what the provider's book says, and how its notice may travel."""
        entry = services.cashier_entry(payment_no)
        is_open = sent is None and entry.state in ("pending", "failed")
        closed = "sent" if entry.state == "pending" else entry.state.value
        context = {
            "payment": {
                "payment_no": payment_no,
                "amount_fen": entry.amount_fen,
                "status": "pending" if is_open else closed,
            },
            "faults": faults(),
            "refusals": refusals(),
            "return_url": reverse("storefront:payment", args=[payment_no]),
            "sent": sent or _("This payment is over."),
        }
        return render(request, "orders/sandbox_cashier.html", context)


def wants_json(request: HttpRequest) -> bool:
    """True for a client that sends or asks for JSON."""
    asked = request.content_type == "application/json"
    return asked or "application/json" in request.headers.get("Accept", "")


def faults() -> list[dict[str, str]]:
    """How a notice may go wrong, in words."""
    words = {
        Fault.DUPLICATE: (_("Twice"), _("The same notice comes two times")),
        Fault.LATE: (_("Late"), _("The notice comes 20 seconds later")),
        Fault.REORDERED: (_("Out of order"), _("An older notice comes after the newer one")),
        Fault.LOST: (_("Lost"), _("No notice comes; the mall has to ask")),
        Fault.FORGED: (_("Forged"), _("The signature is wrong and nothing was paid")),
        Fault.WRONG_AMOUNT: (_("Wrong amount"), _("The notice names one fen less")),
    }
    return [{"code": code, "label": label, "line": line} for code, (label, line) in words.items()]


def refusals() -> list[dict[str, str]]:
    """Why the payment may be refused, in words."""
    words = {
        Refusal.USER_REFUSED: _("The payer gave up"),
        Refusal.LIMIT: _("Over the limit of the card"),
        Refusal.NOTENOUGH: _("Not enough money"),
        Refusal.TIMEOUT: _("The code ran out of time"),
        Refusal.RISK: _("Stopped as a risk"),
    }
    return [{"code": code, "label": label} for code, label in words.items()]


def _said(result: str, fault: Fault | None) -> str:
    if fault is not None:
        return _("Done, and the notice went wrong as you chose.")
    if result == "success":
        return _("Paid. The notice has been sent.")
    return _("Refused. The notice has been sent.")


def _choice(request: HttpRequest) -> tuple[str, Fault | None, Refusal]:
    """The result, the fault and the reason of a body. Raises: InvalidInput."""
    data = _json(request) if request.content_type == "application/json" else request.POST.dict()
    if not isinstance(data, dict) or set(data) - {"result", "fault", "reason"}:
        raise InvalidInput(field="body", allowed="{result, fault?, reason?}")
    result = data.get("result")
    if result not in RESULTS:
        raise InvalidInput(field="result", allowed=" | ".join(RESULTS))
    fault = _one_of(Fault, data, "fault")
    return result, fault, _one_of(Refusal, data, "reason") or Refusal.USER_REFUSED


def _one_of(words: type[Word], data: dict[str, Any], name: str) -> Word | None:
    """The chosen word, None for no choice. Raises: InvalidInput."""
    chosen = data.get(name)
    if chosen in (None, ""):
        return None
    if chosen not in list(words):
        raise InvalidInput(field=name, allowed=" | ".join(words))
    return words(chosen)


def _json(request: HttpRequest) -> Any:
    if len(request.body) > MAX_BYTES:
        raise InvalidInput(field="body", allowed=f"<= {MAX_BYTES}")
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(field="body", allowed="JSON") from error


urlpatterns = [path("<slug:payment_no>/", Cashier.as_view(), name="sandbox-cashier")]

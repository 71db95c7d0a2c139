"""/sandbox/sms/: the demo's phone. Mounted in the demo only, answers nobody but this machine."""

import ipaddress

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from mall.api.problems import plain
from mall.kernel.client_ip import client_ip
from mall.kernel.errors import NotFound
from members.sandbox import last_sms_code


@require_GET
def last_sms(request: HttpRequest) -> JsonResponse:
    """The code in the last SMS of a phone."""
    near = _is_loopback(client_ip(request))
    code = last_sms_code(request.GET.get("phone", "")[:20]) if near else None
    if code is None:
        return plain(request, NotFound.code, str(NotFound.message), NotFound.http_status)
    return JsonResponse({"code": code}, headers={"Cache-Control": "no-store"})


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False

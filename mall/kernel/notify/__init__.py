"""Telling people things: inbox, SMS, e-mail and WeChat subscribe messages.

A verb calls ``notify()`` in its transaction: that only writes rows. Inbox messages are read from
the
table; the others are sent after commit by a task through back ends named in settings. Words are
rendered at read time from registered templates, links are route names that the roof resolves.
"""

from mall.kernel.notify.channels import send_sms
from mall.kernel.notify.operators import operators_with
from mall.kernel.notify.sending import notify, send_waiting
from mall.kernel.notify.templates import MessageTemplate, register, render

__all__ = [
    "MessageTemplate",
    "notify",
    "operators_with",
    "register",
    "render",
    "send_sms",
    "send_waiting",
]

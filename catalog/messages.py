"""What the catalogue tells operators."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.notify import MessageTemplate

TEMPLATES = (
    MessageTemplate(
        code="catalog.product_rejected",
        title=_("A product was sent back"),
        body=_("%(title)s was rejected: %(reason)s"),
    ),
    MessageTemplate(
        code="catalog.complaint_received",
        title=_("An infringement complaint"),
        body=_("Case %(number)s against %(product)s has come in: look at its proof."),
    ),
    MessageTemplate(
        code="catalog.complaint_taken_down",
        title=_("Goods were taken down after a complaint"),
        body=_("%(product)s is off sale: case %(number)s was accepted."),
    ),
    MessageTemplate(
        code="catalog.qualification_soon",
        title=_("Qualifications run out soon"),
        body=_("Renew them in time, %(count)s in all: %(documents)s."),
    ),
    MessageTemplate(
        code="catalog.qualification_over",
        title=_("Qualifications have run out"),
        body=_("Goods that ask for them cannot go on sale, %(count)s in all: %(documents)s."),
    ),
)

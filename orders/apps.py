from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Orders")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from catalog.services import register_publish_gate, register_refresher
        from mall.kernel import notify
        from orders import messages, subscribers
        from orders.services.fulfilment.review_rules import REVIEW_RULES
        from orders.services.gating import cheapest_in_stock
        from orders.services.plan_gating import stock_gate
        from orders.services.risk import risk_reasons
        from orders.tasks import refresh_marked
        from promotions.services import add_gate

        notify.register(*messages.TEMPLATES)
        subscribers.connect()
        if risk_reasons not in REVIEW_RULES:
            REVIEW_RULES.append(risk_reasons)
        register_refresher(refresh_marked)
        register_publish_gate(cheapest_in_stock)
        add_gate(stock_gate)
        post_migrate.connect(_keep_usual_carriers, sender=self)


def _keep_usual_carriers(**_signal: object) -> None:
    """Make the carriers that every shop begins with, where they are missing."""
    from orders.services.fulfilment.carrying import make_usual_carriers

    make_usual_carriers()

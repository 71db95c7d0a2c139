"""What dashboards read: trade from the daily tables, and the work that waits right now."""

from analytics.selectors.campaigning import (
    CampaignEffect,
    PlanEffect,
    orders_with,
    plan_effect,
)
from analytics.selectors.caring import with_figures
from analytics.selectors.couponing import (
    ChannelEffect,
    CouponEffect,
    DispatchEffect,
    channel_effects,
    coupon_effects,
    dispatch_effects,
)
from analytics.selectors.trading import (
    FIGURES,
    ProductLoss,
    ProductTrade,
    Span,
    Trade,
    best_products,
    loss_makers,
    trade,
)
from analytics.selectors.working import (
    Turnover,
    Waiting,
    restock_queue,
    ship_queue,
    turnover_today,
    work_waiting,
)

__all__ = [
    "CampaignEffect",
    "PlanEffect",
    "orders_with",
    "plan_effect",
    "ChannelEffect",
    "CouponEffect",
    "DispatchEffect",
    "channel_effects",
    "coupon_effects",
    "dispatch_effects",
    "FIGURES",
    "ProductLoss",
    "ProductTrade",
    "Span",
    "Trade",
    "Turnover",
    "Waiting",
    "best_products",
    "loss_makers",
    "restock_queue",
    "ship_queue",
    "trade",
    "turnover_today",
    "with_figures",
    "work_waiting",
]

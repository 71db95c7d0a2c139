"""The front door of promotions: every write, explicitly re-exported."""

from promotions.services.claiming import claim_coupon
from promotions.services.issuing import issue_coupons
from promotions.services.using import lock_grants, unlock_grants, use_grants

__all__ = ["claim_coupon", "issue_coupons", "lock_grants", "unlock_grants", "use_grants"]

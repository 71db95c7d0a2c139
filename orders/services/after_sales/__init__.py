"""The life of an after-sales case; `orders.services` is the front door."""

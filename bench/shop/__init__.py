"""Pages and lists a second, against a view that does nothing (make bench-shop)."""

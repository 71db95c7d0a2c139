"""The front door of orders: every write, explicitly re-exported."""

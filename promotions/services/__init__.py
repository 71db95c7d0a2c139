"""The front door of promotions: every write, explicitly re-exported."""

"""The front door of analytics: every write, explicitly re-exported."""

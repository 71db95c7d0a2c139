"""The front door of members: every write, explicitly re-exported."""

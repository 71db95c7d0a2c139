"""The front door of catalog: every write, explicitly re-exported."""

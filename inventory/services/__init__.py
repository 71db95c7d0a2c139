"""The front door of inventory: every write, explicitly re-exported."""

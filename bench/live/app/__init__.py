"""A throw-away app: its migrations change tables of the shop as later releases would."""

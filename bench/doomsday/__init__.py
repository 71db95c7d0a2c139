"""The doomsday run: a mall under faults, and a judge of what was promised. See docs/doomsday.md."""

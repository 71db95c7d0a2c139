"""The shop against a small model: any sequence of deeds leaves both in the same state."""

"""The control: one migration as it must not be written."""

"""Measurements and load runs; none of it runs in the shop."""

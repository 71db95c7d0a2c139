"""What tests of every app build on.

Imports nothing here: `mall.settings_test` uses `provision` before Django is set up.
"""

"""FORMAT_MODULE_PATH: how Django writes and reads days and instants, a package a language."""

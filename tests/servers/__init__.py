"""Servers that are not the reference (docstring to be written)."""

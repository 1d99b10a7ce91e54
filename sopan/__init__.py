"""Sopan makes written procedures (SOP-AP) run."""

__version__ = "0.1.0"

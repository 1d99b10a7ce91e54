"""Readers of files: each makes a ``Document`` of bytes, or says why it cannot."""

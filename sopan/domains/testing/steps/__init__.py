"""Works of the testing procedures, in the order in which a sample meets them."""

from . import issuing, panel, requesting, sampling, testing, wordings

__all__ = ["issuing", "panel", "requesting", "sampling", "testing", "wordings"]

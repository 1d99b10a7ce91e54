"""HTTP of the laboratory beside the panels of its steps."""

from .items import hand_back, item, labels, receive_late
from .measuring import calculate, choose_method
from .parts import assign_late, assign_mine, confirm_late, verify_mine
from .reports import print_reports, printing
from .sheets import results, sheet, sheet_autosave

__all__ = [
    "assign_late",
    "assign_mine",
    "calculate",
    "choose_method",
    "confirm_late",
    "hand_back",
    "item",
    "labels",
    "print_reports",
    "printing",
    "receive_late",
    "results",
    "sheet",
    "sheet_autosave",
    "verify_mine",
]

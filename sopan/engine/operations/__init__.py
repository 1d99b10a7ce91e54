"""The only code that changes cases, tasks, journal and outbox. One act is one transaction.

Each operation takes ``now`` and tells an expected "no" as a ``Refusal``; what it changed, it tells in the journal.
"""

from sopan.core.flow import Refusal

from ..access import Acting
from .acts import Done, command_from_data, hashed_fields, reason_fault, work_of
from .adding import attach, comment, save_draft
from .assigning import give_back, hand_over, take
from .completing import answers, complete, complete_by_system, note
from .moving import move, preview, target_of, without_positions
from .starting import NoEntry, start
from .steering import cancel, hold, resume, send_back, withdraw_by_customer
from .unblinding import unblind

__all__ = [
    "Acting",
    "Done",
    "NoEntry",
    "Refusal",
    "answers",
    "attach",
    "cancel",
    "command_from_data",
    "comment",
    "complete",
    "complete_by_system",
    "give_back",
    "hand_over",
    "hashed_fields",
    "hold",
    "move",
    "note",
    "preview",
    "reason_fault",
    "resume",
    "save_draft",
    "send_back",
    "start",
    "take",
    "unblind",
    "target_of",
    "withdraw_by_customer",
    "without_positions",
    "work_of",
]

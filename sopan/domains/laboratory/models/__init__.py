"""Instruments in the laboratory: items, work orders, results and their versions, verifications, reports; equipment,
methods, competence, scope.

Item, work order, result version and report are machines of their own; the steps of a procedure are a view over them.
Only ``operations`` writes these rows. What a person typed is kept as typed; the decimals beside it are for queries.
"""

from .equipment import Equipment, EquipmentCertificate, EquipmentCheck, EquipmentEvent
from .items import CustodyEvent, Item, Laboratory
from .measured import MeasuredPoint, RawReading, ReadingCorrection, StandardUse
from .methods import CompetenceGrant, MethodVersion, ScopeLine
from .reports import Report, ReportChange
from .work import Observation, ResultVersion, Verification, WorkOrder

__all__ = [
    "CompetenceGrant",
    "CustodyEvent",
    "Equipment",
    "EquipmentCertificate",
    "EquipmentCheck",
    "EquipmentEvent",
    "Item",
    "Laboratory",
    "MeasuredPoint",
    "MethodVersion",
    "Observation",
    "RawReading",
    "ReadingCorrection",
    "Report",
    "ReportChange",
    "ResultVersion",
    "ScopeLine",
    "StandardUse",
    "Verification",
    "WorkOrder",
]

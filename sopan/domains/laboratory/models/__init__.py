"""Instruments in the laboratory: items, work orders, results and their versions, verifications, reports; equipment,
methods, competence, scope; control charts, proficiency tests, repeats.

Item, work order, result version and report are machines of their own; the steps of a procedure are a view over them.
Only ``operations`` writes these rows. What a person typed is kept as typed; the decimals beside it are for queries.
"""

from .equipment import Equipment, EquipmentCertificate, EquipmentCheck, EquipmentEvent
from .items import CustodyEvent, Item, Laboratory
from .measured import MeasuredPoint, RawReading, ReadingCorrection, StandardUse
from .methods import CompetenceGrant, MethodVersion, ScopeLine
from .reports import Report, ReportChange
from .validity import (
    ChartLimits,
    ChartPoint,
    ControlChart,
    Finding,
    FindingAct,
    ProficiencyTest,
    RepeatCheck,
    Verdict,
)
from .work import Observation, ResultVersion, Verification, WorkOrder

__all__ = [
    "ChartLimits",
    "ChartPoint",
    "CompetenceGrant",
    "ControlChart",
    "CustodyEvent",
    "Equipment",
    "EquipmentCertificate",
    "EquipmentCheck",
    "EquipmentEvent",
    "Finding",
    "FindingAct",
    "Item",
    "Laboratory",
    "MeasuredPoint",
    "MethodVersion",
    "Observation",
    "ProficiencyTest",
    "RawReading",
    "ReadingCorrection",
    "RepeatCheck",
    "Report",
    "ReportChange",
    "ResultVersion",
    "ScopeLine",
    "StandardUse",
    "Verdict",
    "Verification",
    "WorkOrder",
]

"""Rows of the service: orders and what surrounds them. Each module says which operations alone may write its rows."""

from .customers import AmendmentRequest, Asset, Complaint, ComplaintAct, Handover
from .money import Contract, ContractPrice, Levy, Reconciliation, ReconciliationRow
from .notices import Delivery, Notice, NoticeChoice
from .order import (
    Bill,
    GatewayMessage,
    Order,
    OrderItem,
    PaymentProof,
    Revenue,
    Survey,
    TariffLine,
)
from .service import CompensationGiven, CompensationRule, ServiceEvent, ServiceText, SurveyPublication

__all__ = [
    "AmendmentRequest",
    "Asset",
    "Bill",
    "Complaint",
    "CompensationGiven",
    "CompensationRule",
    "ComplaintAct",
    "Contract",
    "ContractPrice",
    "Delivery",
    "GatewayMessage",
    "Handover",
    "Levy",
    "Notice",
    "NoticeChoice",
    "Order",
    "OrderItem",
    "PaymentProof",
    "Reconciliation",
    "ReconciliationRow",
    "Revenue",
    "ServiceEvent",
    "ServiceText",
    "Survey",
    "SurveyPublication",
    "TariffLine",
]

"""Rows of the service: orders and what surrounds them. Each module says which operations alone may write its rows."""

from .money import Contract, ContractPrice, Levy, Reconciliation, ReconciliationRow
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
from .service import ServiceEvent, ServiceText, SurveyPublication

__all__ = [
    "Bill",
    "Contract",
    "ContractPrice",
    "GatewayMessage",
    "Levy",
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

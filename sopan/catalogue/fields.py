"""Data that keeps the order of its keys: the actors of a procedure are its columns, from left to right."""

from __future__ import annotations

import json
from typing import Any

from django.db import models


class OrderedDataField(models.TextField):
    """JSON as text. ``JSONField`` would be ``jsonb`` on PostgreSQL, which sorts the keys of a mapping by their length."""

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj), ensure_ascii=False)

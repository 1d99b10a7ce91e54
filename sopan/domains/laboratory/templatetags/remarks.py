"""Remarks on results in templates."""

from django import template

from ..remarks import worded

register = template.Library()
register.filter("remark", worded)

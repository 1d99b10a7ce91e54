"""Spreadsheets are made in ``sopan.ui.excel``; the screens of this layer may keep calling them by this name."""

from sopan.ui.excel import MEDIA_TYPE, workbook

__all__ = ["MEDIA_TYPE", "workbook"]

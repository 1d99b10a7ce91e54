"""Complaints and appeals (ISO/IEC 17025:2017, 7.9): received, confirmed, assessed, decided by the uninvolved, answered."""

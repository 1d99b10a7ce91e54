"""Ensuring the validity of results (ISO/IEC 17025:2017, 7.7): control charts, proficiency tests, repeats, findings.

``charts``, ``trials`` and ``findings`` write, ``queries`` reads, ``access`` says who may, ``picture`` draws.
"""

"""Procedures as BPMN 2.0 and back: what can be drawn stands as plain BPMN, the rest in elements of our own namespace.

``graph`` says which BPMN a procedure is, ``layout`` where it stands, ``write`` makes the file; ``read`` understands files,
ours and those of other tools, within the closed set. Which procedures an engine for BPMN would run a little
differently is told by ``limits``. Why it is so: ``docs/decisions/0013-bpmn.md``.
"""

"""Draws a procedure as the SOP-AP form of PermenPAN-RB 35/2012 shows it: a matrix of steps and actors.

``matrix`` says what there is to draw, ``layout`` where it stands, ``sheet`` prints it on pages and ``rows`` cuts it into
the rows of a table for the screen. Pure Python: no Django, no clock, no files.
"""

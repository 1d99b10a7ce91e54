"""Methods of calibration as data: what is read, how the result and its uncertainty follow, what limits hold.

Pure Python: ``load`` reads a file of this folder or of an institution, ``compute`` evaluates what was read by it. The
format is told in docs/howto/add-a-method.md.
"""

"""Evaluation of measurement uncertainty: pure Python on the GUM Tree Calculator and numpy, in the terms of the VIM."""

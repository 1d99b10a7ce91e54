"""Invented SOP documents of invented bodies, in the shapes that bodies use, with what a person reads in them."""

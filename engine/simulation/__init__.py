"""Simulation: what many instances of a drawing would do to the people who work on them."""

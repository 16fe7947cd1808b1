"""A house of paper: drawings played in memory, with a clock that is moved and answers given.

Scenario tests and simulation run the real runtime here; nothing is kept and nobody is told.
"""

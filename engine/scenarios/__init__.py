"""Scenario tests: a file beside a drawing that plays it and says what must come of it."""

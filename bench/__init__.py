"""The budgets of the design, measured beside their floors: `python -m bench`."""

"""The demonstration: a sample agency lives through a year over HTTP."""

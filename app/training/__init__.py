"""A copy of an agency for practice: raters rate the same sample cases and compare."""

"""Commands (open a unit of work, commit once) and operations (take the open unit, never commit)."""

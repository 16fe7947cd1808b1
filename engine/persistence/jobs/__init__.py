"""Background work kept in a plain table: enqueued with its cause, run with its effect."""

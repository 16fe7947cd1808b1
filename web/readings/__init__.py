"""What pages show, put together from the use cases' answers; no rules."""

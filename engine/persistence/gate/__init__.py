"""The gate before SQLite's one writer: first come, first served, within and between processes."""

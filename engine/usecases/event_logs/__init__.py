"""Event logs for process mining: XES, OCEL 2.0 and CSV."""

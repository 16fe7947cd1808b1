"""Tables of Regu; every room names its own file, all share one `metadata.metadata`."""

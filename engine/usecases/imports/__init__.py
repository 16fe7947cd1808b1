"""Import of an agency from a workbook: read, examine, write; see docs/import.md."""

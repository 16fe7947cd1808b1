"""The engine: rules, languages, use cases, BPMN runtime, storage; it knows no door."""

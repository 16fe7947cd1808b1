"""A drawing: BPMN bytes read into our own model, with findings."""

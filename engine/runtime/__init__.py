"""The BPMN runtime: drawings compiled, tokens moved, state kept."""

"""Spec objects: what each BPMN element does when a token arrives, runs and leaves.

They subclass SpiffWorkflow's spec classes; docs/decisions/0002 names each method replaced and why.
"""

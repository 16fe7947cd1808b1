"""Stores: what the use cases ask of the database, one room per file."""

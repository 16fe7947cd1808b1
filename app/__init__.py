"""The front hall: settings, wiring, sign-in, problem table, command line and worker."""

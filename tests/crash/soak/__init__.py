"""A soak with SIGKILL: real processes, killed at random, and the reckoning of what they left."""

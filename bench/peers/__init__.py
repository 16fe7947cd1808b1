"""The same process by Regu and its peers, each in a process of its own, in turns."""

"""Questions of the rooms that forms and drawings ask; one module for each room."""

"""Load on loopback: people at a served house, timed, and the books read afterwards."""

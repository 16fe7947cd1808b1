"""JSON over HTTP: Regu's own paths under /api and a Camunda 8 subset under /v2."""

"""The paths of Camunda 8's REST API that Regu answers, with the same names and fields."""

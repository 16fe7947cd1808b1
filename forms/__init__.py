"""The paper: user-task forms as data (form-js JSON), compiled to checked and typed values."""

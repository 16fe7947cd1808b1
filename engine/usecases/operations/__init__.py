"""Operations that drawings call: they take the open unit of work and never commit."""

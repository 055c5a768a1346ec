"""Resume interrupted exports: record finished tasks, check the records, and reuse their results."""

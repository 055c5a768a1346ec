"""AnnData objects in memory, backed or lazy, and arrays passed one by one."""

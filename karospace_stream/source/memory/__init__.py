"""AnnData objects in memory, backed or lazy, and arrays handed over one by one."""

"""Plan time: every decision of an export, made from metadata; no data is read but what decides."""

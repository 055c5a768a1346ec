"""Find, describe and remove leftovers of interrupted exports."""

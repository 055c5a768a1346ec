"""What inputs hold besides matrices and columns."""

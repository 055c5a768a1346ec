"""Check that a host serves an export correctly: send HTTP requests as browsers do, and suggest changes."""

from karospace_stream.doctor.examine import examine
from karospace_stream.doctor.findings import CHECKS, Diagnosis, Finding, Verdict

__all__ = ["CHECKS", "Diagnosis", "Finding", "Verdict", "examine"]

"""Does a host serve an export rightly? Asks over HTTP as browsers do, and says what to change."""

from karospace_stream.doctor.examine import examine
from karospace_stream.doctor.findings import CHECKS, Diagnosis, Finding, Verdict

__all__ = ["CHECKS", "Diagnosis", "Finding", "Verdict", "examine"]

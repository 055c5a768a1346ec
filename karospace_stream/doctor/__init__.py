"""Does a host serve an export rightly? Asks over HTTP as browsers do, and says what to change."""

from karospace_stream.doctor.examine import examine
from karospace_stream.doctor.findings import CHECKS, Diagnosis, Finding, Verdict
from karospace_stream.doctor.visit import Format

__all__ = ["CHECKS", "Diagnosis", "Finding", "Format", "Verdict", "examine"]

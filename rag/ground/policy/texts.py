"""What is said in place of an answer. The checks know these sentences as no claims."""

from __future__ import annotations

UNSUPPORTED = "No answer was found that the passages support."
WEAK = "No passage was found that answers this question."

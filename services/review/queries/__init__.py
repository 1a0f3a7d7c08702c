"""Reads: documents to schemas, no domain objects in between."""

from services.review.queries.audit import list_audit, verify_audit
from services.review.queries.cases import CaseFilter, count_cases, list_cases, read_case

__all__ = ["CaseFilter", "count_cases", "list_audit", "list_cases", "read_case", "verify_audit"]

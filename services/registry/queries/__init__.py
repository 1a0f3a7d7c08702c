"""Reads: documents to response bodies, narrowed to what the caller may see."""

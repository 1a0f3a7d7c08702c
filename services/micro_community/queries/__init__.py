"""Reads: documents → schemas, no domain objects in between. Each list costs the same on every page."""

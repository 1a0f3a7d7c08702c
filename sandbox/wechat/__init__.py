"""A pretend WeChat Official Account platform, spoken to over HTTP only."""

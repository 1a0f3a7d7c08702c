"""Stand-ins for systems the product talks to. Nothing here is imported by the product, and nothing of it is here."""

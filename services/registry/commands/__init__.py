"""The use cases of registry, one a file: each loads, lets the domain decide, saves, and tells."""

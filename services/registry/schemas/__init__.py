"""The HTTP bodies of registry: what may be sent, and what is answered."""

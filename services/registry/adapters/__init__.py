"""The outside world behind registry's ports."""

"""The micro-community under load: `./guanwei bench community`."""

"""Commands for whoever runs the system: the same on a laptop and in the image."""

"""What registry decides: plain objects, no waiting, no driver, no framework."""

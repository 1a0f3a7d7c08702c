"""The console's and the phone's side of the pretend platform: everything that a test or a person sets up."""

"""The whole system as local processes, and the command line around it."""

"""What people see in a browser: articles, the authorisation page, the control page."""

"""The example matrix: an invented group whose accounts, people, rules and articles a fresh stack is made from."""

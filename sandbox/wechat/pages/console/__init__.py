"""The control page: accounts and followers, a phone to act on, and the machinery behind."""

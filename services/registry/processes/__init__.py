"""What takes more than a transaction: slow hashing or sealing first, then one command."""

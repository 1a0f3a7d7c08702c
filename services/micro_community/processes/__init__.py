"""What spans several transactions with an outside call between them."""

"""HTTP bodies. Text is text: pages show it as text."""

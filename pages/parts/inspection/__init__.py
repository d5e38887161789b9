"""What the pages share that look into a network."""

"""What the pages share that look for a network's evidence."""

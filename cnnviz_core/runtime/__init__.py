"""Long work, kept results and memory: knows no picture."""

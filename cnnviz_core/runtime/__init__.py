"""Long work, stored results and memory: knows no picture."""

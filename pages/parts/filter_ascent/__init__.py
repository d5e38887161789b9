"""What shows an ascent: controls, pictures, progress, facts."""

"""Arrays become pixels, bytes and figures: knows no network and no layer."""

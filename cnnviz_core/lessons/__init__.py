"""Questions whose answers are computed: a belief expects something, and the core says what is."""

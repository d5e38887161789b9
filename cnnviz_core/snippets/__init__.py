"""The program that makes what a page shows, as a learner would write it: text from settings."""

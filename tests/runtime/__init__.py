"""Tests of long work and stored results."""

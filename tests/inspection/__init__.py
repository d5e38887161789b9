"""Tests of what is found inside a network."""

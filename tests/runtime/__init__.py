"""Tests of long work and kept results."""

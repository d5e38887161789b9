"""Tests of the evidence for a class."""

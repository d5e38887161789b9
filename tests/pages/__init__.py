"""Tests of pages as a visitor's script runs them."""

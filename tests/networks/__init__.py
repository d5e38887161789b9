"""Tests of networks, and of how they are loaded."""

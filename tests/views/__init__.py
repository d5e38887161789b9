"""Tests of what pages show, without pages."""

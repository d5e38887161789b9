"""Tests of pictures that excite a filter."""

"""Tests of pixels, bytes and figures."""

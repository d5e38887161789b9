"""Tests of single layers, and of layers in a row."""

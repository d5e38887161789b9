"""Tests of the app, folder by folder as the app itself."""

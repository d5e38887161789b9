"""Glossary: the words of the field, from activation to window."""

from pages.parts import glossary, layout

layout.heading("glossary")
glossary.show_all()

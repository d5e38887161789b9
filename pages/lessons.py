"""Lessons: questions on the pages themselves, whose answers one can see."""

from pages.parts import layout, lesson_list

layout.heading("lessons")
lesson_list.show_all()

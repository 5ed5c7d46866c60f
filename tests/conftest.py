"""What all tests share: generated examples that are the same in every run, and never timed."""

from hypothesis import settings

settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")

"""Measures ``karospace-stream`` beside its peers and beside what the machine can do.

``python -m benchmarks`` builds its data, runs every side in a process of its own, checks that the
outputs agree, and writes the figures of ``docs/explanation/performance.md``. Nothing here asserts a time.
"""

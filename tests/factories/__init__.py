"""Typed factories that call the real actions: no test builds a state the program cannot reach."""

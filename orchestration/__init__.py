"""Dagster and the command line: what runs when, in which order, under which lock.

The only room that knows Dagster, reads the environment and asks the clock.

Kept out: any rule, any figure.
"""

"""A finished work with its files."""

from tests.generations.sharing.fixtures import make_work, work

__all__ = ["make_work", "work"]

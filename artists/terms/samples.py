"""Texts to begin with: samples of ours, to be rewritten by the programme's own lawyers."""

from pathlib import Path

TEXTS = Path(__file__).with_name("texts")


def sample(kind: str) -> str:
    """Return the sample of a kind of terms, as Markdown."""
    return (TEXTS / f"{kind}.md").read_text(encoding="utf-8")

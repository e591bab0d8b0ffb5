"""Who and what is in the picture: things that move by themselves, and things that stand."""

"""When enough is enough."""

ENOUGH_TRIES = 3  # a deadline that passed while we were away ends nothing before it was tried

"""Who may look at what is to be reviewed."""

from artists.access.guards import with_permission

reviewers_only = with_permission("generations.review_submission")

from portal.celery import app as celery_app

__all__ = ["celery_app"]

VERSION = "0.5"  # of Greenroom; a backup names the one that made it

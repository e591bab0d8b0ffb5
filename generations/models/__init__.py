from generations.models.appeal import Appeal
from generations.models.archive import Archive
from generations.models.attempt import Attempt
from generations.models.callback import Callback
from generations.models.decision import Decision, Ground
from generations.models.files_check import FilesCheck
from generations.models.generation import Generation, Move
from generations.models.idempotency import IdempotencyKey
from generations.models.opinion import Opinion
from generations.models.portfolio import Portfolio
from generations.models.removal_notice import RemovalNotice
from generations.models.render import MarkStyle, Render, Rendition
from generations.models.reply_template import ReplyTemplate
from generations.models.report import Report
from generations.models.review import Review
from generations.models.share import Share
from generations.models.signed_copy import SignedCopy
from generations.models.submission import Submission
from generations.models.submission_set import SubmissionSet
from generations.models.turn import Turn
from generations.models.video_model import Rate, VideoModel
from generations.models.view_count import ViewCount
from generations.models.webhook import WebhookDelivery, WebhookEndpoint

__all__ = [
    "Appeal",
    "Archive",
    "Attempt",
    "Callback",
    "Decision",
    "FilesCheck",
    "Generation",
    "Ground",
    "IdempotencyKey",
    "MarkStyle",
    "Move",
    "Opinion",
    "Portfolio",
    "Rate",
    "RemovalNotice",
    "Render",
    "Rendition",
    "ReplyTemplate",
    "Report",
    "Review",
    "Share",
    "SignedCopy",
    "Submission",
    "SubmissionSet",
    "Turn",
    "VideoModel",
    "ViewCount",
    "WebhookDelivery",
    "WebhookEndpoint",
]

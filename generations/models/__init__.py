from generations.models.apology import Apology
from generations.models.appeal import Appeal
from generations.models.appeal_message import AppealLetter, AppealMessage
from generations.models.archive import Archive
from generations.models.attempt import Attempt
from generations.models.callback import Callback
from generations.models.check import Check, FramesDue
from generations.models.check_rule import CheckRule, RuleList
from generations.models.decision import Decision, Ground
from generations.models.escalation import Escalation, EscalationLetter
from generations.models.files_check import FilesCheck
from generations.models.generation import Generation, Move
from generations.models.idempotency import IdempotencyKey
from generations.models.note import Note
from generations.models.opinion import Opinion
from generations.models.promise import Promise
from generations.models.refused_prompt import RefusedPrompt
from generations.models.removal_notice import RemovalNotice
from generations.models.render import MarkStyle, Render, Rendition
from generations.models.reply_template import ReplyTemplate
from generations.models.report import Report
from generations.models.review import Review
from generations.models.review_month import ReviewMonth
from generations.models.reviewer_preferences import ReviewerPreferences
from generations.models.saved_view import SavedView
from generations.models.share import Share
from generations.models.signed_copy import SignedCopy
from generations.models.submission import Submission
from generations.models.submission_set import SubmissionSet
from generations.models.tally import Tally
from generations.models.threshold import Threshold
from generations.models.turn import Turn
from generations.models.video_model import Rate, VideoModel
from generations.models.webhook import WebhookDelivery, WebhookEndpoint

__all__ = [
    "Apology",
    "Appeal",
    "AppealLetter",
    "AppealMessage",
    "Archive",
    "Attempt",
    "Callback",
    "Check",
    "CheckRule",
    "Decision",
    "Escalation",
    "EscalationLetter",
    "FilesCheck",
    "FramesDue",
    "Generation",
    "Ground",
    "IdempotencyKey",
    "MarkStyle",
    "Move",
    "Note",
    "Opinion",
    "Promise",
    "Rate",
    "RefusedPrompt",
    "RemovalNotice",
    "Render",
    "Rendition",
    "ReplyTemplate",
    "Report",
    "Review",
    "ReviewMonth",
    "ReviewerPreferences",
    "RuleList",
    "SavedView",
    "Share",
    "SignedCopy",
    "Submission",
    "SubmissionSet",
    "Tally",
    "Threshold",
    "Turn",
    "VideoModel",
    "WebhookDelivery",
    "WebhookEndpoint",
]

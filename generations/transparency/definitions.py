"""What each public figure means: generations/promise/months.py counts by these words."""

from typing import NamedTuple


class Definition(NamedTuple):
    figure: str
    meaning: str


DEFINITIONS = (
    Definition(
        "Time to decision",
        "From the submission to its decision, in hours and days of the calendar, nights and "
        "weekends included. Half of a month’s decisions took no longer than the first number "
        "(the median), nine of ten no longer than the second. A submission counts in the month "
        "of its decision; one that was taken back counts nowhere.",
    ),
    Definition(
        "On time",
        "Of all submissions whose due date lay in the month, the share that was decided by it. "
        "The due date is the first one that was promised: a new date after an apology helps "
        "nothing here, and neither does it that something is still open. What its artist took "
        "back before the date does not count. In the month that is running, dates to come don’t.",
    ),
    Definition(
        "Approved",
        "Of the month’s decisions, the share that approved, by somebody or by silence. Each "
        "decision counts as it was made, whatever an appeal made of it later.",
    ),
    Definition(
        "By silence",
        "Approvals that came by themselves because the date had passed without a decision, where "
        "the promise says so.",
    ),
    Definition(
        "Grounds",
        "What the month’s rejections and requests for changes rested on: each has one ground of "
        "the published list.",
    ),
    Definition(
        "Overturned",
        "Of the appeals that were decided in the month, the share that overturned what had been "
        "decided first.",
    ),
)

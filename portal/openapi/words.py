"""What the API says of itself before its endpoints: one text, and a line for each group of them."""

DESCRIPTION = """\
`/v1` makes videos, in the shape of the OpenAI Videos API, so that its clients work unchanged. \
`/api` is everything else that a program of an artist's learns and does.

A program sees what is its artist's and nothing of anybody else: what is another's is not found \
(404). Times are whole seconds since 1970. Every answer has an `x-request-id`, for a question \
about it. Lists begin `after` the `last_id` of the page before.

While something is paused for you, nothing new is made (403, `paused`); what you have you still \
see and take, unless the pause says otherwise. The same holds while terms wait for your answer \
(403, `terms_not_accepted`) and once a membership has ended (403, `membership_ended`)."""

TAGS = {
    "videos": "Make videos, see how they stand, and download them.",
    "models": "What a video can be made with, and what it costs.",
    "quota": "Every limit before it bites.",
    "webhooks": "Addresses of yours that hear how a video ended.",
    "account": "Who you are to the portal.",
    "tokens": "What acts in your name, and how to stop it. None of these answers holds a secret, "
    "and no token makes or changes a token.",
    "terms": "What you agreed to. To read, that is: the yes is yours alone.",
    "submissions": "Ask that a finished video may be shared, say how its public page is shown, "
    "and appeal.",
    "refused prompts": "What the checks refused before it cost anything, and appeals.",
    "exports": "Take everything of yours in one archive.",
}

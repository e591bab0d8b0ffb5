"""Refusals of a prompt by the checks, and of a change to them."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.urls import reverse

from generations.links import absolute
from portal.errors import PortalError

if TYPE_CHECKING:
    from generations.models import RefusedPrompt


class PromptRefused(PortalError):
    """The programme does not send this prompt; `refused` is the row that says why."""

    code = "prompt_refused"
    in_form = "This prompt was refused, before it cost anything."
    status = HTTPStatus.BAD_REQUEST
    field = "prompt"

    def __init__(self, refused: "RefusedPrompt") -> None:
        page = absolute(reverse("generations:refused_prompt", args=[refused.pk]))
        super().__init__(
            f"This prompt was refused by a rule of the programme: {refused.by}. The ground is "
            f"“{refused.ground}”. Nothing was held or spent. If you think that this is wrong, say "
            f"so on {page}, and a person decides."
        )
        self.refused = refused
        self.told = {"ground": refused.ground.code, "refused_prompt": str(refused.pk)}


class RuleChangedMeanwhile(PortalError):
    code = "rule_changed"
    message = "Somebody has changed or retired this rule meanwhile. Look at it again first."


class TooManyRules(PortalError):
    code = "too_many_rules"
    message = "So many rules are in force already that each prompt would wait for them."

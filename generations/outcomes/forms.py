from django import forms


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="What you have seen",
        max_length=300,
        help_text="For the audit trail: the provider's console, its bill, its answer to you.",
        error_messages={"required": "Say how you know."},
    )


class JobForm(ReasonForm):
    job_id = forms.CharField(
        label="The provider's job id",
        max_length=1024,
        error_messages={"required": "Give the id that the provider's console shows."},
    )
    field_order = ["job_id", "reason"]

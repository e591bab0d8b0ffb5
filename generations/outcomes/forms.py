from django import forms

from generations.providers.reading import job_id as read_job_id


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="What you have seen",
        max_length=300,
        help_text="For the audit trail: the provider's console, its bill, its answer to you.",
    )


class JobForm(ReasonForm):
    job_id = forms.CharField(label="The provider's job id", max_length=1024)
    field_order = ["job_id", "reason"]

    def clean_job_id(self) -> str:
        job_id = read_job_id(self.cleaned_data["job_id"])
        if not job_id:
            raise forms.ValidationError("This cannot be a job id.")
        return job_id

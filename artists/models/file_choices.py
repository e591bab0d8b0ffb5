"""What an artist lets the files of their works say, signed, to whoever gets them."""

from django.db import models


class FileChoices(models.Model):
    """Choices on a file's Content Credentials: an artist's usual ones, or those for one file.

    All that is not chosen stays out of the file for good.
    """

    file_has_name = models.BooleanField(
        "Put my credit name into the file",
        default=False,
        help_text="Signed into it, and in every copy that keeps its Content Credentials.",
    )
    file_has_prompt = models.BooleanField(
        "Put the prompt into the file",
        default=False,
        help_text="Word for word. Without it the file holds a keyed hash, by which the programme "
        "alone can tell that a prompt is the one.",
    )
    file_allows_training = models.BooleanField(
        "Allow training and data mining",
        default=False,
        help_text="Else the file says that it may not be used to train models or be mined for "
        "data. It is a statement in a form that machines read; it stops nobody by force.",
    )

    class Meta:
        abstract = True

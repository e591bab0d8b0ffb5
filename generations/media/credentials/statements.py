"""What a file says of itself, as facts and as a C2PA manifest.

Standards: C2PA 2.2 (actions, v2 claims), CAWG metadata 1.1, CAWG training and data mining 1.1, IPTC
digital source types.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self

from django.conf import settings
from django.utils.crypto import salted_hmac

from artists.models.file_choices import FileChoices
from generations.models import Generation, Submission
from generations.models.video_model import SourceType

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINING_USES = ("cawg.ai_generative_training", "cawg.ai_training", "cawg.data_mining")
VERSION = "1"


@dataclass(frozen=True)
class Statement:
    """The facts. What an artist keeps out is None; times are UTC in ISO 8601, to the second."""

    programme: str
    video_model: str
    video_model_name: str
    source_type: str
    made_at: str
    prompt_hmac_sha256: str
    allows_training: bool
    credit_name: str | None = None
    prompt: str | None = None
    approved_at: str | None = None
    approved_sha256: str | None = None

    @classmethod
    def private(cls, generation: Generation) -> Self:
        """What a file says that its artist takes away: by their usual choices, no approval."""
        artist = generation.artist
        return cls._of(generation, choices=artist, credit_name=artist.credit_name)

    @classmethod
    def public(cls, submission: Submission, *, approved_at: datetime) -> Self:
        """What the public file says: by the choices for it, and that it was approved."""
        return cls._of(
            submission.generation,
            choices=submission,
            credit_name=submission.credit_name,
            approved_at=_moment(approved_at),
            approved_sha256=submission.rendition.sha256,
        )

    @classmethod
    def _of(
        cls,
        generation: Generation,
        *,
        choices: FileChoices,
        credit_name: str,
        approved_at: str | None = None,
        approved_sha256: str | None = None,
    ) -> Self:
        return cls(
            programme=settings.PROGRAMME_NAME,
            video_model=generation.video_model.title,
            video_model_name=generation.video_model.name,
            source_type=generation.video_model.source_type,
            made_at=_moment(generation.finished_at or generation.created_at),
            prompt_hmac_sha256=hash_prompt(generation.prompt),
            allows_training=choices.file_allows_training,
            credit_name=credit_name if choices.file_has_name else None,
            prompt=generation.prompt if choices.file_has_prompt else None,
            approved_at=approved_at,
            approved_sha256=approved_sha256,
        )

    @property
    def made(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @property
    def approved(self) -> datetime | None:
        return datetime.fromisoformat(self.approved_at) if self.approved_at else None

    @property
    def source_words(self) -> str:
        return SourceType(self.source_type).label

    def facts(self) -> dict[str, Any]:
        """The facts as JSON holds them, without what is kept out."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def definition(self) -> dict[str, Any]:
        """Return the manifest as the library takes it. All of it is the signer's own claim."""
        assertions = [
            _own("c2pa.actions.v2", {"actions": self._actions(), "allActionsIncluded": True}),
            _own("org.greenroom.generation", self._generation()),
            _own("cawg.training-mining", {"entries": self._training()}),
        ]
        if self.approved_at:
            approval = {
                "by": self.programme,
                "at": self.approved_at,
                "reviewed_sha256": self.approved_sha256,
            }
            assertions.append(_own("org.greenroom.approval", approval))
        if self.credit_name:
            dublin = {"dc": "http://purl.org/dc/elements/1.1/"}
            creator = {"@context": dublin, "dc:creator": [self.credit_name]}
            assertions.append(_own("cawg.metadata", creator))
        return {
            "claim_generator_info": [{"name": "Greenroom", "version": VERSION}],
            "title": f"{self.programme}, {self.video_model}",
            "assertions": assertions,
        }

    def _actions(self) -> list[dict[str, Any]]:
        created = {
            "action": "c2pa.created",
            "when": self.made_at,
            "digitalSourceType": SOURCE_TYPES + self.source_type,
            "softwareAgent": {"name": self.video_model},
        }
        if not self.approved_at:
            return [created]
        return [created, {"action": "c2pa.published", "when": self.approved_at}]

    def _generation(self) -> dict[str, Any]:
        said = {
            "programme": self.programme,
            "video_model": self.video_model_name,
            "made_at": self.made_at,
            "prompt_hmac_sha256": self.prompt_hmac_sha256,
        }
        return said | ({"prompt": self.prompt} if self.prompt else {})

    def _training(self) -> dict[str, Any]:
        use = "allowed" if self.allows_training else "notAllowed"
        return {name: {"use": use} for name in TRAINING_USES}


def hash_prompt(prompt: str) -> str:
    """A hash by which only the holder of the portal's secret key can try out prompts."""
    return salted_hmac("greenroom prompt", prompt, algorithm="sha256").hexdigest()


def _own(label: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"label": label, "data": data, "created": True}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

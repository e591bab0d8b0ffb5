"""Signed copies of share masters: one for the public, one for its artist to take away."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.core.files import File
from django.db import DatabaseError, transaction
from django.db.models import UUIDField
from django.http import Http404

from generations.media.credentials.errors import MasterMissing, NotSigned
from generations.media.credentials.signing import sign
from generations.media.credentials.statements import Statement
from generations.media.scratch import scratch_folder
from generations.media.storage import BLOCK_BYTES, discard, store
from generations.models import Decision, Generation, Rendition, SignedCopy, Submission
from portal import audit
from portal.errors import FilesAway
from portal.prepared import Arg, Select

FOLDER = "signed"

logger = logging.getLogger(__name__)

# Of a work there is one at most; what is large of it is for /verify/ alone.
_PRIVATE = Select(
    lambda: (
        SignedCopy.objects.private()
        .filter(generation=Arg("generation", UUIDField()))
        .defer("manifest", "prints")
    )
)


@contextmanager
def public_copy(submission: Submission, *, approved_at: datetime) -> Iterator[SignedCopy]:
    """Sign and store what the public will get, and yield its row, which is not saved yet.

    To be used outside a transaction, before the one that saves it: what goes wrong within the
    block leaves no file behind. Raises NotSigned, and FilesAway where the storage does not answer.
    """
    statement = Statement.public(submission, approved_at=approved_at)
    copy = _make(submission.rendition, statement)
    copy.submission = submission
    try:
        yield copy
    except BaseException:
        _discard_unless_kept(copy)
        raise


def private_copy(master: Rendition) -> SignedCopy:
    """Return the copy that the artist of a work takes away, signed now if that must be.

    It is kept and given again, the same bytes, until it would say something else: an approval
    is never in it. Raises NotSigned, MasterMissing, FilesAway.
    """
    generation = master.generation
    facts = Statement.private(generation).facts()
    kept = _PRIVATE.first(generation=generation.pk)
    if kept is not None and kept.says == facts:
        return kept
    made = _make(master, Statement.private(generation))
    try:
        standing = _keep(made, instead_of=kept)
    except BaseException:
        _discard_unless_kept(made)
        raise
    if standing is not made:
        _discard_unless_kept(made)
    return standing


@contextmanager
def signed_once(master: Rendition) -> Iterator[File]:
    """Sign what an artist takes away with all their works, and give it until the block ends.

    Nothing of it is kept. Raises NotSigned, MasterMissing, FilesAway.
    """
    with scratch_folder() as folder:
        source, signed = folder / "master.mp4", folder / "signed.mp4"
        _copy_exactly(master, source)
        sign(source, signed, Statement.private(master.generation).definition())
        with signed.open("rb") as opened:
            yield File(opened, name=signed.name)


def replace_public(standing: SignedCopy) -> None:
    """Sign a public file anew, by what its submission says now, in the place of the one before.

    The pictures are the same, and so is the approval: it names the new file from the same moment
    on, and the audit trail has both hashes. Of two that do it at once the first does. Raises
    NotSigned, MasterMissing, FilesAway, and Http404 where the work was removed meanwhile.
    """
    submission = standing.submission
    if submission is None:
        raise ValueError("a private copy is not public")
    approved_at = Statement(**standing.says).approved or standing.created_at
    with public_copy(submission, approved_at=approved_at) as copy:
        copy.video_sha256, copy.prints = standing.video_sha256, standing.prints
        if not _replace(standing, copy, of=submission):
            _discard_unless_kept(copy)


def delete_copies(generation: Generation, *, but: SignedCopy | None = None) -> None:
    """Delete the signed files of a work, perhaps but one, and then what was kept of them."""
    copies = [copy for copy in generation.signed_copies.all() if copy != but]
    discard(copy.file for copy in copies)
    SignedCopy.objects.filter(pk__in=[copy.pk for copy in copies]).delete()


@transaction.atomic
def _replace(standing: SignedCopy, copy: SignedCopy, *, of: Submission) -> bool:
    """Let a public copy and its approval name the new file; False if another has done so.

    Raises Http404 where the work was removed meanwhile.
    """
    _lock_work(copy.generation_id)
    deleted, _ = SignedCopy.objects.filter(pk=standing.pk).delete()
    if not deleted:
        return False
    copy.save(force_insert=True)
    of.save(update_fields=["file_has_prompt"])  # where the artist has changed their mind
    of_before = Decision.objects.filter(submission=of, public_sha256=standing.sha256)
    of_before.update(public_sha256=copy.sha256)
    facts = {"before": standing.sha256, "after": copy.sha256}
    audit.record("share.signed_anew", actor=None, subject=of, facts=facts)
    transaction.on_commit(lambda: discard([standing.file]), robust=True)
    return True


def _discard_unless_kept(copy: SignedCopy) -> None:
    """Delete a file that no row came to name; where that is not known, the tidying finds it.

    An error may come after the row stands: of a message, say, that no broker took.
    """
    with suppress(OSError, DatabaseError):
        if not SignedCopy.objects.filter(pk=copy.pk).exists():
            discard([copy.file])


def _make(master: Rendition, statement: Statement) -> SignedCopy:
    """Sign exactly the bytes that the row of the master names, and store the result."""
    with scratch_folder() as folder:
        source, signed = folder / "master.mp4", folder / "signed.mp4"
        _copy_exactly(master, source)
        manifest, identity = sign(source, signed, statement.definition())
        with signed.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size_bytes = signed.stat().st_size
        try:
            name = store(signed, folder=FOLDER, generation_id=master.generation_id, kind="signed")
        except FilesAway:
            raise
        except OSError as exc:
            logger.critical("a signed file cannot be kept: %s", exc)
            raise NotSigned from exc
    return SignedCopy(
        generation_id=master.generation_id,
        file=name,
        content_type=master.content_type,
        size_bytes=size_bytes,
        sha256=sha256,
        says=statement.facts(),
        manifest=manifest,
        signed_by=identity.subject[:500],
        certificate_sha256=identity.sha256,
    )


def _copy_exactly(master: Rendition, to: Path) -> None:
    """Copy a master to this disk.

    Raises NotSigned where its bytes are not those of its hash, and MasterMissing.
    """
    digest = hashlib.sha256()
    try:
        with master.file.storage.open(str(master.file.name), "rb") as stored, to.open("xb") as here:
            while block := stored.read(BLOCK_BYTES):
                digest.update(block)
                here.write(block)
    except FilesAway:
        raise
    except (FileNotFoundError, ValueError) as exc:
        logger.exception("the file %s is missing from storage", master)
        raise MasterMissing from exc
    except OSError as exc:
        logger.critical("%s cannot be copied to be signed: %s", master, exc)
        raise NotSigned from exc
    if digest.hexdigest() != master.sha256:
        logger.critical("%s does not hold the bytes that its row names", master)
        raise NotSigned


@transaction.atomic
def _keep(made: SignedCopy, *, instead_of: SignedCopy | None) -> SignedCopy:
    """Put a private copy in the place of the one before; of two made at once the first is kept.

    Raises Http404 where the work was removed meanwhile.
    """
    _lock_work(made.generation_id)
    kept = SignedCopy.objects.private().filter(generation=made.generation_id).first()
    if kept is not None and (instead_of is None or kept.pk != instead_of.pk):
        return kept
    if kept is not None:
        outdated = kept.file
        kept.delete()
        transaction.on_commit(lambda: discard([outdated]), robust=True)  # or else the tidying
    made.save(force_insert=True)
    return made


def _lock_work(generation_id: UUID) -> None:
    """Hold off who removes a work, whose files are then deleted once and for all.

    Raises Http404 where it was removed before.
    """
    there = Generation.objects.select_for_update(no_key=True).filter(removed_at=None)
    if not there.filter(pk=generation_id).exists():
        raise Http404

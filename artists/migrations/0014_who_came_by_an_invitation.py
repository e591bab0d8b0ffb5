"""Keep who came by which invitation in rows of their own: a link may work more than once."""

from django.db import migrations


def write_redemptions(apps, schema_editor):
    alias = schema_editor.connection.alias
    invitations = apps.get_model('artists', 'Invitation').objects.using(alias)
    redemptions = apps.get_model('artists', 'Redemption').objects.using(alias)
    for invitation in invitations.filter(redeemed_by__isnull=False):
        used = redemptions.create(invitation=invitation, artist_id=invitation.redeemed_by_id)
        redemptions.filter(pk=used.pk).update(at=invitation.redeemed_at)
        invitations.filter(pk=invitation.pk).update(uses=1)


def write_them_back(apps, schema_editor):
    alias = schema_editor.connection.alias
    invitations = apps.get_model('artists', 'Invitation').objects.using(alias)
    redemptions = apps.get_model('artists', 'Redemption').objects.using(alias)
    for used in redemptions.filter(invitation__max_uses=1):
        invitations.filter(pk=used.invitation_id).update(
            redeemed_by=used.artist_id, redeemed_at=used.at
        )


class Migration(migrations.Migration):

    dependencies = [
        ('artists', '0013_admissions'),
    ]

    operations = [
        migrations.RunPython(write_redemptions, write_them_back),
    ]

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('artists', '0014_who_came_by_an_invitation'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='invitation',
            name='invitation_is_redeemed_by_somebody',
        ),
        migrations.RemoveField(
            model_name='invitation',
            name='redeemed_by',
        ),
        migrations.RemoveField(
            model_name='invitation',
            name='redeemed_at',
        ),
    ]

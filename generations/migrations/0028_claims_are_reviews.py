from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('generations', '0027_reviews_of_submissions'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='submission',
            name='submission_is_never_claimed_by_its_artist',
        ),
        migrations.RemoveConstraint(
            model_name='submission',
            name='submission_claim_has_holder_and_end',
        ),
        migrations.RemoveConstraint(
            model_name='submission',
            name='submission_is_decided_by_somebody',
        ),
        migrations.RemoveConstraint(
            model_name='submission',
            name='submission_end_has_a_time',
        ),
        migrations.RemoveField(
            model_name='submission',
            name='claim_expires_at',
        ),
        migrations.RemoveField(
            model_name='submission',
            name='claimed_by',
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('status', 'waiting')), models.Q(models.Q(('status', 'waiting'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='submission_end_has_a_time'),
        ),
    ]

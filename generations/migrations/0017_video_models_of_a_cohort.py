from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('artists', '0015_invitations_without_redeemer'),
        ('generations', '0016_archives'),
    ]

    operations = [
        migrations.AddField(
            model_name='videomodel',
            name='cohorts',
            field=models.ManyToManyField(blank=True, help_text='The cohorts that chose it. One that chose none may use all.', related_name='video_models', to='artists.cohort'),
        ),
    ]

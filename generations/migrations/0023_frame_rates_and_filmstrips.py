from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('generations', '0022_submitted_works_are_kept'),
    ]

    operations = [
        migrations.AddField(
            model_name='rendition',
            name='frame_rate',
            field=models.CharField(help_text='Frames a second as a fraction, 24000/1001; null where no frame can be counted.', max_length=24, null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='filmstrip_sha256',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
    ]

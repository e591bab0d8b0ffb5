from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("generations", "0034_dates_that_pass"),
    ]

    operations = [
        migrations.CreateModel(
            name='ReviewMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='Its first day.', unique=True)),
                ('counted_at', models.DateTimeField()),
                ('approved', models.PositiveIntegerField(default=0, help_text='By somebody.')),
                ('by_silence', models.PositiveIntegerField(default=0)),
                ('changes_asked', models.PositiveIntegerField(default=0)),
                ('rejected', models.PositiveIntegerField(default=0)),
                ('half_seconds', models.PositiveBigIntegerField(help_text='Half took no longer.', null=True)),
                ('most_seconds', models.PositiveBigIntegerField(help_text='Nor did nine of ten.', null=True)),
                ('due', models.PositiveIntegerField(default=0)),
                ('on_time', models.PositiveIntegerField(default=0)),
                ('appeals', models.PositiveIntegerField(default=0, help_text='That were decided.')),
                ('overturned', models.PositiveIntegerField(default=0)),
                ('grounds', models.JSONField(default=dict, help_text='Refusals and requests by code of ground.')),
            ],
            options={
                'ordering': ['-month'],
            },
        ),
        migrations.AddConstraint(
            model_name='reviewmonth',
            constraint=models.CheckConstraint(condition=models.Q(('on_time__lte', models.F('due')), ('overturned__lte', models.F('appeals'))), name='review_month_counts_parts_within_wholes'),
        ),
    ]

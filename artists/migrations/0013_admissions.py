import django.db.models.deletion
import django.utils.timezone
import portal.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('artists', '0012_departures'),
    ]

    operations = [
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.UUIDField(default=portal.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('received', 'Received'), ('waitlisted', 'On the waiting list'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='received', max_length=10)),
                ('link_nonce', models.CharField(max_length=32)),
                ('secret_sha256', models.CharField(max_length=64, unique=True)),
                ('form_nonce', models.UUIDField(help_text='One form that is sent twice is one.', unique=True)),
                ('name', models.CharField(max_length=120)),
                ('email', models.EmailField(max_length=254)),
                ('country', models.CharField(max_length=80)),
                ('time_zone', models.CharField(max_length=64)),
                ('disciplines', models.CharField(max_length=200)),
                ('statement', models.TextField(max_length=4000)),
                ('would_make', models.TextField(max_length=4000)),
                ('heard_from', models.CharField(blank=True, max_length=300)),
                ('email_key', models.CharField(db_index=True, max_length=254)),
                ('name_key', models.CharField(db_index=True, max_length=240)),
                ('network', models.CharField(blank=True, db_index=True, max_length=49)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'permissions': [('read_application', 'Can read and score applications'), ('decide_application', 'Can accept, wait-list and decline applications')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', 'Application received'), ('accepted', 'Application accepted'), ('waitlisted', 'Application on the waiting list'), ('declined', 'Application declined'), ('invitation', 'Invitation')], max_length=12)),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sending_until', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='LetterTemplate',
            fields=[
                ('kind', models.CharField(choices=[('received', 'Application received'), ('accepted', 'Application accepted'), ('waitlisted', 'Application on the waiting list'), ('declined', 'Application declined'), ('invitation', 'Invitation')], max_length=12, primary_key=True, serialize=False)),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField(max_length=5000)),
                ('changed_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='PortfolioLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.URLField(max_length=500)),
                ('key', models.CharField(db_index=True, max_length=500)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Redemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('places', models.PositiveIntegerField()),
                ('taken', models.PositiveIntegerField(default=0, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-opens_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('criterion', models.CharField(choices=[('craft', 'Craft'), ('voice', 'A voice of their own'), ('idea', 'What they would make'), ('reach', 'What early access would change')], max_length=10)),
                ('points', models.PositiveSmallIntegerField()),
                ('comment', models.CharField(blank=True, max_length=1000)),
                ('at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.AddField(
            model_name='cohort',
            name='ends_on',
            field=models.DateField(blank=True, help_text='The last day on which its artists make clips.', null=True),
        ),
        migrations.AddField(
            model_name='cohort',
            name='places',
            field=models.PositiveIntegerField(blank=True, help_text='How many artists it takes. Empty: as many as come.', null=True),
        ),
        migrations.AddField(
            model_name='cohort',
            name='starts_on',
            field=models.DateField(blank=True, help_text='Empty: it has begun.', null=True),
        ),
        migrations.AddField(
            model_name='invitation',
            name='link_nonce',
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name='invitation',
            name='max_uses',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='invitation',
            name='revoked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='invitation',
            name='uses',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='invitation',
            name='email',
            field=models.EmailField(blank=True, db_index=True, max_length=254),
        ),
        migrations.AddConstraint(
            model_name='cohort',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='cohort_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('uses__lte', models.F('max_uses'))), name='invitation_is_used_within_its_limit'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('email', ''), ('max_uses', 1), _connector='OR'), name='invitation_of_an_address_works_once'),
        ),
        migrations.AddField(
            model_name='application',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='application',
            name='invitation',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='application', to='artists.invitation'),
        ),
        migrations.AddField(
            model_name='letter',
            name='application',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='artists.application'),
        ),
        migrations.AddField(
            model_name='letter',
            name='invitation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='artists.invitation'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='portfoliolink',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='artists.application'),
        ),
        migrations.AddField(
            model_name='redemption',
            name='artist',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='redemption', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='redemption',
            name='invitation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redemptions', to='artists.invitation'),
        ),
        migrations.AddField(
            model_name='round',
            name='cohort',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='artists.cohort'),
        ),
        migrations.AddField(
            model_name='application',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='artists.round'),
        ),
        migrations.AddField(
            model_name='score',
            name='application',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='artists.application'),
        ),
        migrations.AddField(
            model_name='score',
            name='reader',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('sent_at', None)), fields=['written_at'], name='letter_unsent'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('application__isnull', False), ('invitation__isnull', False), _connector='OR'), name='letter_is_about_something'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('taken__lte', models.F('places'))), name='round_takes_no_more_than_its_places'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='round_closes_after_it_opens'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['round', 'state', 'id'], name='application_queue'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'accepted'), _negated=True), ('invitation__isnull', False), _connector='OR'), name='application_accepted_has_invitation'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.UniqueConstraint(fields=('application', 'reader', 'criterion'), name='score_is_one_a_criterion'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.CheckConstraint(condition=models.Q(('points__range', (1, 5))), name='score_is_from_one_to_five'),
        ),
    ]

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('artists', '0004_limits_granted_before'),
    ]

    operations = [
        migrations.RemoveConstraint('window', 'window_holds_its_ceiling'),
        migrations.RemoveConstraint('limit', 'limit_has_one_scope'),
        migrations.RemoveConstraint('limit', 'limit_is_one_a_period_for_the_programme'),
        migrations.RenameField('limit', 'credits', 'ceiling'),
        migrations.RenameField('window', 'credits', 'ceiling'),
        migrations.RenameField('ledgerentry', 'credits', 'ceiling'),
        migrations.CreateModel(
            name='LedgerCheck',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(null=True)),
                ('windows', models.PositiveIntegerField(default=0)),
                ('wrong', models.PositiveIntegerField(default=0, help_text='How many places do not add up.')),
                ('sentences', models.JSONField(default=list, help_text='The first of them, in words.')),
                ('told', models.JSONField(default=list, help_text='Keys of those a letter was sent about.')),
            ],
        ),
        migrations.CreateModel(
            name='Raise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('extra', models.PositiveBigIntegerField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(help_text='When it was ended before its time.', null=True)),
            ],
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='by',
            field=models.ForeignKey(help_text='Who granted or adjusted. Empty: the system, or somebody at the command line.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='limit_became',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='limit_was',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='reason',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='undoes',
            field=models.OneToOneField(help_text='Once each.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='artists.ledgerentry'),
        ),
        migrations.AddField(
            model_name='limit',
            name='token',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='limits', to='artists.token'),
        ),
        migrations.AddField(
            model_name='limit',
            name='unit',
            field=models.CharField(choices=[('credits', 'Credits'), ('money', 'Money')], default='credits', max_length=7),
        ),
        migrations.AddField(
            model_name='reservation',
            name='cost',
            field=models.PositiveBigIntegerField(help_text='What the provider says that it billed. Empty: it said nothing.', null=True),
        ),
        migrations.AddField(
            model_name='reservation',
            name='money',
            field=models.PositiveBigIntegerField(help_text='What the provider is expected to bill. Empty: its price is not known.', null=True),
        ),
        migrations.AddField(
            model_name='reservation',
            name='settled_money',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='window',
            name='ceiling_until',
            field=models.DateTimeField(help_text='When a raise begins or ends next. Empty: none is known.', null=True),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='ceiling',
            field=models.BigIntegerField(default=0, help_text='Change of the ceiling.'),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='held',
            field=models.BigIntegerField(default=0, help_text='Change of what is held.'),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='spent',
            field=models.BigIntegerField(default=0, help_text='Change of what is spent.'),
        ),
        migrations.AlterField(
            model_name='limit',
            name='ceiling',
            field=models.PositiveBigIntegerField(help_text='In its unit, without any raise.'),
        ),
        migrations.AlterField(
            model_name='window',
            name='ceiling',
            field=models.PositiveBigIntegerField(),
        ),
        migrations.AlterField(
            model_name='window',
            name='held',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='window',
            name='spent',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(condition=models.Q(('reason', ''), _negated=True), fields=['window', '-id'], name='ledger_entry_with_reason'),
        ),
        migrations.AddIndex(
            model_name='reservation',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['closed_at'], name='reservation_closed'),
        ),
        migrations.AddIndex(
            model_name='reservation',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['artist', 'closed_at'], name='reservation_closed_of_artist'),
        ),
        migrations.AddIndex(
            model_name='window',
            index=models.Index(condition=models.Q(('ceiling_until__isnull', False)), fields=['ceiling_until'], name='window_ceiling_until'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('by', None), models.Q(('kind__in', ['grant', 'adjust']), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='ledger_entry_by_somebody_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='limit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('artist', None), ('cohort', None)), models.Q(('cohort', None), ('token', None)), models.Q(('artist', None), ('token', None)), _connector='OR'), name='limit_has_one_scope'),
        ),
        migrations.AddConstraint(
            model_name='limit',
            constraint=models.CheckConstraint(condition=models.Q(('unit', 'credits'), models.Q(('period', 'month'), ('unit', 'money'), ('artist', None), ('cohort', None), ('token', None)), _connector='OR'), name='limit_in_money_is_the_programmes_a_month'),
        ),
        migrations.AddConstraint(
            model_name='limit',
            constraint=models.UniqueConstraint(condition=models.Q(('artist', None), ('cohort', None), ('token', None)), fields=('period', 'unit'), name='limit_is_one_a_period_for_the_programme'),
        ),
        migrations.AddConstraint(
            model_name='limit',
            constraint=models.UniqueConstraint(fields=('token', 'period'), name='limit_is_one_a_period_for_a_token'),
        ),
        migrations.AddConstraint(
            model_name='reservation',
            constraint=models.CheckConstraint(condition=models.Q(('settled_money', 0), models.Q(('money__isnull', False), ('settled_money__lte', models.F('money'))), _connector='OR'), name='reservation_settles_money_within_its_hold'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.CheckConstraint(condition=models.Q(('ceiling__gte', django.db.models.expressions.CombinedExpression(models.F('held'), '+', models.F('spent')))), name='window_holds_its_ceiling'),
        ),
        migrations.AddConstraint(
            model_name='ledgercheck',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='ledger_check_is_one_row'),
        ),
        migrations.AddField(
            model_name='raise',
            name='by',
            field=models.ForeignKey(help_text='Empty: somebody at the command line.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='raise',
            name='limit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='raises', to='artists.limit'),
        ),
        migrations.AddConstraint(
            model_name='raise',
            constraint=models.CheckConstraint(condition=models.Q(('extra__gt', 0)), name='raise_adds_something'),
        ),
        migrations.AddConstraint(
            model_name='raise',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='raise_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='raise',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='raise_has_a_reason'),
        ),
    ]

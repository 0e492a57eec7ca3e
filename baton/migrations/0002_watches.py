import baton.kernel.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('baton', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Use',
            fields=[
                ('id', models.UUIDField(default=baton.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('used_in', models.CharField(max_length=20)),
                ('used_in_id', models.UUIDField()),
                ('used_at', models.DateTimeField()),
                ('deal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='baton.deal')),
                ('fact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='baton.fact')),
                ('said_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('used_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['said_by', '-used_at'], name='use_of_member'), models.Index(fields=['used_in', 'used_in_id'], name='use_in')],
                'constraints': [models.UniqueConstraint(fields=('fact', 'used_in', 'used_in_id'), name='used_once')],
            },
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=5)),
                ('of', models.CharField(max_length=80)),
                ('since', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('deal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='baton.deal')),
            ],
            options={
                'base_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='watch_due')],
                'constraints': [models.UniqueConstraint(fields=('deal', 'kind', 'of'), name='watched_once')],
            },
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['thread', 'happened_at'], name='event_in_thread'),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("baton", "0004_capture")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("place", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("record_id", models.UUIDField(unique=True)),
                ("deal_id", models.UUIDField(null=True)),
                ("tokens", models.TextField(blank=True, default="")),
            ],
        ),
    ]

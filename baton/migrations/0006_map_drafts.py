"""Everybody may have one draft of the map."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("baton", "0005_search")]

    operations = [
        migrations.AlterModelOptions(name="mapdraft", options={"ordering": ["-changed_at"]}),
        migrations.AddField(
            model_name="mapdraft",
            name="note",
            field=models.CharField(blank=True, default="", max_length=400),
        ),
        migrations.AddConstraint(
            model_name="mapdraft",
            constraint=models.UniqueConstraint(fields=("changed_by",), name="one_draft_a_member"),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("baton", "0007_saved_views")]

    operations = [
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["status", "stage", "shown", "currency", "amount"], name="deal_sums"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                fields=[
                    "status", "id", "title_folded", "stage", "desk", "owner", "company", "contact", "shown", "amount",
                    "close_date", "next_step_at", "last_heard_at", "stage_since", "recorded_at", "service", "source",
                    "category", "next_step", "offered_to",
                ],
                name="deal_listed",
            ),
        ),
    ]

from django.db import migrations, models

ORDERS = {
    "title": "title_folded",
    "amount": "amount",
    "close": "close_date",
    "next_step": "next_step_at",
    "heard": "last_heard_at",
    "stage_since": "stage_since",
}


class Migration(migrations.Migration):
    dependencies = [("baton", "0009_deal_done")]

    operations = [
        migrations.RemoveIndex(model_name="deal", name="deal_by_stage"),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["stage", "-stage_since", "id", "status"], name="deal_on_board"),
        ),
        migrations.RemoveIndex(model_name="deal", name="deal_sums"),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["stage", "shown", "currency", "status", "amount"], name="deal_sums"),
        ),
        *[migrations.RemoveIndex(model_name="deal", name=f"deal_by_{name}") for name in ORDERS],
        *[
            migrations.AddIndex(
                model_name="deal", index=models.Index(fields=[column, "id", "status"], name=f"deal_along_{name}")
            )
            for name, column in ORDERS.items()
        ],
    ]

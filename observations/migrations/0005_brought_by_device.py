import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("observations", "0004_device"),
    ]

    operations = [
        migrations.AddField(
            model_name="observation",
            name="device",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="observations",
                to="observations.device",
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="device",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="observations.device",
            ),
        ),
        migrations.AddField(
            model_name="heldcopy",
            name="device",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="observations.device",
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="clock_skew",
            field=models.IntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="observation",
            index=models.Index(
                condition=models.Q(("device__isnull", False)),
                fields=["device"],
                name="observation_by_device",
            ),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                condition=models.Q(("device__isnull", False)),
                fields=["device"],
                name="revision_by_device",
            ),
        ),
    ]

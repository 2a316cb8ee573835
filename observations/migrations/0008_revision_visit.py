import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("observations", "0007_planned_visits"),
    ]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="visit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="revisions",
                to="observations.visit",
                to_field="uuid",
            ),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                condition=models.Q(("is_current", True), ("visit__isnull", False)),
                fields=["visit"],
                name="revision_current_by_visit",
            ),
        ),
    ]

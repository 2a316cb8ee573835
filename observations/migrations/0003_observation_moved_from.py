import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("observations", "0002_observer_exclusion"),
    ]

    operations = [
        migrations.AddField(
            model_name="observation",
            name="moved_from",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="moves",
                to="observations.observation",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("moved_from__isnull", False)),
                fields=("moved_from",),
                name="observation_moved_once",
            ),
        ),
    ]

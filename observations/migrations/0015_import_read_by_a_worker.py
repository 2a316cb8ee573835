from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0011_map_edit_tab"),
        ("observations", "0014_import_by_a_worker"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="importrun",
            name="import_dated_as_it_stands",
        ),
        migrations.RemoveConstraint(
            model_name="importrun",
            name="import_text_only_while_held",
        ),
        migrations.AddField(
            model_name="importrun",
            name="found",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="language",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name="importrun",
            name="read_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("reading", "being read"),
                    ("held", "to confirm"),
                    ("applying", "being imported"),
                    ("applied", "imported"),
                    ("undone", "undone"),
                ],
                default="held",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applied_at", None), ("state", "held")),
                    models.Q(
                        ("applied_at", None),
                        ("asked_at__isnull", False),
                        ("state__in", ("reading", "applying")),
                    ),
                    models.Q(
                        ("applied_at__isnull", False), ("state", "applied"), ("undone_at", None)
                    ),
                    models.Q(
                        ("applied_at__isnull", False),
                        ("state", "undone"),
                        ("undone_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="import_dated_as_it_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("reading", "held", "applying")),
                    models.Q(("content", ""), ("found__isnull", True)),
                    _connector="OR",
                ),
                name="import_text_only_while_held",
            ),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0007_documents"),
    ]

    operations = [
        migrations.CreateModel(
            name="Closure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_on", models.DateField(verbose_name="first day")),
                ("last_on", models.DateField(verbose_name="last day")),
                ("reason", models.CharField(max_length=120, verbose_name="reason")),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closures",
                        to="journeys.location",
                    ),
                ),
            ],
            options={
                "verbose_name": "closure",
                "verbose_name_plural": "closures",
                "ordering": ("first_on", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first_on__lte", models.F("last_on"))),
                        name="closure_ends_after_it_starts",
                        violation_error_message="The last day is before the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="closure_says_why"
                    ),
                    models.UniqueConstraint(
                        fields=("location", "first_on", "last_on"),
                        name="closure_once_on_these_days",
                        violation_error_message="This closure is there already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="day",
                    ),
                ),
                ("opens_at", models.TimeField(verbose_name="opens at")),
                ("closes_at", models.TimeField(verbose_name="closes at")),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opening_hours",
                        to="journeys.location",
                    ),
                ),
            ],
            options={
                "verbose_name": "opening hours",
                "verbose_name_plural": "opening hours",
                "ordering": ("weekday", "opens_at"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="opening_day_of_the_week"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opens_at__lt", models.F("closes_at"))),
                        name="opening_closes_after_it_opens",
                    ),
                    models.UniqueConstraint(
                        fields=("location", "weekday", "opens_at"), name="opening_once_at_that_hour"
                    ),
                ],
            },
        ),
    ]

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid6
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0008_opening_hours"),
        ("observations", "0006_draft"),
        ("scoring", "0002_moment_of_truth_needs_more"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="VisitAttachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("attached_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="VisitReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("due", "Ends soon"), ("missed", "Missed")], max_length=6
                    ),
                ),
                ("last_on", models.DateField()),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="VisitRules",
            fields=[
                (
                    "programme",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="visit_rules",
                        serialize=False,
                        to="journeys.programme",
                    ),
                ),
                (
                    "lockout_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="days between two mystery visits",
                    ),
                ),
                (
                    "remind_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="reminder, days before the end",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid6.uuid7, editable=False, unique=True)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("mystery_visit", "Mystery visit"),
                            ("shadowing", "Shadowing a customer"),
                            ("customer_visit", "Visit to a customer"),
                            ("call_listening", "Call listening"),
                            ("eye_tracking", "Eye tracking"),
                            ("video_diary", "Video diary"),
                            ("web_analytics", "Web analytics"),
                            ("email_reading", "E-mail reading"),
                            ("store_team", "Store team"),
                            ("verbatim", "Verbatim"),
                            ("social_listening", "Social listening"),
                            ("survey", "Survey"),
                        ],
                        max_length=20,
                        verbose_name="method",
                    ),
                ),
                ("observer", models.CharField(blank=True, max_length=40, verbose_name="observer")),
                ("first_on", models.DateField(verbose_name="first day")),
                ("last_on", models.DateField(verbose_name="last day")),
                (
                    "quota",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="observations wanted",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="note for the observer"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("cancelled_at", models.DateTimeField(editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="visits",
                        to="journeys.journey",
                        verbose_name="journey",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="visits",
                        to="journeys.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="journeys.programme",
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="visits",
                        to="journeys.wave",
                        verbose_name="wave",
                    ),
                ),
            ],
            options={
                "verbose_name": "planned visit",
                "verbose_name_plural": "planned visits",
                "ordering": ("last_on", "first_on", "pk"),
            },
        ),
        migrations.AddField(
            model_name="visitattachment",
            name="attached_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="visitattachment",
            name="observation",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attachment",
                to="observations.observation",
            ),
        ),
        migrations.AddField(
            model_name="visitattachment",
            name="visit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="attachments",
                to="observations.visit",
            ),
        ),
        migrations.AddField(
            model_name="visitreminder",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="visitreminder",
            name="visit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reminders",
                to="observations.visit",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("remind_days", None), ("remind_days__gte", 1), _connector="OR"),
                name="visit_rules_remind_before_the_end",
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["programme", "last_on"], name="visit_by_last_day"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("quota__gte", 1)), name="visit_wants_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_on__lte", models.F("last_on"))),
                name="visit_ends_after_it_starts",
                violation_error_message="The last day is before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at", None)),
                fields=("journey", "method", "location", "observer", "first_on", "last_on"),
                name="visit_planned_once",
                violation_error_message="The same visit is planned already: raise the number of observations there.",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitreminder",
            constraint=models.UniqueConstraint(
                fields=("visit", "person", "kind", "last_on"), name="visit_reminder_once"
            ),
        ),
    ]

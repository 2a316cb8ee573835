from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("actionplans", "0005_reasons_of_blocked_actions")]

    operations = [
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("blocked_on__isnull", False),
                        ("status", "blocked"),
                        models.Q(("blocked_reason", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("status", "blocked"), _negated=True),
                        ("blocked_on", None),
                        ("blocked_reason", ""),
                    ),
                    _connector="OR",
                ),
                name="action_blocked_for_a_reason",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0008_opening_hours"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="reach",
            field=models.JSONField(default=dict, editable=False),
        ),
    ]

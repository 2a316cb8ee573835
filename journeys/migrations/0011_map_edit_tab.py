"""Which of a person's open pages took a step, so that the others hear of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0010_document_origin_without_token")]

    operations = [
        migrations.AddField(
            model_name="mapedit",
            name="tab",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
    ]

from typing import Any

from django.db import migrations


def forget_tokens(apps: Any, _schema_editor: Any) -> None:
    """Documents of links kept the whole address; from their page, the list of maps is two up."""
    documents = apps.get_model("journeys", "Document").objects
    documents.filter(link__isnull=False).update(origin="../../")


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0009_document_reach"),
    ]

    operations = [migrations.RunPython(forget_tokens, migrations.RunPython.noop)]

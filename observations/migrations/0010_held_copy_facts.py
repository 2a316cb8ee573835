import json

from django.db import migrations

LIMITS = {"journey": 60, "location": 40, "observer": 40}


def _short(value, limit):
    storable = isinstance(value, str) and len(value) <= limit and "\x00" not in value
    return value if storable and not any("\ud800" <= one <= "\udfff" for one in value) else ""


def fill(apps, schema_editor):
    """Copies held before they could be filtered by what they name."""
    held = apps.get_model("observations", "HeldCopy")
    for copy in held.objects.only("document").iterator(chunk_size=500):
        document = json.loads(copy.document)
        facts = {name: _short(document.get(name), limit) for name, limit in LIMITS.items()}
        if any(facts.values()):
            held.objects.filter(pk=copy.pk).update(**facts)


class Migration(migrations.Migration):
    dependencies = [("observations", "0009_held_copy_decision")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

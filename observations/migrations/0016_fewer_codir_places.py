"""Places 4 and 5 of the executives' page were offered and never shown: they are given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def clear_places(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    definitions = apps.get_model("observations", "IndicatorDefinition").objects
    definitions.filter(codir_rank__gt=3).update(codir_rank=None)


class Migration(migrations.Migration):
    dependencies = [
        ("observations", "0015_import_read_by_a_worker"),
    ]

    operations = [
        migrations.RunPython(clear_places, migrations.RunPython.noop),
    ]

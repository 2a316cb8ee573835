"""What blocks an action was said in its history alone: it is copied from there."""

from typing import Any

from django.db import migrations


def copy_reasons(apps: Any, schema_editor: Any) -> None:
    Action = apps.get_model("actionplans", "Action")
    ActionUpdate = apps.get_model("actionplans", "ActionUpdate")
    for action in Action.objects.filter(status="blocked", blocked_on=None):
        said = ActionUpdate.objects.filter(action=action, status="blocked").order_by(
            "created_at", "pk"
        )
        first, last = said.first(), said.exclude(note="").last()
        action.blocked_reason = last.note[:300] if last else "\N{EM DASH}"
        action.blocked_on = (first.created_at if first else action.created_at).date()
        action.save(update_fields=["blocked_reason", "blocked_on"])


class Migration(migrations.Migration):
    dependencies = [("actionplans", "0004_parts_of_an_action")]

    operations = [migrations.RunPython(copy_reasons, migrations.RunPython.noop)]

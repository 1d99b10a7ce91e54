"""A queue for each kind that a version ever gave an actor; open tasks go back to the queue of their version."""

import json

from django.db import migrations


def separate(apps, schema_editor):
    versions = apps.get_model("catalogue", "ProcedureVersion").objects
    bindings = apps.get_model("catalogue", "ActorBinding").objects
    tasks = apps.get_model("engine", "Task").objects
    for version in versions.order_by("pk").iterator():
        for actor in json.loads(version.content)["actors"]:
            key = {"institution_id": version.institution_id, "slug": version.slug, "actor": actor["id"]}
            kind = actor.get("kind", "staff")
            queue = bindings.filter(**key, kind=kind).first()
            if queue is None:
                queue = bindings.create(**key, kind=kind, name=actor["name"])
                before = bindings.filter(**key).exclude(pk=queue.pk).first()
                if before is not None and kind != "customer":
                    queue.positions.set(before.positions.all())
            waiting = tasks.filter(case__procedure=version, status="open", actor=actor["id"])
            waiting.exclude(binding=queue).update(binding=queue)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_kind_of_a_queue"), ("engine", "0003_starting")]
    operations = [migrations.RunPython(separate, migrations.RunPython.noop)]

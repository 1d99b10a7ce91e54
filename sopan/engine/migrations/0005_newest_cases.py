from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engine", "0004_queues_of_their_version")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["institution", "-opened_at", "-id"], name="case_newest"),
        ),
    ]

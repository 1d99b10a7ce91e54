from django.db import migrations, models
from django.db.models.functions import Concat, Lower


class Migration(migrations.Migration):
    dependencies = [("engine", "0006_unblinding")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="case_newest"),
        migrations.AddField(
            model_name="case",
            name="sought",
            field=models.GeneratedField(
                db_persist=True,
                expression=Lower(Concat("number", models.Value(" "), "title", models.Value(" "), "subject")),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["institution", "-opened_at", "-id", "procedure", "sought"], name="case_newest_sought"
            ),
        ),
    ]

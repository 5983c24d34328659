"""The table behind Django's database cache, which counts sign-in attempts across processes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("record", "0001_first")]

    operations = [
        migrations.RunSQL(
            sql=[
                "create table winddown_cache (cache_key varchar(255) primary key, value text not null, expires timestamptz not null)",
                "create index winddown_cache_expires on winddown_cache (expires)",
            ],
            reverse_sql="drop table winddown_cache",
        )
    ]

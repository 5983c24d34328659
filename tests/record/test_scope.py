"""The wall between practices, seen through the application role."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tests import factories
from winddown.record import protection
from winddown.record.base import RowIsWrittenOnce
from winddown.record.models import AuditEntry, Patient, Staff
from winddown.record.scope import ScopeCrossed, ScopeMissing, at_practice


def test_the_tests_run_as_a_role_that_is_neither_superuser_nor_owner_nor_above_the_wall():
    with connection.cursor() as cursor:
        cursor.execute("select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user")
        assert cursor.fetchone() == ("winddown_app", False, False, False, False)
        cursor.execute(
            "select count(*) from pg_class where relkind = 'r' and relowner = (select oid from pg_roles where rolname = current_user)"
        )
        assert cursor.fetchone() == (0,)


def test_a_query_outside_a_practice_raises():
    with pytest.raises(ScopeMissing):
        Patient.objects.count()


def test_another_practice_sees_nothing_of_a_patient(urls, house):
    other = factories.house(urls)
    with at_practice(house.id):
        patient = factories.patient(house)
    with at_practice(other.id):
        assert not Patient.objects.filter(ref=patient.ref).exists()
        assert Staff.objects.filter(ref=house.nurse.ref).first() is None


def test_raw_sql_without_a_filter_sees_only_the_practice_it_is_in(urls, house):
    other = factories.house(urls)
    with at_practice(house.id):
        factories.patient(house)
    with at_practice(other.id), connection.cursor() as cursor:
        cursor.execute("select count(*) from record_patient")
        assert cursor.fetchone() == (0,)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select count(*) from record_patient")
        assert cursor.fetchone() == (0,)


# What is read before anybody has a practice: who signs in as staff, and a keyed digest of an address with its practice, no more.
BEFORE_THE_WALL = {"record_account", "record_owndoor"}


def test_every_scoped_table_is_behind_forced_row_level_security():
    tables = {model._meta.db_table for model in protection.scoped_models()}
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relrowsecurity and relforcerowsecurity")
        assert tables <= {row[0] for row in cursor.fetchall()}
        cursor.execute("select table_name from information_schema.columns where column_name = 'practice_id' and table_schema = 'public'")
        assert {row[0] for row in cursor.fetchall()} - BEFORE_THE_WALL == tables


def test_one_practice_cannot_be_entered_from_inside_another(urls, house):
    other = factories.house(urls)
    with at_practice(house.id), pytest.raises(ScopeCrossed), at_practice(other.id):
        pass


def test_a_row_cannot_point_across_the_wall(urls, house):
    other = factories.house(urls)
    with at_practice(other.id):
        foreign = factories.patient(other)
    with pytest.raises(DatabaseError), at_practice(house.id), connection.cursor() as cursor:
        cursor.execute(
            "insert into record_auditentry (practice_id, at, act, subject, words, patient_id) values (%s, now(), 'x', '', '', %s)",
            [house.id, foreign.pk],
        )


def test_written_rows_cannot_be_changed_or_deleted_by_the_application_role(house):
    with at_practice(house.id):
        entry = AuditEntry.objects.first()
        with pytest.raises(RowIsWrittenOnce):
            entry.save()
        with pytest.raises(RowIsWrittenOnce):
            entry.delete()
    for model in protection.scoped_models():
        for verb in ("delete from {}", "truncate {}"):
            with pytest.raises(DatabaseError, match="permission denied"), at_practice(house.id), connection.cursor() as cursor:
                cursor.execute(verb.format(model._meta.db_table))
        frozen = [f.column for f in model._meta.concrete_fields if f.name not in model.changes]
        for column in frozen:
            with pytest.raises(DatabaseError, match="permission denied"), at_practice(house.id), connection.cursor() as cursor:
                cursor.execute(f'update {model._meta.db_table} set "{column}" = "{column}"')


def test_the_device_role_cannot_read_names_consents_or_the_ledger(urls):
    with psycopg.connect(urls.device, autocommit=True) as link:
        for table in (
            "record_patient",
            "record_patientfact",
            "record_consent",
            "record_ledgerentry",
            "record_auditentry",
            "record_account",
            "django_session",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                link.execute(f"select 1 from {table}")

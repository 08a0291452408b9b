"""What Odoo leaves behind, or stumbles over, when it uninstalls an addon."""

from collections.abc import Iterator

from odoo.tools import SQL


def own_models(module: str) -> SQL:
    """Select (id, model) of the models only this addon defines."""
    return SQL(
        """
        SELECT id, model FROM ir_model
         WHERE id IN (SELECT res_id FROM ir_model_data
                       WHERE model = 'ir.model' AND module = %(module)s
                      EXCEPT
                      SELECT res_id FROM ir_model_data
                       WHERE model = 'ir.model' AND module != %(module)s)
        """,
        module=module,
    )


def foreign_keys(tables: list[str]) -> SQL:
    """Select (table, name) of the foreign keys in ``tables``."""
    return SQL(
        """
        SELECT r.relname, k.conname
          FROM pg_constraint k
          JOIN pg_class r ON r.oid = k.conrelid
         WHERE k.contype = 'f' AND r.relname = ANY(%s)
               AND r.relnamespace = current_schema::regnamespace
        """,
        tables,
    )


def drop_constraint(table: str, name: str) -> SQL:
    """Drop a constraint of a table."""
    return SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(name))


def remove_selections(names: list[str]) -> SQL:
    """Remove external ids of the options that the approval mixin brought into other models.

    Odoo removes the field with its options, but not the ids base_tier_validation got for them.

    :param names: models of other addons that the approval mixin extends
    """
    return SQL(
        """
        DELETE FROM ir_model_data
         WHERE model = 'ir.model.fields.selection' AND module = 'base_tier_validation'
               AND res_id IN (SELECT s.id
                                FROM ir_model_fields_selection s
                                JOIN ir_model_fields f ON f.id = s.field_id
                               WHERE f.model = ANY(%s) AND f.name = 'validation_status')
        """,
        names,
    )


def remove_traces(module: str, models: dict[int, str]) -> Iterator[SQL]:
    """Yield the statements that remove rows other models keep about the addon's ``models``.

    :param models: {id of ir.model: model name}
    """
    ids, names = list(models), list(models.values())
    yield SQL(
        """
        DELETE FROM mail_activity
         WHERE res_model = ANY(%s)
            OR activity_type_id IN (SELECT res_id FROM ir_model_data
                                     WHERE model = 'mail.activity.type' AND module = %s)
        """,
        names,
        module,
    )
    yield SQL("DELETE FROM tier_review WHERE model = ANY(%s)", names)
    # Approvals of documents of other addons by levels that go with this one.
    yield SQL(
        """
        DELETE FROM tier_review
         WHERE definition_id IN (SELECT res_id FROM ir_model_data
                                  WHERE model = 'tier.definition' AND module = %s)
        """,
        module,
    )
    yield SQL("DELETE FROM tier_definition WHERE model_id = ANY(%s)", ids)
    yield SQL("DELETE FROM ir_filters WHERE model_id = ANY(%s)", names)
    yield SQL("DELETE FROM ir_exports WHERE resource = ANY(%s)", names)
    yield SQL("DROP FUNCTION IF EXISTS customer_archive_access_append_only() CASCADE")
    # External ids other addons hold on what their mixins brought into our models.
    yield SQL(
        """
        DELETE FROM ir_model_data d
         WHERE d.module != %(module)s
           AND (d.model = 'ir.model.inherit'
                AND d.res_id IN (SELECT id FROM ir_model_inherit WHERE model_id = ANY(%(ids)s))
                OR d.model = 'ir.model.fields.selection'
                AND d.res_id IN (SELECT s.id
                                   FROM ir_model_fields_selection s
                                   JOIN ir_model_fields f ON f.id = s.field_id
                                  WHERE f.model_id = ANY(%(ids)s)))
        """,
        module=module,
        ids=ids,
    )

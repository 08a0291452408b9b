"""May this record move to that parent or company: every model, every link, every role."""

from contextlib import closing

import psycopg2

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.common.customer_named_mixin import DOCUMENTS
from ..common import GovernanceCase
from . import factories_collection
from .factories import FACTORIES
from .matrix import ROLES

REFUSED = (AccessError, MissingError, UserError, psycopg2.Error)
GUARD = "customer.guard.mixin"
# Documents of Odoo that our models link to.
DOCUMENTS_ABROAD = {
    "res.partner": lambda env, customer, company: customer,
    "account.move": factories_collection._move,
    "sale.order": lambda env, customer, company: env["sale.order"].create(
        {"partner_id": customer.id, "company_id": company.id}
    ),
    "crm.lead": lambda env, customer, company: env["crm.lead"].create(
        {"name": "Test", "partner_id": customer.id, "company_id": company.id}
    ),
}
# Who may write at all, without a role of ours, is the administrator.
WRITERS = [role for role in ROLES if role not in ("plain", "auditor")]


@tagged("post_install", "-at_install")
class TestMoves(GovernanceCase):
    """By itself for new models: what a role may write it may not move to where it has no rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: getattr(cls, f"user_{role}") for role in WRITERS}
        cls.models = [
            name
            for name, model in sorted(cls.env.registry.items())
            if model._original_module == "customer_governance"
            and not model._abstract
            and not model._transient
            and model._auto
        ]
        cls.abroad = cls._new_customer("Abroad", company_id=cls.other_company.id)

    def setUp(self):
        """What a test makes is gone after it."""
        super().setUp()
        self.made = {}

    def _record(self, name, foreign=False):
        """Return a record of the customer of `user_sales`, or one of the other company."""
        key = name, foreign
        if key not in self.made:
            place = (self.abroad, self.other_company) if foreign else (self.customer, self.company)
            self.made[key] = FACTORIES[name](self.env, *place)
        return self.made[key]

    def _links(self, name):
        """Yield (field, a record of the other company) for the links of a model that lead to one."""
        for field in self.env[name]._fields.values():
            if field.type != "many2one" or not field.store or field.name == "create_uid":
                continue
            if field.comodel_name in FACTORIES and field.comodel_name in self.models:
                target = self._record(field.comodel_name, foreign=True)
            elif field.comodel_name in DOCUMENTS_ABROAD:
                target = self._document_abroad(field.comodel_name)
            elif field.comodel_name == "res.company":
                target = self.other_company
            else:
                continue
            yield field, target

    def _document_abroad(self, name):
        """Return a document of Odoo of the other company."""
        if name not in self.made:
            made = DOCUMENTS_ABROAD[name](self.env, self.abroad, self.other_company)
            self.made[name] = made.with_env(self.env)
        return self.made[name]

    def _try(self, action):
        """Return what `action` returns and undo it, None where it is refused."""
        with closing(self.env.cr.savepoint()), mute_logger("odoo.sql_db"):
            try:
                result = action()
                self.env.flush_all()
            except REFUSED:
                result = None
            self.env.invalidate_all()
        return result

    def _attack(self, attempts):
        """Return (number of tries, words of those that got through)."""
        tries, through = 0, []
        for words, action in attempts:
            tries += 1
            if self._try(action):
                through.append(words)
        return tries, through

    def _writes(self):
        for name in self.models:
            record = self._record(name)
            links = list(self._links(name))
            for role, user in self.users.items():
                mine = record.with_user(user)
                if not mine.has_access("write"):
                    continue
                for field, target in links:
                    if target.with_user(user).has_access("read"):
                        continue
                    yield f"{role} writes {name}.{field.name}", self._writing(mine, field, target)

    def _writing(self, record, field, target):
        def write():
            record.write({field.name: target.id})
            self.env.flush_all()
            record.invalidate_recordset()
            return record.sudo()[field.name] == target

        return write

    def _creates(self):
        for name in self.models:
            record = self._record(name)
            links = list(self._links(name))
            if not any(
                self.env[name].with_user(u).has_access("create") for u in self.users.values()
            ):
                continue
            vals = record.with_context(active_test=False).copy_data()[0]
            vals = {key: value for key, value in vals.items() if key not in ("state", "name_uniq")}
            preset = set()
            for role, user in self.users.items():
                Model = self.env[name].with_user(user)
                if not Model.has_access("create"):
                    continue
                for field, target in links:
                    if target.with_user(user).has_access("read"):
                        continue
                    words = f"{role} creates {name} with {field.name}"
                    yield words, self._creating(Model, vals, field, target)
                    yield f"{words} by default", self._creating(Model, vals, field, target, True)
                    # asked for one role only: a default of one person empties the caches
                    if field not in preset:
                        preset.add(field)
                        yield f"{words} by personal default", self._presetting(Model, field, target)

    def _creating(self, Model, vals, field, target, default=False):
        vals = {key: value for key, value in vals.items() if key != field.name}
        if default:
            Model = Model.with_context(**{f"default_{field.name}": target.id})
        else:
            vals[field.name] = target.id

        def create():
            record = Model.create(dict(vals))
            return record.sudo()[field.name] == target

        return create

    def _presetting(self, Model, field, target):
        Default = Model.env["ir.default"]
        return lambda: Default.set(Model._name, field.name, target.id, user_id=True)

    def test_no_record_moves_to_where_its_writer_has_no_rights(self):
        tries, through = self._attack(self._writes())
        self.assertFalse(through, f"{len(through)} of {tries}:\n" + "\n".join(through))
        self.assertGreater(tries, 100, "the table of rights or the factories do not work any more")

    def test_no_record_is_made_where_its_maker_has_no_rights(self):
        tries, through = self._attack(self._creates())
        self.assertFalse(through, f"{len(through)} of {tries}:\n" + "\n".join(through))
        self.assertGreater(tries, 100, "the table of rights or the factories do not work any more")

    def test_companies_and_parents_stay_also_for_those_who_have_both(self):
        """Who works in two companies does not move a case from one into the other."""
        through = []
        for role, user in self.users.items():
            user.company_ids |= self.other_company
            for name in self.models:
                record = self._record(name).with_user(user)
                record = record.with_context(
                    allowed_company_ids=(self.company | self.other_company).ids
                )
                if not record.has_access("write"):
                    continue
                for fixed in self._fixed(record):
                    target = self._other(record, fixed)
                    if target and self._try(self._writing(record, record._fields[fixed], target)):
                        through.append(f"{role} moves {name} by {fixed}")
        self.assertFalse(through, "\n".join(through))

    def _fixed(self, record):
        field = record._fields.get("company_id")
        if field is not None and field.store and (field.required or field.related):
            yield "company_id"
            if field.related:
                yield field.related.split(".")[0]

    def _other(self, record, name):
        comodel = record._fields[name].comodel_name
        return self.other_company if comodel == "res.company" else self._record(comodel, True)

    def test_every_model_that_somebody_writes_is_guarded(self):
        guarded = self.env.registry.descendants([GUARD], "_inherit")
        written = [
            name
            for name in self.models
            if any(
                self.env[name].with_user(user).has_access(operation)
                for user in self.users.values()
                for operation in ("create", "write")
            )
        ]
        self.assertFalse(set(written) - set(guarded))

    def test_documents_of_odoo_are_there(self):
        self.assertFalse([name for name in DOCUMENTS if name not in self.env])

    def test_the_form_says_so(self):
        """What stays is read-only once the record is there, without a word in the view."""
        archs = self.env["customer.complaint"].get_views([(False, "form")])["views"]["form"]["arch"]
        self.assertIn('name="company_id"', archs)
        self.assertRegex(archs, r'<field name="company_id"[^>]*readonly="id')

    def test_who_registered_a_case_is_the_caller(self):
        Complaint = self.env["customer.complaint"].with_user(self.user_service)
        forged = self.user_sales.id
        vals = {"subject": "Overdue", "partner_id": self.foreign_customer.id}
        by_value = Complaint.create({**vals, "registered_by_id": forged})
        by_default = Complaint.with_context(default_registered_by_id=forged).create(vals)
        self.assertEqual((by_value | by_default).registered_by_id, self.user_service)
        with self.assertRaises(AccessError):
            by_value.write({"registered_by_id": forged})
        self.assertFalse(by_value.with_user(self.user_sales).has_access("read"))

    def test_what_no_person_types_is_refused_in_words(self):
        record = self._record("customer.complaint").with_user(self.user_service_supervisor)
        for vals in (
            {"subject": "x" * 2001},
            {"subject": "a\x00b"},
            {"description": "x" * 1_000_001},
            {"occurred_at": "9999-12-31 00:00:00"},
        ):
            with self.subTest(next(iter(vals))), self.assertRaises(UserError):
                record.write(vals)
        record.write({"subject": "x" * 2000})

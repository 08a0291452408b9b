"""Who reads which dossier: the one place."""

from itertools import repeat
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

READABLE = "customer_archive_readable"

OPEN = ("draft", "checking", "handover")

ALL_PAPERS = (
    "customer_governance.group_archivist",
    "customer_governance.group_auditor",
)


class Readable(NamedTuple):
    """What a user may read, in the context while one list is made. No caller can send one."""

    uid: int
    domain: Domain


class CustomerArchive(models.Model):
    """Record rules of dossiers and of all that hangs on them ask `is_readable`."""

    _inherit = "customer.archive"

    is_readable = fields.Boolean(
        compute="_compute_is_readable",
        search="_search_is_readable",
        export_string_translation=False,
    )

    @api.model
    def _archive_readable_domain(self):
        """Return the domain of the dossiers that the current user may read, of any company."""
        return Domain.OR(self._archive_readable_parts())

    @api.model
    def _archive_readable_parts(self):
        """Return the domains of which one is enough to read a dossier.

        Archivists and auditors read all. Others read by class: account managers those of their
        customers, customer service its own class and related ones, members of the reader groups of
        the class all of it. A keeps reading what A compiled and answers for; B reads it until it is
        registered.

        Each part names ids, found first: with joins the database would look for customer, class
        and groups of every single dossier, and with subselects it could not guess how many there
        are. A part that names none is gone.
        """
        user = self.env.user
        if any(user.has_group(group) for group in ALL_PAPERS):
            return [Domain.TRUE]
        classes = self.env["customer.archive.class"]._readers()
        groups = self._archive_reading_groups(user)
        by_group = [one.id for one in classes if not groups.isdisjoint(one.group_ids)]
        parts = [
            Domain("class_id", "in", by_group),
            Domain("role_a_id", "=", user.id),
            Domain("id", "in", self._archive_worked_on(user)),
        ]
        if user.has_group("customer_governance.group_sales"):
            sold = [one.id for one in classes if one.kind == "sales"]
            # sudo: which customers only; dossiers of archived ones are kept too
            partners = self.env["res.partner"].sudo().with_context(active_test=False)
            own = partners._search(partners._own_customers_domain(user)).get_result_ids()
            parts.append(Domain("class_id", "in", sold) & Domain("partner_id", "in", own))
        if self.env.ref("customer_governance.group_service").id in groups:
            served = [one.id for one in classes if one.kind == "service"]
            related = [one.id for one in classes if one.is_related]
            parts.append(Domain("class_id", "in", served))
            if related:
                cases = self._archive_partners_of_cases(user)
                parts.append(Domain("class_id", "in", related) & Domain("partner_id", "in", cases))
        return parts

    @api.model
    def _archive_reading_groups(self, user):
        """Return the ids of the groups by which a user reads dossiers of a class.

        Not those that only the role of the head brings along: the head asks for access. Whoever was
        given such a role besides reads by it.
        """
        head = self.env.ref("customer_governance.group_manager")
        if head.id not in user._get_group_ids():
            return set(user._get_group_ids())
        # sudo: the groups of the user, to answer for the user
        given = user.sudo().group_ids - head
        return set((given | given.all_implied_ids).ids)

    @api.model
    def _archive_worked_on(self, user):
        """Return the ids of the dossiers that are not registered and have the user as B."""
        mine = Domain("role_b_id", "=", user.id)
        # sudo: it is the rule itself
        return self.sudo()._search(mine & Domain("state", "in", OPEN)).get_result_ids()

    @api.model
    def _archive_customers_domain(self, archive_class):
        """Return the domain of the customers whose dossiers of a class the current user would read.

        The rule of `_archive_readable_parts`, asked for customers that have no dossier yet.
        """
        user = self.env.user
        groups = self._archive_reading_groups(user)
        # sudo: which groups read the class, not who is in them
        readers = archive_class.sudo().reader_group_ids
        reads_class = not groups.isdisjoint(readers.ids)
        if any(user.has_group(group) for group in ALL_PAPERS) or reads_class:
            return Domain.TRUE
        domain = Domain.FALSE
        if user.has_group("customer_governance.group_sales"):
            if archive_class.reader_kind == "sales":
                domain |= self.env["res.partner"]._own_customers_domain(user)
        if self.env.ref("customer_governance.group_service").id in groups:
            if archive_class.reader_kind == "service":
                return Domain.TRUE
            if archive_class.service_related:
                domain |= Domain("id", "in", self._archive_partners_of_cases(user))
        return domain

    @api.model
    def _archive_partners_of_cases(self, user):
        """Return the ids of the customers of the complaints that the user works on.

        While the case is open, and for the days of the company after its close. A cancelled case opens
        nothing.
        """
        now = fields.Datetime.now()
        # sudo: a setting of the companies
        companies = self.env["res.company"].sudo().search([])
        open_now = Domain("state", "in", self.env["customer.complaint"]._open_states())
        lately = Domain.OR(
            Domain("company_id", "in", own.ids)
            & Domain("state", "in", ("closed", "force_closed"))
            & Domain("closed_at", ">=", fields.Datetime.subtract(now, days=days))
            for days, own in companies.grouped("archive_service_days").items()
        )
        people = Domain("user_id", "=", user.id) | Domain("registered_by_id", "=", user.id)
        domain = people | Domain("team_id.member_ids", "in", user.ids)
        # sudo: which customers only; the cases themselves stay closed
        cases = self.env["customer.complaint"].sudo()
        domain &= open_now | lately
        return {partner.id for [partner] in cases._read_group(domain, ["partner_id"])}

    @api.model
    @api.readonly
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """EXTENDS web: what the user may read is found out once, for the page and the count."""
        self.check_access("read")
        known = Readable(self.env.uid, self._archive_readable_domain())
        once = self.with_context(**{READABLE: known})
        return super(CustomerArchive, once).web_search_read(
            domain, specification, offset, limit, order, count_limit
        )

    @api.model
    @api.private
    @api.readonly
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """EXTENDS base: what the rules let through is readable, so a list does not ask again."""
        found = super().search_fetch(domain, field_names, offset, limit, order)
        if not self.env.su:
            # sudo: the rules ask for the field there, and mean the user
            self._fields["is_readable"]._insert_cache(found.sudo(), repeat(True))
        return found

    @api.depends_context("uid")
    @api.depends("class_id", "partner_id.user_id", "state", "role_a_id", "role_b_id")
    def _compute_is_readable(self):
        # sudo: the answer is about the user of the environment, whatever it can see
        saved = self.sudo().with_context(active_test=False)
        readable = saved.search(
            Domain("id", "in", self._origin.ids) & self._archive_readable_domain()
        )
        for archive in self:
            archive.is_readable = not archive._origin or archive._origin in readable.with_env(
                archive.env
            )

    def _search_is_readable(self, operator, value):
        if operator != "in":
            return NotImplemented
        known = self.env.context.get(READABLE)
        if isinstance(known, Readable) and known.uid == self.env.uid:
            domain = known.domain
        else:
            domain = self._archive_readable_domain()
        return Domain.OR(domain if wanted else ~domain for wanted in set(value))

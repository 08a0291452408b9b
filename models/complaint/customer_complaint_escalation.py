from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..common.customer_reach_mixin import able
from ..common.digest import LISTED, in_house, listed, tell, tell_each
from ..common.jobs import Batches, Digest, Step
from ..common.moments import moment_words

BATCH = 50
# Cases handed over longer ago were told of: what a job could not tell it tries again as long.
TOLD_WITHIN = relativedelta(days=30)


class CustomerComplaint(models.Model):
    """Telling the right people: major cases, reopened cases, cases that take too long."""

    _name = "customer.complaint"
    _inherit = ["customer.complaint", "customer.job.mixin"]
    _job_domain = "complaint"

    evidence_ids = fields.One2many(
        "customer.complaint.evidence.line", "complaint_id", "Report Checklist"
    )
    evidence_missing = fields.Char("Still Missing", compute="_compute_evidence_missing")

    def _inform_of_major(self):
        """Tell the management of major cases at once, each case once, and list what the report needs."""
        self._list_evidence()
        for complaint in self._once("major"):
            people = complaint.company_id._complaint_management()
            complaint._remind(
                people,
                lambda env, name=complaint.partner_id.display_name: env._(
                    "Major complaint from %s", name or "?"
                ),
                lambda env, case=complaint: case._report_due_words(env),
                reason="major",
            )
            # sudo: the management may be informed by anybody who registers a case
            tell_each(
                complaint.sudo(),
                people,
                lambda env, case=complaint.display_name: env._("Major complaint %s", case),
                lambda env, case=complaint: env._(
                    "A major complaint was registered: %(case)s, %(customer)s.",
                    case=case.display_name,
                    customer=case.partner_id.display_name or case.email_from or "?",
                ),
            )

    def _report_due_words(self, env):
        """Say by when the written report is due, as the deadlines of the case have it."""
        # sudo: deadlines of the case
        clocks = self.sudo().clock_ids.filtered(
            lambda c: c.milestone == "report" and c.state in ("running", "paused")
        )
        if not clocks:
            return env._("A written report is due.")
        when = moment_words(env, clocks[0].deadline, self.company_id._customer_timezone())
        return env._("A written report is due by %s.", when)

    def _escalate_reopening(self, reason):
        """The handler hears what the customer says; the first reopening goes to the team leader
        too, each further one to the management.
        """
        for complaint in self:
            leaders = able(complaint.team_id.user_id, complaint.company_id, complaint)
            if complaint.reopen_count > 1 or not leaders:
                leaders |= complaint.company_id._complaint_management()

            def summary(env, count=complaint.reopen_count):
                words = reason or env._("no reason stated")
                if count > 1:
                    return env._("Reopened (%(count)s): %(reason)s", count=count, reason=words)
                return env._("Reopened: %(reason)s", reason=words)

            complaint._remind(leaders | complaint.user_id, summary, reason="reopened")

    @api.model
    def _cron_escalate(self):
        """Hand cases that are not closed after the company's months to the management, each once.

        Also runs after a downtime: whatever is over the limit and not escalated is taken.
        """
        todo = "mail.mail_activity_data_todo"
        return self._run_steps(
            [
                *(
                    step
                    for company in self._job_companies()
                    for step in self._escalation_steps(company)
                ),
                Digest(
                    "tell:weeks",
                    "customer.complaint.project",
                    todo,
                    lambda env, n: env._("Projects whose weekly status is due: %(n)s", n=n),
                ),
                Digest(
                    "tell:progress",
                    "customer.complaint.dispatch",
                    todo,
                    lambda env, n: env._("Orders whose progress is due: %(n)s", n=n),
                ),
            ]
        )

    @api.model
    def _escalation_steps(self, company):
        """Return the steps of the job for a company: hand the cases over, then tell of all of them."""
        weeks = self.env["customer.complaint.project"]._week_steps(company)
        weeks += self._progress_steps(company)
        now, months = fields.Datetime.now(), company.complaint_escalation_months
        if months <= 0:
            return weeks
        old = [
            ("company_id", "=", company.id),
            ("state", "in", self._open_states()),
            ("kind", "!=", "anomaly"),
            ("received_at", "<=", now - relativedelta(months=months)),
            ("escalated_at", "=", False),
        ]
        return [
            Batches(
                f"escalate:{company.id}",
                lambda after, limit: self.search(
                    [*old, ("id", ">", after)], order="id", limit=limit
                ),
                lambda cases: cases._escalate_old(now),
                BATCH,
            ),
            Step(f"tell:{company.id}", lambda _after: (self._tell_escalated(company, now), None)),
            *weeks,
        ]

    @api.model
    def _progress_steps(self, company):
        """Return the step that reminds of orders whose progress was not told for the days set."""
        days = company.complaint_progress_days
        if days <= 0:
            return []
        since = fields.Datetime.now() - relativedelta(days=days)
        silent = [
            ("company_id", "=", company.id),
            ("state", "in", ("accepted", "reported")),
            ("accepted_at", "<=", since),
            "!",
            ("reply_ids", "any", [("date", ">", since)]),
            "|",
            ("first_result_at", "=", False),
            ("first_result_at", "<=", since),
        ]
        dispatches = self.env["customer.complaint.dispatch"]
        return [
            Batches(
                f"progress:{company.id}",
                lambda after, limit: dispatches.search(
                    [*silent, ("id", ">", after)], order="id", limit=limit
                ),
                lambda orders: orders._ask_progress(),
                BATCH,
            )
        ]

    def _escalate_old(self, now):
        """Mark the cases as handed over; the case keeps it in its history."""
        self._write_facts({"escalated_at": now})
        note = in_house(self).env._(
            "Not closed in time: escalated to management and to be handled as a project."
        )
        self._message_log_batch(dict.fromkeys(self.ids, note))
        self.env["customer.complaint.project"]._open_for(self)

    @api.model
    def _tell_escalated(self, company, now):
        """Give each person of the management one message and one activity about all old cases.

        :return: number of cases
        """
        cases = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", self._open_states()),
                ("escalated_at", ">=", now - TOLD_WITHIN),
            ],
            order="received_at, id",
        )._once("escalated")
        if not cases:
            return 0
        todo = self.env.ref("mail.mail_activity_data_todo")
        action = "/odoo/action-customer_governance.customer_complaint_action_escalated"
        activities = []
        for user in company._complaint_management():
            reader = cases.with_context(lang=user.lang, tz=user.tz or "UTC")
            subject = reader.env._(
                "Complaints not closed in time: %(n)s to be handled as projects", n=len(cases)
            )
            rows = [
                (case._name, case.id, case.display_name, case.partner_id.display_name)
                for case in reader[:LISTED]
            ]
            more = (action, reader.env._("Show all cases not closed in time"))
            tell(reader.env, user, subject, rows, len(cases), more)
            activities.append(
                {
                    "activity_type_id": todo.id,
                    "user_id": user.id,
                    "summary": subject,
                    "note": listed(reader.env, rows, len(cases), more),
                    "date_deadline": company._customer_today(),
                    "automated": True,
                }
            )
        # quick: the message tells it already
        quick = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        quick.create(activities)
        return len(cases)

    # --- the checklist of the report of a major complaint -------------------------------------

    @api.depends("evidence_ids.is_there")
    @api.depends_context("lang")
    def _compute_evidence_missing(self):
        for case in self:
            missing = case.evidence_ids.filtered(lambda line: not line.is_there)
            case.evidence_missing = ", ".join(missing.evidence_id.mapped("name"))

    def _list_evidence(self):
        """Put on the checklist what the product groups of the case ask for; what is there stays."""
        # sudo: the checklist follows from the case; entries are the system's, people fill them
        entries = self.env["customer.complaint.evidence"].sudo().search([])
        lines = self.env["customer.complaint.evidence.line"].sudo()
        vals_list = []
        for case in self.sudo():
            known = case.evidence_ids.evidence_id
            groups = set()
            for categ in case.line_ids.product_id.categ_id:
                groups.update(int(part) for part in categ.parent_path.split("/") if part)
            vals_list += [
                {"complaint_id": case.id, "evidence_id": entry.id}
                for entry in entries - known
                if not entry.categ_ids or not groups.isdisjoint(entry.categ_ids.ids)
            ]
        return lines.create(vals_list)

    def action_list_evidence(self):
        """Add what products that were entered since ask for."""
        self.check_access("write")
        self.filtered(lambda case: case.severity == "major")._list_evidence()
        return True

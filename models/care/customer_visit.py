from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ...queries import care_plan, once
from ..common.digest import LISTED, for_reader, in_house, tell
from ..common.jobs import Step

# Corrections of a report that was counted already.
PAYS = {"no_contact", "done_date", "purpose"}

READERS = 20  # lists that one portion of the job sends


class CustomerVisit(models.Model):
    """Visits that the contact plan asks for, and the weekly lists of what is due."""

    _name = "customer.visit"
    _inherit = ["customer.visit", "customer.job.mixin"]
    _job_domain = "care"
    _job_of_heads = True

    _reported_idx = models.Index("(reported_at) WHERE state = 'done'")
    _planned_idx = models.Index("(partner_id, purpose) WHERE state = 'planned'")

    def write(self, vals):
        """EXTENDS visit: what a report says about the contact plan may be corrected."""
        result = super().write(vals)
        if PAYS & vals.keys():
            counted = self.filtered(lambda visit: visit.state == "done" and visit.reported_at)
            if counted and "reported_at" not in vals:
                # sudo: figures follow from the visits, whoever corrects one
                self.env["customer.metrics"].sudo()._refresh(counted.partner_id)
        return result

    # -- planning -----------------------------------------------------------------------------

    @api.model
    def _cron_plan_contacts(self):
        """Plan the visits of the next days and send the weekly lists, where a company wants it.

        Run twice, late, or after a pause it leaves the same: a visit is planned once for each contact
        that is due, a list is sent once a week.
        """
        return self._run_steps(
            step for company in self._job_companies() for step in self._plan_steps(company)
        )

    @api.model
    def _plan_steps(self, company):
        """Return the steps of the planning of a company."""
        common = {
            "chain": f"care {company.id}",
            "lock": lambda: self.env.execute_query(care_plan.lock_company(company.id))[0][0],
        }
        name = company.display_name
        steps = []
        if company.care_plan_visits:
            steps.append(
                Step(
                    f"plan:{company.id}",
                    lambda _after: (self._plan_due(company), None),
                    label=f"visits of {name}",
                    **common,
                )
            )
        if company.care_send_lists and self._list_day(company) <= company._customer_today():
            steps += [
                Step(
                    f"due:{company.id}",
                    lambda after: self._send_due(company, after),
                    label=f"lists of {name}",
                    **common,
                ),
                Step(
                    f"missed:{company.id}",
                    lambda after: self._send_missed(company, after),
                    label=f"team lists of {name}",
                    **common,
                ),
            ]
        return steps

    @api.model
    def _plan_due(self, company):
        """Plan what falls due in the next days; return how many visits were planned."""
        due = self.env["customer.care.due"]
        today = company._customer_today()
        words = in_house(self, company)
        purposes = dict(self._fields["purpose"]._description_selection(words.env))
        self.env.flush_all()
        rows = self.env.execute_query(
            care_plan.plan_visits(
                due._due_rows(company),
                company.id,
                today + timedelta(days=company.care_plan_days),
                due._next_working_day(company, today),
                {"visit": purposes["care"], "meeting": purposes["meeting"]},
                self.env.uid,
                fields.Datetime.now(),
            )
        )
        self.invalidate_model(flush=False)
        self.env["res.partner"].invalidate_model(["customer_visit_ids"], flush=False)
        return len(rows)

    # -- weekly lists -------------------------------------------------------------------------

    @api.model
    def _list_day(self, company):
        """Return the day of this week on which the lists are sent; until Sunday they still are."""
        today = company._customer_today()
        return (
            today - timedelta(days=today.weekday()) + timedelta(days=int(company.care_list_weekday))
        )

    @api.model
    def _send_due(self, company, after):
        """Send the next users what is due until the end of the week.

        :return: (number done, where to go on), see `jobs.Step`
        """
        today = company._customer_today()
        sunday = today + timedelta(days=6 - today.weekday())
        due = self.env["customer.care.due"]._due_rows(company)
        query = care_plan.due_lists(due, company.id, sunday, after or 0, READERS, LISTED)
        return self._send_lists(company, query, "due")

    @api.model
    def _send_missed(self, company, after):
        """Send the next team leaders what is overdue in their teams."""
        due = self.env["customer.care.due"]._due_rows(company)
        query = care_plan.missed_lists(due, company.id, after or 0, READERS, LISTED)
        return self._send_lists(company, query, "missed")

    @api.model
    def _send_lists(self, company, query, kind):
        """Send the lists of a query to those who did not have one this week."""
        self.env.flush_all()
        lists = {}
        for row in self.env.execute_query(query):
            lists.setdefault(row[0], []).append(row)
        users = self.env["res.users"].browse(lists)
        # sudo: the branches of the company, whoever runs the job
        family = company.sudo().search([("id", "child_of", company.id)])
        able = users.filtered(lambda user: user.active and user.company_ids & family)
        year, week, _day = company._customer_today().isocalendar()
        key = f"care:{kind}:{company.id}:{year}-{week:02}"
        new = self.env.execute_query(once.insert_once("res.users", able.ids, key)) if able else []
        for (user_id,) in sorted(new):
            self._tell_list(company, self.env["res.users"].browse(user_id), kind, lists[user_id])
        return len(users), users[-1].id if len(users) == READERS else None

    @api.model
    def _tell_list(self, company, user, kind, rows):
        """Send a user one list in his language; `rows` as of `care_plan.due_lists`, all of his."""
        words = for_reader(self.with_company(company), user)
        _ = words.env._
        total, overdue = rows[0][1:3]
        names = self.env["res.users"].sudo()  # sudo: names of the leader's own team
        lines = []
        for _reader, _total, _over, partner_id, contact, due, over, user_id in rows:
            who = names.browse(user_id).name if kind == "missed" else False
            lines.append(self._list_line(words.env, partner_id, contact, due, over, who))
        if kind == "due":
            subject = _(
                "Contacts due this week: %(total)s (%(overdue)s overdue)",
                total=total,
                overdue=overdue,
            )
        else:
            subject = _("Contacts missed by your team: %(total)s", total=total)
        link = ("/odoo/customer-due", _("Open all due contacts"))
        tell(words.env, user, subject, lines, total, link)

    @api.model
    def _list_line(self, env, partner_id, kind, due, over, who):
        """Return a line of `digest.listed` on a contact that is due.

        :param env: in the language of the reader
        :param who: name of the responsible, where that is not the reader
        """
        # sudo: the name of a customer, told to whoever is responsible
        partner = env["res.partner"].sudo().browse(partner_id)
        kinds = dict(env["customer.care.source"]._fields["kind"]._description_selection(env))
        values = {"kind": kinds[kind], "day": format_date(env, due), "over": over}
        if over > 0:
            text = env._("%(kind)s, due on %(day)s (%(over)s days overdue)", **values)
        else:
            text = env._("%(kind)s, due on %(day)s", **values)
        return "res.partner", partner_id, partner.display_name, f"{text} – {who}" if who else text

from odoo import api, fields, models
from odoo.tools import format_amount, format_date


class CustomerCollectionWords(models.AbstractModel):
    """Puts the reasons of `engine.collection` into the reader's language."""

    _name = "customer.collection.words"
    _description = "Reasons for collection steps"

    @api.model
    def _in_words(self, explanation, company):
        """Return the reasons as lines of text."""
        texts = (self._reason_text(reason, company) for reason in explanation or [])
        return "\n".join(text for text in texts if text)

    @api.model
    def _reason_text(self, reason, company):
        _ = self.env._
        values = {key: value for key, value in reason.items() if key != "code"}
        for key in ("amount", "credits", "overdue"):
            if key in values:
                values[key] = format_amount(self.env, values[key], company.currency_id)
        if "until" in values:
            values["until"] = format_date(self.env, fields.Date.to_date(values["until"]))
        texts = {
            "nothing_overdue": _("Nothing is overdue any longer."),
            "covered": _("Credits of %(credits)s cover the overdue amount of %(overdue)s."),
            "disputed": _("Disputed and excluded: %(amount)s (items: %(count)s)."),
            "promised": _("Promised until %(until)s: %(amount)s (items: %(count)s)."),
            "credits": _("Credits of %(credits)s are deducted."),
            "not_yet": _(
                "The oldest item has been overdue for %(days)s days: the next level is not due yet."
            ),
            "all_sent": _("All levels have been used."),
            "still_open": _("The last step is still to be done."),
            "again_on": _("The last level was done; it comes again on %(until)s."),
            "again": _(
                "Overdue for %(days)s days; the last level comes again every %(every)s days."
            ),
            "handed_over": _("Handed over: a lawyer collects."),
            "level": _("Overdue for %(days)s days; the level applies from %(level_days)s days."),
            "passed": _(
                "Lower levels that were also due because the job had not run: %(count)s. "
                "Only the highest level is used."
            ),
            "passed_over": _("Skipped: a higher level was due at the same time."),
            "archived": _("The customer is archived: no automatic mail."),
            "no_mail": _("The customer has no e-mail address."),
            "by_hand": _("The company sends reminders manually."),
            "bounced": _("The e-mail was not delivered: call the customer."),
            "bounced_by_job": "",
            "merged": _("Merged with another customer: the episode continues there."),
        }
        text = texts.get(reason.get("code"))
        return str(reason.get("code")) if text is None else text % values

from odoo import api, fields, models
from odoo.tools import format_amount, format_date


class CustomerCollectionWords(models.AbstractModel):
    """Puts the reasons of `engine.collection` into the reader's language."""

    _name = "customer.collection.words"
    _description = "Reasons of collection"

    @api.model
    def _in_words(self, explanation, company):
        """Return the reasons as lines of text."""
        return "\n".join(self._reason_text(reason, company) for reason in explanation or [])

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
            "nothing_overdue": _("Nothing is overdue any more."),
            "covered": _("Credits of %(credits)s cover the overdue %(overdue)s."),
            "disputed": _("Disputed and left out: %(amount)s (items: %(count)s)."),
            "promised": _("Promised until %(until)s: %(amount)s (items: %(count)s)."),
            "credits": _("Credits of %(credits)s are taken off."),
            "not_yet": _(
                "The oldest item is overdue for %(days)s days: the next level is not due."
            ),
            "all_sent": _("All levels were done."),
            "level": _("Overdue for %(days)s days; the level begins at %(level_days)s days."),
            "passed": _(
                "Lower levels that were due as well because the job had not run: %(count)s."
                " Only the highest one is done."
            ),
            "passed_over": _("Left out: a higher level was due at the same time."),
            "archived": _("The customer is archived: no automatic mail."),
            "no_mail": _("The customer has no e-mail address."),
            "by_hand": _("The company sends by hand."),
            "merged": _("Merged with another customer: its episode goes on."),
        }
        text = texts.get(reason.get("code"))
        return text % values if text else str(reason.get("code"))

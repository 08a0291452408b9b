import psycopg2

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...engine.numbering import Pattern, PatternError
from ...queries import numbering


class CustomerNumberingMixin(models.AbstractModel):
    """Unique numbers without gaps, also under concurrency.

    A transaction takes serial n + 1 by inserting it into `customer.number`. Another one that wants the
    same serial waits at the unique index: when the first commits it takes the next serial, when the first
    rolls back it gets this one. So numbers are neither given twice nor lost, and no transaction has to be
    repeated (`ir.sequence` without gaps fails with a lock error instead).
    """

    _name = "customer.numbering.mixin"
    _description = "Numbered Document"

    @api.model
    def _next_number(self, scope, pattern, date, company=None, **values):
        """Take the next number.

        :param scope: what is numbered, usually the model name
        :param pattern: see `engine.numbering`, for example ``C{year}{month}-{serial:4}``
        :param date: date in the company's time zone
        :param values: place holders of the pattern other than the date's
        :return: the number, for example ``C202611-0042``
        """
        company = company or self.env.company
        try:
            checked = Pattern(pattern)
            period = checked.period(date, **values)
        except PatternError as error:
            raise UserError(
                self.env._(
                    "The number pattern “%(pattern)s” is not valid: %(why)s.",
                    pattern=pattern,
                    why=error,
                )
            ) from error
        serial = self._take_serial(company.id, scope, period)
        return checked.render(date, serial, **values)

    @api.model
    def _refuse_broken_pattern(self, pattern, **values):
        """Refuse a pattern that would fail when the first number is taken.

        :param values: an example of the place holders other than the date's
        :raises ValidationError: saying what is wrong
        """
        try:
            checked = Pattern(pattern or "")
            today = self.env.company._customer_today()
            checked.period(today, **values)
            checked.render(today, 1, **values)
        except PatternError as error:
            raise ValidationError(
                self.env._(
                    "The number pattern “%(pattern)s” is not valid: %(why)s.",
                    pattern=pattern or "",
                    why=error,
                )
            ) from error

    @api.model
    def _remember_numbers(self, scope, pattern, numbers, company):
        """Keep numbers that were given before the system from being given again.

        :param numbers: texts; those that do not follow the pattern can never be given
        """
        checked = Pattern(pattern)
        parsed = (checked.parse(number) for number in numbers)
        # a serial of more digits is no serial of ours
        taken = [found for found in parsed if found and found[1] < 2**31]
        if taken:
            self.env.cr.execute(numbering.remember_serials(company.id, scope, taken))

    @api.model
    def _take_serial(self, company_id, scope, period):
        [(last,)] = self.env.execute_query(numbering.last_serial(company_id, scope, period))
        serial = last + 1
        while True:
            try:
                with self.env.cr.savepoint(flush=False):
                    # a taken serial is no error worth a log entry
                    self.env.cr.execute(
                        numbering.insert_serial(company_id, scope, period, serial),
                        log_exceptions=False,
                    )
                return serial
            except psycopg2.errors.UniqueViolation:
                serial += 1

"""Whether a scorecard can be used, in words."""

from odoo import models
from odoo.exceptions import UserError


class CustomerScorecard(models.Model):
    """Checks before publishing and computing."""

    _inherit = "customer.scorecard"

    def _problems(self):
        """Reasons in words why nothing can be computed with it; empty when it is fine."""
        self.ensure_one()
        problems = []
        if not self.indicator_ids:
            problems.append(self.env._("There is no indicator: add at least one."))
        for indicator in self.indicator_ids:
            problems += [f"{indicator.name}: {problem}" for problem in indicator._problems()]
        return problems + self._band_problems()

    def _band_problems(self):
        """Reasons why the bands do not lead every customer to a result."""
        self.ensure_one()
        bands = self.band_ids.sorted(lambda band: (band.sequence, band.id))
        if not bands:
            return [self.env._("There is no band: add the results and their conditions.")]
        problems = []
        for index, band in enumerate(bands):
            if not band._result_name():
                problems.append(self.env._("Band %(number)s has no result.", number=index + 1))
            if band.is_fallback and band != bands[-1]:
                problems.append(
                    self.env._(
                        'The band "%(rule)s" takes everybody, so the bands below it can never '
                        "match: move it last.",
                        rule=band.summary,
                    )
                )
        if not bands[-1].is_fallback:
            problems.append(
                self.env._(
                    'The last band "%(rule)s" has a condition: customers that meet no band would '
                    "have no result. "
                    "Add a last band without condition.",
                    rule=bands[-1].summary,
                )
            )
        for veto in self.veto_ids:
            if not veto._cap_name():
                problems.append(
                    self.env._(
                        'The veto "%(rule)s" does not say the highest result.', rule=veto.summary
                    )
                )
        return problems

    def _guard_publish(self):
        """Reasons against publishing (guard of the transition)."""
        return self._problems()

    def _check_usable(self):
        """Raise with all reasons when nothing can be computed with the scorecard."""
        for scorecard in self:
            problems = scorecard._problems()
            if problems:
                raise UserError(
                    self.env._(
                        "The scorecard %(name)s cannot be used yet:\n- %(problems)s",
                        name=scorecard.display_name,
                        problems="\n- ".join(problems),
                    )
                )

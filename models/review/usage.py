"""What scorecards are used for: one table, filled by the domains."""

from dataclasses import dataclass

from ...queries.review_plan import Result


@dataclass(frozen=True)
class Usage:
    """What a scorecard decides, where it is kept and who takes part.

    A domain adds its usage to `customer.scorecard._usages()` and to the selection `usage`. `word`
    names the fields of the result: ``<word>_id`` of a band, ``cap_<word>_id`` of a veto,
    ``previous_``, ``computed_``, ``proposed_`` and ``decided_<word>_id`` of a line; the domain
    declares them.

    :param model: of the results, in `_order` from the best to the worst
    :param word: of the fields
    :param partner: company dependent field of the customer that holds the present result
    :param apply: method of `customer.review` that makes the decisions take effect (gets the plan)
    :param groups: who takes all steps and decides, beside the committee
    :param managers: account managers are asked for manual indicators and may appeal
    :param independent: the account manager neither enters nor decides; whoever submits does not
        approve, whatever the company's setting
    :param at_once: of one customer: no leader, it waits for approval, which applies it
    """

    model: str
    word: str
    partner: str
    apply: str
    groups: tuple = ()
    managers: bool = False
    independent: bool = False
    at_once: bool = False

    @property
    def band(self):
        """Field of a band."""
        return f"{self.word}_id"

    @property
    def cap(self):
        """Field of a veto."""
        return f"cap_{self.word}_id"

    @property
    def columns(self):
        """Columns of the lines, for the statements."""
        return Result(
            partner=self.partner,
            previous=f"previous_{self.word}_id",
            computed=f"computed_{self.word}_id",
            proposed=f"proposed_{self.word}_id",
            decided=f"decided_{self.word}_id",
            table=self.model.replace(".", "_"),
        )


TIERS = Usage(
    model="customer.tier",
    word="tier",
    partner="customer_tier_id",
    apply="_apply_tiers",
    managers=True,
)

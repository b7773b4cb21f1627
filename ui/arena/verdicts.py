"""Verdicts: sentences made from the measurements, and from nothing else."""

from collections.abc import Sequence
from statistics import median

from rnn_core import CELLS
from rnn_core.tasks import TASKS
from ui.arena.contest import MEASURE_EVERY, SOLVED
from ui.arena.figures import LIKELY, UNLIKELY
from ui.arena.forecast import BUDGET, forecast
from ui.arena.forecast import called as called_by
from ui.arena.records import ArenaView, Contender, Match, Outcome, RunProgress, SweepView
from ui.i18n import Translate, join_sentences
from ui.live.levels import baseline, choice
from ui.settings.choices import CELL_NAMES, INIT_NAMES
from ui.settings.measures import MEASURES

AT_CHANCE = 0.95  # of chance: a loss from there on is no better


def names(contenders: Sequence[Contender], _: Translate) -> list[str]:
    """A short name for each: its place, its cell, and what else distinguishes it."""
    several = sum(CELLS[contender.cell].has_cell for contender in contenders) > 1
    found = []
    for number, contender in enumerate(contenders, 1):
        parts = [_(CELL_NAMES[contender.cell])]
        if contender.init != "uniform":
            parts.append(_(INIT_NAMES[contender.init]))
        if CELLS[contender.cell].has_cell and (several or contender.forget_bias != 1.0):
            parts.append(_("forget bias {bias:g}").format(bias=contender.forget_bias))
        name = str(number)
        for part in parts:
            name = join_sentences(name, f"· {part}")
        found.append(name)
    return found


def of_a_contest(view: ArenaView, called: Sequence[str], _: Translate) -> list[str]:
    """One verdict for each contender, in their order."""
    return [
        _of_a_competitor(competitor, name, view, _) for competitor, name in zip(view.competitors, called, strict=True)
    ]


def _of_a_competitor(competitor: RunProgress, name: str, view: ArenaView, _: Translate) -> str:
    config = competitor.trace.config
    values: dict[str, str | float] = {"name": name, "update": competitor.update, "chance": view.chance}
    values |= {"level": baseline(config, view.chance, _), "measure": _(MEASURES[view.measure])}
    if competitor.diverged:
        sentence = _("{name} diverged after update {update:,}: its numbers are infinite or NaN.")
        return sentence.format(**values)
    loss, right, solved = competitor.held_out[-1][1], competitor.accuracy[-1][1], None
    values |= {"loss": loss, "right": right}
    at_chance, also = loss >= AT_CHANCE * view.chance, list[str]()
    if competitor.solved_at is not None:
        solved = True
        lowest = min((share for update, share in competitor.accuracy if update >= competitor.solved_at), default=right)
        values |= {"mark": SOLVED, "lowest": lowest, "solved": competitor.solved_at}
        sentence = (
            _("{name} first reached {mark:.0%} after update {solved:,} and has stayed there; {measure}: "
              "now {right:.0%}.")
            if lowest >= SOLVED
            else _("{name} first reached {mark:.0%} after update {solved:,}, but has not stayed there: {measure}: "
                   "{lowest:.0%} at the lowest since, now {right:.0%}.")
        )  # fmt: skip
        if at_chance:
            sentence = _("{name} first reached {mark:.0%} after update {solved:,}, but is back at the level of "
                         "{level} after {update:,}: held-out loss {loss:.3g} ({level}: {chance:.3g}).")  # fmt: skip
    elif not competitor.update:
        sentence = _("{name} has not been trained yet; {measure}: {right:.0%}.")
    elif at_chance:
        sentence = _("{name} is no better than {level} after update {update:,}: held-out loss {loss:.3g} "
                     "({level}: {chance:.3g}).")  # fmt: skip
        solved = False
    else:
        sentence = (
            _("{name} is better than {level} after update {update:,}, but has not solved it: held-out loss "
              "{loss:.3g} ({level}: {chance:.3g}); {measure}: {right:.0%}.")
            if view.best == 0
            else _("{name} is better than {level} after update {update:,}: held-out loss {loss:.3g} "
                   "({level}: {chance:.3g}); {measure}: {right:.0%}.")
        )  # fmt: skip
        also = choice(config, view.chance, view.best, loss, _)  # on its way, or not: that is still open
    verdict = join_sentences(sentence.format(**values), *also)
    return verdict if view.best != 0 else join_sentences(verdict, _forecast_sentence(competitor, view.setup, solved, _))


def _forecast_sentence(competitor: RunProgress, match: Match, solved: bool | None, _: Translate) -> str:
    """Forecast of the gradient curve before training, how often it was right, whether it holds here. solved: None
    where that is open."""
    lag = dict(match.task_options).get(TASKS[match.task].difficulty[0])
    found = forecast(match.task, competitor.contender.cell, competitor.ratio, lag)
    if found is None:
        return _("Before training the ratio was {ratio:.2g}.").format(ratio=competitor.ratio)
    values = {
        "ratio": competitor.ratio,
        "budget": BUDGET,
        "low": found.lags[0],
        "high": found.lags[1],
        "right": found.right,
        "count": found.alike,
    }
    values |= found._asdict()
    if not found.offered:
        return _(
            "Before training the ratio was {ratio:.2g}, which is no forecast here: of {count} measured networks of "
            "this cell and task with such a ratio {solved} solved it, of all {all_count} with any ratio {all_solved}."
        ).format(**values)
    sentence = (
        _("Before training the ratio was {ratio:.2g}: a forecast that it learns, right for {right} of {count} measured "
          "networks (this cell and task, lags {low} to {high}, {budget:,} updates).")
        if found.learns
        else _("Before training the ratio was {ratio:.2g}: a forecast that it does not learn, right for {right} of "
               "{count} measured networks (this cell and task, lags {low} to {high}, {budget:,} updates).")
    )  # fmt: skip
    verdict = sentence.format(**values)
    if solved is None or (found.learns and not solved):
        return verdict  # who should learn and has not yet may still
    return join_sentences(verdict, _("So far it is right here.") if found.learns == solved else _("Here it is wrong."))


def of_a_sweep(sweep: SweepView, called: Sequence[str], _: Translate) -> list[str]:
    """How far each contender got that has tried something, then how well the ratio predicted it."""
    climbs = []
    for number, name in enumerate(called):
        own = [outcome for outcome in sweep.outcomes if outcome.contender == number]
        if own:
            climbs.append(_of_a_climb(own, name, sweep, _))
    return climbs + _of_the_rule(sweep.outcomes, _)


def _of_a_climb(own: Sequence[Outcome], name: str, sweep: SweepView, _: Translate) -> str:
    solved, parts = [outcome for outcome in own if outcome.solved_at is not None], []
    if solved:
        top = max(outcome.lag for outcome in solved)
        when = [update for outcome in _at(solved, top) if (update := outcome.solved_at) is not None]
        seeds = len(_at(own, top))
        sentence = _(
            "{name}: {solved} of {seeds} seed solved lag {lag}, in {updates:,.0f} updates (median).",
            "{name}: {solved} of {seeds} seeds solved lag {lag}, in {updates:,.0f} updates (median).",
            seeds,
        )
        parts.append(sentence.format(name=name, lag=top, updates=median(when), solved=len(when), seeds=seeds))
    failed = sorted({outcome.lag for outcome in own} - {outcome.lag for outcome in solved})
    if failed:
        there, chance = _at(own, failed[0]), sweep.chance[sweep.plan.lags.index(failed[0])]
        at_chance = sum(outcome.loss >= AT_CHANCE * chance for outcome in there)
        values = {
            "name": name,
            "lag": failed[0],
            "at_chance": at_chance,
            "seeds": len(there),
            "budget": sweep.plan.budget,
        }
        if at_chance == len(there):
            sentence = _(
                "{name}: {at_chance} of {seeds} seed was at chance at lag {lag} after {budget:,} updates.",
                "{name}: {at_chance} of {seeds} seeds were at chance at lag {lag} after {budget:,} updates.",
                len(there),
            )
        else:
            sentence = _(
                "{name}: the one seed did not solve lag {lag} within {budget:,} updates; at chance after the last: "
                "{at_chance}.",
                "{name}: none of {seeds} seeds solved lag {lag} within {budget:,} updates; at chance "
                "after the last: {at_chance}.",
                len(there),
            )
        parts.append(sentence.format(**values))
    return join_sentences(*parts)


def _at(outcomes: Sequence[Outcome], lag: int) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.lag == lag]


def _of_the_rule(outcomes: Sequence[Outcome], _: Translate) -> list[str]:
    """Record of the forecasts: the share of networks that did as the ratio before training said."""
    groups = {verdict: [o.solved_at is not None for o in outcomes if called_by(o.ratio) is verdict]
              for verdict in (True, False, None)}  # fmt: skip
    sentences = {
        True: _("Ratio before training at least {likely:g}: {solved} of {count} solved it."),
        False: _("Ratio before training at most {unlikely:g}: {solved} of {count} solved it."),
        None: _("Ratio between the two: {solved} of {count} solved it."),
    }
    counts = [
        sentences[verdict].format(likely=LIKELY, unlikely=UNLIKELY, solved=sum(group), count=len(group))
        for verdict, group in groups.items()
        if group
    ]
    return [join_sentences(*counts)] if counts else []


def solved_means(_: Translate) -> str:
    """Definition of “solved”."""
    sentence = _(
        "Solved means: an accuracy of at least {share:.0%} on the held-out batch, looked at every {every} updates."
    )
    return sentence.format(share=SOLVED, every=MEASURE_EVERY)

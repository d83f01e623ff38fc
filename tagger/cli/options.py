"""Options that several commands share."""

from __future__ import annotations

import re

import click


class _Date(click.ParamType):  # type: ignore[type-arg]  # generic in click's annotations only
    """YYYY, YYYY-MM or YYYY-MM-DD; a day that the calendar lacks is refused."""

    name = "YYYY-MM-DD"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from datetime import date

        parts = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", value)
        try:
            if not parts:
                raise ValueError
            year, month, day = (int(part or 1) for part in parts.groups())
            date(year, month, day)
        except ValueError:
            self.fail(f"{value!r} is no date; write YYYY-MM-DD, YYYY-MM or YYYY", param, ctx)
        return value


date_option = click.option("--date", type=_Date(), help="When the notice was published.")
model_option = click.option(
    "--model", help="A model by name instead of the one in use ('shipped' for the shipped one)."
)
coverage_option = click.option(
    "--coverage",
    type=click.FloatRange(0.5, 0.99),
    default=0.9,
    show_default=True,
    help="How often the candidates kept hold the right label; more than one of them asks for review.",
)

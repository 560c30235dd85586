"""The pipeline's commands: python -m pipeline COMMAND."""

import typer

from pipeline.commands import dossier
from pipeline.commands.canary import canary
from pipeline.commands.deploy import deploy
from pipeline.commands.doctor import doctor
from pipeline.commands.drift import drift
from pipeline.commands.drift_publish import publish_drifts
from pipeline.commands.package import package
from pipeline.commands.plan import plan
from pipeline.commands.preview import preview
from pipeline.commands.review_stack import review_stack
from pipeline.commands.rollback import rollback
from pipeline.commands.sbom import sbom
from pipeline.commands.smoke import smoke
from pipeline.commands.unlock import unlock

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def pipeline() -> None:
    """What the workflows run."""


app.command()(package)
app.command()(doctor)
app.command()(preview)
app.add_typer(dossier.app, name="dossier")
app.command()(plan)
app.command()(deploy)
app.command()(canary)
app.command()(smoke)
app.command()(rollback)
app.add_typer(review_stack, name="review-stack")
app.add_typer(drift, name="drift")
drift.command("publish")(publish_drifts)
app.command()(unlock)
app.command()(sbom)


if __name__ == "__main__":
    app()

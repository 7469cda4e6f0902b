"""What strangers do."""

from random import Random

from generator.protocol.bitcoin import Output, p2tr_script
from generator.protocol.curve import public_xonly
from generator.protocol.nostr import Event, sign
from generator.sandbox.chain.crowd import donation, fake_investment, second_founding
from generator.sandbox.chain.play import Action, Venture
from generator.sandbox.chain.scene import Scene
from generator.sandbox.chain.wallet import Wallet
from tests.worlds.plots import Junk


def meddling(junk: Junk, wallet: Wallet, venture: Venture, dice: Random) -> Action:
    """Return what a stranger does with an own wallet."""
    project = venture.project

    def meddle(scene: Scene) -> None:
        match junk:
            case Junk.FAKE:
                fake_investment(scene, wallet, project, dice, total_sat=400_000)
            case Junk.FOUNDING:
                second_founding(scene, wallet, project, dice.randbytes(32).hex())
            case Junk.DONATION:
                donation(scene, wallet, project, amount_sat=dice.randint(1_000, 400_000))
            case Junk.DUST if project.locked:
                locked = dice.choice(project.locked)
                scene.send(wallet.pay([Output(value_sat=777, script=locked.coin.output.script)]))
            case _:
                own = p2tr_script(public_xonly(dice.randbytes(32)))
                scene.send(wallet.pay([Output(value_sat=50_000, script=own)]))

    return meddle


def foreign_event(venture: Venture, dice: Random) -> Event:
    """Return the project's own words over a stranger's signature."""
    event = venture.project.event
    tags = [list(tag) for tag in event.tags]
    return sign(
        dice.randbytes(32),
        kind=event.kind,
        content=event.content,
        created_at=event.created_at + 60,
        tags=tags,
    )

"""A regtest world with genuine Angor projects: really mined, really signed, all from a seed."""

from generator.sandbox.chain.blocks import Block, Chain
from generator.sandbox.chain.project import Project
from generator.sandbox.chain.world import ChainWorld, build_chain

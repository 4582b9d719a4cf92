"""What a calculator opens with, and which input its picture varies; a new calculator works without an entry here."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Sweep:
    """The input that the picture varies, from `low` to `high`; times the given value where `relative`."""

    name: str
    low: float
    high: float
    relative: bool = True


SAMPLES: Mapping[str, Mapping[str, str]] = {
    "liquidation-price": {"side": "long", "entry": "100000", "leverage": "10", "quantity": "0.1", "mmr": "0.005"},
    "pnl": {"side": "long", "entry": "100000", "exit": "92000", "quantity": "0.1", "leverage": "10"},
    "effective-leverage": {"notional": "50000", "equity": "4000"},
    "margin-ratio": {"maintenance_margin": "250", "margin_balance": "1000"},
    "funding-payment": {"side": "long", "notional": "10000", "rate": "0.0001"},
    "bankruptcy-price": {"side": "long", "entry": "100000", "leverage": "10"},
    "move-to-liquidation": {"side": "long", "entry": "100000", "leverage": "10"},
    "cross-liquidation-price": {"side": "long", "entry": "100000", "quantity": "0.1", "balance": "3000"},
    "roe": {"side": "long", "entry": "100000", "exit": "103000", "leverage": "10"},
    "stop-loss": {"side": "long", "entry": "100000", "stop": "95000", "quantity": "0.1", "leverage": "10"},
    "recovery-gain": {"loss": "0.5"},
    "maintenance-margin": {"notional": "250000", "tiers": "50000:0.004,500000:0.005,inf:0.01"},
}

SWEEPS: Mapping[str, Sweep] = {
    "liquidation-price": Sweep("leverage", 1.5, 50, relative=False),
    "pnl": Sweep("exit", 0.7, 1.3),
    "effective-leverage": Sweep("equity", 0.4, 2),
    "margin-ratio": Sweep("margin_balance", 0.25, 2),
    "funding-payment": Sweep("rate", -0.001, 0.001, relative=False),
    "bankruptcy-price": Sweep("leverage", 1.5, 50, relative=False),
    "move-to-liquidation": Sweep("leverage", 1.5, 50, relative=False),
    "cross-liquidation-price": Sweep("balance", 0.5, 3),
    "roe": Sweep("exit", 0.7, 1.3),
    "stop-loss": Sweep("stop", 0.85, 1.15),
    "recovery-gain": Sweep("loss", 0.02, 0.9, relative=False),
    "maintenance-margin": Sweep("notional", 0.1, 4),
}

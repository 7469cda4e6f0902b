"""The Angor protocol, read from public data: no I/O, and nothing else of ours.

Facts are cited from block-core/angor at d73cef3f6 (2026-07-25); each rule names
the upstream file it comes from. Modules: `keys` (founder key → identifier →
address), `opreturn` (what founding and investment transactions say), `terms`
(the founder's event), `stages` (amounts and dates), `scripts` and `tree` (what a
stage output commits to), `investments` (is this output really locked?), `spends`
(who took it, and how) and `checks` (foundings, and
what the official client would refuse).
"""

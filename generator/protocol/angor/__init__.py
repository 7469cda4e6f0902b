"""The Angor protocol, read from public data with Bitcoin's own tools.

Facts are cited from block-core/angor at d73cef3f6 (2026-07-25); each rule names
the upstream file it comes from. In the order of a project's life:
`project_identifier` (founder key → identifier → address), `op_return_layouts` and
`founding_transaction` (what binds the founder's event), `terms` with `strict_json`
(what the event promises, and what the official client would refuse), `schedule` and
`shares` (dates and amounts of stages), `stage_scripts` and `stage_tree` (what a stage
output commits to), `investments` (is this output really locked?) and `stage_spends`
(who took it, and how).
"""

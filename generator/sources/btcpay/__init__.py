"""BTCPay Server as a source of payments and refunds, complete and private.

The way of an invoice; each step is one module and one type, and none looks back:

1. `greenfield.wire.Invoice`: as the server sends it; `greenfield.invoice_list` reads all of them.
2. `claims.Claims`: the one project that counts it, by the rules of `bound_project`.
3. `movement.Movement`: one payment with its amount, time and worth, read by `payments` with the
   `state_table`; private. `refunds` makes one of a payout that sends money back.
4. `privacy.rows.Row`: what of it may leave; `privacy.PrivacyFilter` adds up while pages come,
   then merges small cells and rounds, within a `movement.Stratum` and a UTC month, whose sums stay exact.
5. `ledger.Entry`: the row as the log holds it.

`source.BTCPay` goes this way for one server: `reading_plan` says how far back, `invoice_reader` and
`refund_reader` ask, `intake` takes in. Beside it: `own_numbers` adds invoices up as BTCPay's own page
does, `findings` tells what is no figure, `webhook_watch` what a webhook missed.
"""
